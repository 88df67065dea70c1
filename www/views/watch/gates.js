import { effect, untracked } from "@preact/signals-core";
import { html, nothing } from "lit";
import { decimal } from "../../state/shared/format.js";
import { chance_of, outcome } from "../../state/train/prediction.js";
import { asked } from "../../state/train/pointer.js";
import { all_arrays, hidden_names, shown_symbols } from "../../state/train/shown_symbols.js";
import * as store from "../../state/shared/store.js";
import { save_strip_csv, save_strip_png, save_strip_svg } from "../../state/watch/strip_files.js";
import { timestep_called } from "../../state/watch/shown.js";
import { say } from "../say.js";
import { View } from "../view.js";
import { lines_of, lines_of_listing } from "../train/lines.js";
import { LEAST_REACH } from "../../figures/limits.js";
import { choice_of_order } from "./unit_order.js";
import "./why.js";
import "../../figures/heatmap.js";
import "../../figures/influence.js";

/** @typedef {import("../../types/engine.js").LayerTrace} LayerTrace */

/** More names than this are counted. */
const NAMES_SHOWN = 6;

/** Gates and states of the chosen recurrent layer over the timesteps, and the one number under the cursor explained. */
class Gates extends View {
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
    const words = store.kept_words.value.length;
    if (!layer && words > 0)
      return html`<p class="hint">
        No recurrent layer of this network has a state for each ${timestep_called.value}: the layers before it
        change the number of timesteps.
      </p>`;
    if (!layer || words === 0) return nothing;
    const known = shown_symbols(layer);
    return html`
      <p class="scale">
        <span>${upper(timestep_called.value)}s across, units down</span>
        <label
          ><input
            type="checkbox"
            .checked=${store.contrast.value}
            @change=${() => (store.contrast.value = !store.contrast.value)}
          />
          <span>each figure on its own scale, at least ±${LEAST_REACH}</span></label
        >
        ${choice_of_order()}
        <span class="tools">
          ${file_button("CSV", save_strip_csv)} ${file_button("SVG", () => save_strip_svg(this))}
          ${file_button("PNG", () => save_strip_png(this))}
        </span>
      </p>
      ${this.#explained(layer)} ${this.#intermediate(layer)}
      <div class="figures" data-cell=${layer.class_name}>
        ${known.map((info) => {
          const found = layer.symbols.find((symbol) => symbol.name === info.symbol);
          if (!found) return nothing;
          const field = { data: found.data, timesteps: words, units: found.data.length / words };
          return html`<unrolled-heatmap
            class="of-${info.symbol}"
            .info=${info}
            .field=${field}
          ></unrolled-heatmap>`;
        })}
        <unrolled-influence></unrolled-influence>
      </div>
      <unrolled-why></unrolled-why>
    `;
  }

  /** What a listing computes on the way to its gates. @param {LayerTrace} layer */
  #intermediate(layer) {
    const names = hidden_names.value;
    if (layer.class_name !== "Listing" || names.length === 0) return nothing;
    return html`<p class="intermediate caption">
      <label
        ><input
          type="checkbox"
          .checked=${all_arrays.value}
          @change=${() => (all_arrays.value = !all_arrays.value)}
        />
        also what is on the way to these:
        ${names.slice(0, NAMES_SHOWN).join(", ")}${
          names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : ""
        }</label
      >
    </p>`;
  }

  /** @param {LayerTrace} layer */
  #explained(layer) {
    const cursor = store.cursor.value;
    if (!cursor) {
      return html`<p class="explained hint">
        Point at a cell, or Tab to a figure and use the arrow keys, to read its number and the lines that made
        it.
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
            : lines_of(layer.class_name, read, cursor.t)
        }
        ${this.#prediction(cursor.t)}
      </div>
    `;
  }

  /** What the output layer makes of the hidden state after a word. @param {number} t */
  #prediction(t) {
    const trace = store.trace.value;
    if (!trace || trace.classes.length === 0) return nothing;
    const shown = outcome(trace);
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

/** @param {string} format @param {() => unknown} save */
function file_button(format, save) {
  return html`<button
    class="quiet"
    type="button"
    @click=${save}
    aria-label="All gates and states as ${format}"
    title="All gates and states of this layer as ${format}"
  >
    ${format}
  </button>`;
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
  const parts = known.map((info) => info.says(read(info.symbol)));
  return `At “${word}”, unit ${cursor.u} ${parts.join(", ")}.`;
}

/** @param {string} text */
function upper(text) {
  return text[0].toUpperCase() + text.slice(1);
}

customElements.define("unrolled-gates", Gates);
