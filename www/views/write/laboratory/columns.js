import { html, nothing, svg } from "lit";
import { decimal, visible } from "../../../state/shared/format.js";
import * as laboratory from "../../../state/write/laboratory.js";
import { show_table } from "../../table.js";
import { View } from "../../view.js";
import "./line.js";

/** @typedef {import("../../../types/extra.js").Drawn} Drawn */
/** @typedef {{ temperature: number, written: Drawn[] }} Column */

/** Size of the figure of entropies; it is stretched to its column. */
const [WIDTH, HEIGHT] = [400, 56];

/** The same beginning at three temperatures, with the same random numbers. */
class Columns extends View {
  /** @override */
  render() {
    const columns = laboratory.columns.value;
    if (columns.length === 0) return nothing;
    const most = Math.log2(laboratory.begun.value?.tokens ?? 2);
    return html`
      <h3>Three temperatures, the same random numbers</h3>
      <p class="caption">
        The less likely a ${laboratory.unit.value} was by its own column’s probabilities, the stronger its
        colour. Below each text stands the entropy of every choice, from 0 to ${decimal(most, 1)} bits, that
        of ${laboratory.begun.value?.tokens} equally likely ones. A click shows how one was chosen.
      </p>
      <div class="laboratory-columns">${columns.map((column) => one(column, most))}</div>
    `;
  }
}

/** @param {Column} column @param {number} most bits */
function one({ temperature, written }, most) {
  const mean = written.reduce((sum, token) => sum + token.entropy_bits, 0) / Math.max(1, written.length);
  const looked_at = laboratory.rule.value.temperature === temperature;
  const selected = looked_at ? written.findIndex(({ parent }) => parent === laboratory.node.value) : -1;
  const look = (/** @type {number} */ k) =>
    laboratory.walk(written[k].parent, { temperature, greedy: false, top_k: null, top_p: null });
  return html`<figure data-temperature=${temperature}>
    <h4>T = ${temperature}</h4>
    <div class="laboratory-text">
      <unrolled-laboratory-line
        .tokens=${written}
        .words=${laboratory.unit.value === "word"}
        .selected=${selected}
        .label=${`The text at temperature ${temperature}; arrow keys look at the choice of each`}
        @look=${(/** @type {CustomEvent<number>} */ event) => look(event.detail)}
      ></unrolled-laboratory-line>
    </div>
    ${entropies(written, most, selected)}
    <figcaption class="caption">
      Mean entropy ${decimal(mean, 2)} bits.
      <button class="quiet" @click=${() => table(temperature, written)}>Table</button>
      <button
        class="quiet"
        @click=${() => laboratory.walk(written[written.length - 1].node, { temperature })}
      >
        Go to its end
      </button>
    </figcaption>
  </figure>`;
}

/** @param {Drawn[]} written @param {number} most @param {number} selected */
function entropies(written, most, selected) {
  const step = WIDTH / Math.max(1, written.length);
  const bars = written.map(({ entropy_bits }, k) => {
    const height = Math.max(0.5, (HEIGHT * entropy_bits) / most);
    return svg`<rect class=${k === selected ? "selected" : ""} x=${(k * step).toFixed(1)}
      y=${(HEIGHT - height).toFixed(1)} width=${(step * 0.8).toFixed(1)} height=${height.toFixed(1)} />`;
  });
  return html`<svg
    class="entropies"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    preserveAspectRatio="none"
    role="img"
    aria-label="Entropy of each choice in bits"
  >
    ${bars}
  </svg>`;
}

/** @param {number} temperature @param {Drawn[]} written */
function table(temperature, written) {
  show_table({
    title: `Choices at temperature ${temperature}`,
    note: "One row for each choice; the random numbers are the same at every temperature.",
    head: [
      "place",
      "taken",
      "random number",
      "probability",
      "surprise (bits)",
      "entropy (bits)",
      "perplexity",
    ],
    rows: written.map((token, k) => [
      String(k + 1),
      visible(token.text),
      decimal(token.number, 6),
      decimal(token.probability, 5),
      decimal(token.surprise_bits ?? Infinity, 3),
      decimal(token.entropy_bits, 3),
      decimal(token.perplexity, 3),
    ]),
  });
}

customElements.define("unrolled-laboratory-columns", Columns);
