import { html, nothing } from "lit";
import { count } from "../../state/shared/format.js";
import { outline } from "../../state/train/outline.js";
import { settings, setup } from "../../state/shared/store.js";
import { View } from "../view.js";

/** @typedef {import("../../engine/protocol.js").LayerSummary} LayerSummary */

/** Keras' table of layers, with the formula that gives each number of parameters. */
class Summary extends View {
  /** @override */
  render() {
    const summary = setup.value?.summary;
    if (!summary) return html`<p class="hint">The table of layers appears with the network.</p>`;
    return html`
      <table class="summary">
        <thead>
          <tr>
            <th>Layer</th>
            <th>Output shape</th>
            <th>Formula</th>
            <th class="number">Parameters</th>
          </tr>
        </thead>
        <tbody>
          ${summary.layers.map(
            (layer, k) => html`
              <tr>
                <th scope="row">${layer.name} <i>${layer.class_name}</i></th>
                <td>(${layer.output_shape.map((size) => size ?? "batch").join(", ")})</td>
                <td class="formula">${formula(layer, summary.layers[k - 1])}</td>
                <td class="number">${count(layer.params)}</td>
              </tr>
            `,
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colspan="3">Total</th>
            <td class="number">${count(summary.total)}</td>
          </tr>
        </tfoot>
      </table>
    `;
  }
}

/** @param {LayerSummary} layer @param {LayerSummary | undefined} before */
function formula(layer, before) {
  const features = before?.output_shape.at(-1) ?? 0;
  const units = layer.output_shape.at(-1) ?? 0;
  const gates = { SimpleRNN: 1, LSTM: 4 }[layer.class_name];
  if (layer.class_name === "Embedding")
    return html`words × size <span>${count(settings.value.words)} × ${units}</span>`;
  if (gates) {
    return html`${gates > 1 ? `${gates} × ` : ""}(inputs + units + 1) × units
      <span>${gates > 1 ? `${gates} × ` : ""}(${features} + ${units} + 1) × ${units}</span>`;
  }
  if (layer.class_name === "GRU")
    return html`3 × (inputs + units + 2) × units <span>3 × (${features} + ${units} + 2) × ${units}</span>`;
  if (layer.class_name === "Listing")
    return outline.value?.weights.map(([name, shape]) => html`<i>${name}</i> <span>${shape}</span><br />`);
  if (layer.class_name === "Dense")
    return html`(inputs + 1) × units <span>(${features} + 1) × ${units}</span>`;
  return nothing;
}

customElements.define("unrolled-summary", Summary);
