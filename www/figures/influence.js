import { html, nothing, svg } from "lit";
import { figure_key } from "../state/train/pointer.js";
import * as store from "../state/shared/store.js";
import { TABLE_SIGN, show_table } from "../views/table.js";
import { View } from "../views/view.js";

/** Height of the drawing in its own units; widths are counted in words. */
const HEIGHT = 44;

/** How strongly the prediction at the end depends on the hidden state after each word. */
class Influence extends View {
  /** @override */
  render() {
    const norms = store.shown_layer.value?.gradient_norms;
    const words = store.kept_words.value;
    if (!norms || norms.length !== words.length) return nothing;
    const largest = norms.reduce((most, norm) => Math.max(most, norm), 0);
    const here = store.cursor.value?.t;
    return html`
      <figure>
        <figcaption>
          <b>‖∂/∂h‖</b> <span>how much the last prediction still depends on the state after each word</span>
          <output>${here === undefined ? nothing : scientific(norms[here])}</output>
          <button
            class="quiet"
            @click=${() => this.#table(norms)}
            aria-label="Influence of every word as a table"
            title="Table"
          >
            ${TABLE_SIGN}
          </button>
        </figcaption>
        <svg
          viewBox="0 0 ${words.length} ${HEIGHT}"
          preserveAspectRatio="none"
          role="img"
          tabindex="0"
          @keydown=${figure_key}
          aria-label="Influence of the state after each word on the prediction; the largest is ${scientific(largest)}"
        >
          ${[...norms].map((norm, t) => {
            const height = largest > 0 ? Math.max(0.5, ((HEIGHT - 2) * norm) / largest) : 0.5;
            return svg`<rect class=${t === here ? "here" : ""} x=${t + 0.06} width="0.88"
              y=${HEIGHT - height} height=${height}></rect>`;
          })}
        </svg>
      </figure>
    `;
  }

  /** @param {Float32Array} norms */
  #table(norms) {
    show_table({
      title: "Influence of the state after each word",
      note: "Length of the gradient of the predicted class’s log-odds with respect to the hidden state.",
      head: ["word", "norm"],
      rows: store.kept_words.value.map((word, t) => [word.text, scientific(norms[t])]),
    });
  }
}

/** @param {number} value these span many powers of ten */
function scientific(value) {
  return Number.isFinite(value) ? value.toPrecision(3).replace("-", "−") : "–";
}

customElements.define("unrolled-influence", Influence);
