import { html } from "lit";
import { count } from "../../state/shared/format.js";
import { setup } from "../../state/shared/store.js";
import { View } from "../view.js";

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
            (layer) => html`
              <tr>
                <th scope="row">${layer.name} <i>${layer.class_name}</i></th>
                <td>(${layer.output_shape.map((size) => size ?? "batch").join(", ")})</td>
                <td class="formula">${layer.formula}</td>
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

customElements.define("unrolled-summary", Summary);
