import { html, nothing } from "lit";
import { CELLS } from "../../generated/cells.js";
import { count } from "../../state/shared/format.js";
import { outline } from "../../state/train/outline.js";
import { settings, setup } from "../../state/shared/store.js";
import { View } from "../view.js";

/** @typedef {import("../../types/engine.js").LayerSummary} LayerSummary */

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
  if (layer.class_name === "Embedding")
    return html`words × size <span>${count(settings.value.words)} × ${units}</span>`;
  if (layer.class_name === "Listing")
    return outline.value?.weights.map(([name, shape]) => html`<i>${name}</i> <span>${shape}</span><br />`);
  if (layer.class_name === "Dense")
    return html`(inputs + 1) × units <span>(${features} + 1) × ${units}</span>`;
  const cell = CELLS.find(({ keras }) => keras === layer.class_name);
  return cell ? recurrent_formula(cell.weights, features, units) : nothing;
}

/**
 * One row of each weight for every input, unit and bias, one column for every gate and unit.
 * @param {[string, string][]} weights of the cell's listing, with shapes such as `(features, 4*units)`
 * @param {number} features
 * @param {number} units
 */
function recurrent_formula(weights, features, units) {
  const shapes = new Map(weights);
  const gates = Number(/(\d+)\*units/.exec(shapes.get("W") ?? "")?.[1] ?? 1);
  const biases = Number(/^\((\d+), /.exec(shapes.get("b") ?? "")?.[1] ?? 1);
  const factor = gates > 1 ? `${gates} × ` : "";
  return html`${factor}(inputs + units + ${biases}) × units
    <span>${factor}(${features} + ${units} + ${biases}) × ${units}</span>`;
}

customElements.define("unrolled-summary", Summary);
