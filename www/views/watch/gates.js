import { html, nothing } from "lit";
import { all_arrays, hidden_names, shown_symbols } from "../../state/train/shown_symbols.js";
import { capital } from "../../state/shared/format.js";
import * as store from "../../state/shared/store.js";
import { save_arrays_csv, save_heatmaps_png, save_heatmaps_svg } from "../../state/watch/strip_files.js";
import { timestep_called } from "../../state/watch/shown.js";
import { View } from "../view.js";
import { LEAST_REACH } from "../../figures/limits.js";
import { choice_of_order } from "./unit_order.js";
import "./explained.js";
import "./why.js";
import "../../figures/heatmap.js";
import "../../figures/influence.js";

/** @typedef {import("../../types/engine.js").LayerTrace} LayerTrace */

/** More names than this are counted. */
const NAMES_SHOWN = 6;

/** Gates and states of the chosen recurrent layer over the timesteps. */
class Gates extends View {
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
        <span>${capital(timestep_called.value)}s across, units down</span>
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
          ${file_button("CSV", () => save_arrays_csv(layer.symbols, "gates"))}
          ${file_button("SVG", () => save_heatmaps_svg(this, "gates"))}
          ${file_button("PNG", () => save_heatmaps_png(this, "gates"))}
        </span>
      </p>
      <unrolled-explained></unrolled-explained> ${this.#intermediate(layer)}
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

customElements.define("unrolled-gates", Gates);
