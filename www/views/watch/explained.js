import { effect, untracked } from "@preact/signals-core";
import { html, nothing } from "lit";
import { decimal } from "../../state/shared/format.js";
import { chance_of, outcome } from "../../state/train/prediction.js";
import { asked } from "../../state/train/pointer.js";
import { shown_symbols } from "../../state/train/shown_symbols.js";
import * as store from "../../state/shared/store.js";
import { timestep_called } from "../../state/watch/shown.js";
import { say } from "../say.js";
import { View } from "../view.js";
import { lines_of, lines_of_listing } from "../train/lines.js";

/** @typedef {import("../../types/engine.js").LayerTrace} LayerTrace */

/** The one number under the cursor, with the lines that made it. */
class Explained extends View {
  /** @type {(() => void) | null} */
  #stop = null;

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#stop = effect(() => {
      if (asked.value > 0) untracked(speak);
    });
  }

  /** @override */
  disconnectedCallback() {
    this.#stop?.();
    super.disconnectedCallback();
  }

  /** @override */
  render() {
    const layer = store.shown_layer.value;
    return layer ? this.#explained(layer) : nothing;
  }

  /** @param {LayerTrace} layer */
  #explained(layer) {
    const cursor = store.cursor.value;
    if (!cursor) {
      return html`<p class="explained hint">
        Point at a cell or tap it, or Tab to a figure and use the arrow keys, to read its number and the lines
        that made it.
      </p>`;
    }
    const word = store.kept_words.value[cursor.t]?.text ?? "";
    const read = reader(layer, cursor);
    return html`
      <div class="explained">
        <p class="where"><b>Unit ${cursor.u}</b> at ${timestep_called.value} ${cursor.t + 1}, “${word}”</p>
        ${
          layer.class_name === "Listing"
            ? lines_of_listing(shown_symbols(layer), read)
            : lines_in_order(layer, read, cursor.t)
        }
        ${this.#prediction(layer, cursor.t)}
      </div>
    `;
  }

  /**
   * What the output layer makes of the hidden state after a word, where it reads that of this layer.
   * @param {LayerTrace} layer @param {number} t
   */
  #prediction(layer, t) {
    const trace = store.trace.value;
    if (!trace || trace.classes.length === 0 || layer !== trace.layers[trace.layers.length - 1])
      return nothing;
    const shown = outcome(trace);
    if (Number.isNaN(chance_of(trace, t, shown).chance)) return nothing;
    const single = trace.classes.length <= 2;
    return html`<p class="line">
      <code
        ><b>P(${trace.classes[shown]})</b> = ${single ? "sigmoid" : "softmax"}(<span class="of-h">h</span> · V
        + b_y)</code
      >
      <code>= <b>${decimal(chance_of(trace, t, shown).chance)}</b></code>
    </p>`;
  }
}

/**
 * The lines of one of Keras' cells; what stood before a step of a layer that reads backwards stands behind it.
 * @param {LayerTrace} layer @param {(symbol: string, t?: number) => number} read @param {number} t
 */
function lines_in_order({ class_name, goes_backwards }, read, t) {
  if (!goes_backwards) return lines_of(class_name, read, t);
  const last = store.kept_words.value.length - 1;
  return lines_of(class_name, (symbol, step = last - t) => read(symbol, last - step), last - t);
}

/** Says the number under the cursor, and what its unit does. */
function speak() {
  const layer = store.shown_layer.value;
  const cursor = store.cursor.value;
  if (layer && cursor) say(sentence(layer, cursor, store.kept_words.value[cursor.t]?.text ?? ""));
}

/**
 * @param {LayerTrace} layer @param {{ t: number, u: number }} cursor
 * @returns {(symbol: string, t?: number) => number} the value of a symbol for the cursor's unit
 */
function reader(layer, cursor) {
  return (symbol, t = cursor.t) => {
    const data = layer.symbols.find((known) => known.name === symbol)?.data;
    const width = data ? data.length / store.kept_words.value.length : 0;
    return data && cursor.u < width ? data[t * width + cursor.u] : NaN;
  };
}

/** @param {LayerTrace} layer @param {{ t: number, u: number }} cursor @param {string} word */
function sentence(layer, cursor, word) {
  const read = reader(layer, cursor);
  const known = shown_symbols(layer).filter((info) => !Number.isNaN(read(info.symbol)));
  const parts = known.map((info) => info.says?.(read(info.symbol)) ?? "");
  return `At “${word}”, unit ${cursor.u} ${parts.join(", ")}.`;
}

customElements.define("unrolled-explained", Explained);
