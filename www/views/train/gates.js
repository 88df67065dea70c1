import { html, nothing } from "lit";
import { all_arrays, hidden_names, shown_symbols } from "../../state/train/shown_symbols.js";
import * as store from "../../state/shared/store.js";
import { View } from "../view.js";
import { lines_of, lines_of_listing } from "./lines.js";
import "../../figures/heatmap.js";
import "../../figures/influence.js";

/** @typedef {import("../../types/engine.js").LayerTrace} LayerTrace */

/** More names than this are counted. */
const NAMES_SHOWN = 6;

/** Gates and states of the recurrent layer over the words, and the one number under the cursor explained. */
class Gates extends View {
  /** What was last said aloud, and of which cell. */
  #said = { cell: "", text: "" };

  /** @override */
  render() {
    const layer = store.shown_layer.value;
    const words = store.kept_words.value.length;
    if (!layer || words === 0) return nothing;
    const known = shown_symbols(layer);
    return html`
      <p class="scale">
        <span>Words across, units down</span>
        <label
          ><input
            type="checkbox"
            .checked=${store.contrast.value}
            @change=${() => (store.contrast.value = !store.contrast.value)}
          />
          contrast</label
        >
        ${
          store.contrast.value
            ? html`<span>less</span><i></i><span>more, to each figure’s own limits</span>`
            : html`<span>−1</span><i></i><span>+1</span>`
        }
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
        <p class="where"><b>Unit ${cursor.u}</b> at word ${cursor.t + 1}, “${word}”</p>
        ${
          layer.class_name === "Listing"
            ? lines_of_listing(shown_symbols(layer), read)
            : lines_of(layer.class_name, read, cursor.t)
        }
        <p class="unseen" aria-live="polite">${this.#spoken(layer, cursor, word)}</p>
      </div>
    `;
  }

  /**
   * Read aloud when the cursor moves, not whenever training changes the number, which would be without end.
   * @param {LayerTrace} layer @param {{ t: number, u: number }} cursor @param {string} word
   */
  #spoken(layer, cursor, word) {
    const cell = `${cursor.t},${cursor.u},${word}`;
    if (cell !== this.#said.cell || store.status.value !== "training")
      this.#said = { cell, text: sentence(layer, cursor, word) };
    return this.#said.text;
  }
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

customElements.define("unrolled-gates", Gates);
