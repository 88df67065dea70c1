import { html, nothing } from "lit";
import { follow } from "../../state/step/crumbs.js";
import * as step from "../../state/step/step.js";
import { View } from "../view.js";
import { address_of } from "./trail.js";

/** The multiply-adds behind one number, every one of them, the largest first. */
class Sum extends View {
  /** @override */
  render() {
    step.version.value;
    const explanation = step.explanation.value;
    const address = step.address.value;
    if (!explanation || !address) return nothing;
    const total = step.is_total.value;
    if (explanation.terms.length < 2 && !total) {
      return html`<p class="hint">
        ${explanation.formula}: this number is no sum. Click one of its operands to go on.
      </p>`;
    }
    const most = Math.max(...explanation.terms.map((term) => Math.abs(term.value))) || 1;
    return html` <p class="caption">
        <code>${explanation.sum_label}</code> is
        ${
          total
            ? "the sum of what the timesteps contribute, in their order. Each can be followed."
            : `the sum of ${explanation.terms.length} terms, the largest first. Each factor can be followed.`
        }
      </p>
      <div class="terms" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">term</th>
              <th scope="col">${total ? "" : "factors"}</th>
              <th scope="col">adds</th>
              <th scope="col">so far</th>
            </tr>
          </thead>
          <tbody>
            ${this.#rows(explanation, address, most)}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colspan="3"><code>${explanation.sum_label}</code></th>
              <td>${explanation.sum_shown}</td>
            </tr>
          </tfoot>
        </table>
      </div>`;
  }

  /**
   * @param {import("../../state/step/stepping.js").Explanation} explanation
   * @param {import("../../state/step/stepping.js").Address} address
   * @param {number} most
   */
  #rows(explanation, address, most) {
    return explanation.terms.map((term) => {
      const factors = term.factors.length > 0 ? term.factors : [];
      return html`<tr>
        <td>
          ${
            factors.length === 0
              ? term.label
              : factors.map((factor, k) => {
                  const where = address_of(factor, address);
                  return html`${k > 0 ? " · " : ""}${
                    where
                      ? html`<button class="link" @click=${() => follow(where)}>
                          ${step.is_total.value ? term.label : factor.label}
                        </button>`
                      : factor.label
                  }`;
                })
          }
        </td>
        <td>${factors.length > 1 ? factors.map((factor) => factor.shown).join(" × ") : ""}</td>
        <td>
          ${term.shown}
          <i
            class="bar ${term.value < 0 ? "negative" : "positive"}"
            style="width:${((100 * Math.abs(term.value)) / most).toFixed(1)}%"
          ></i>
        </td>
        <td>${term.so_far}</td>
      </tr>`;
    });
  }
}

customElements.define("unrolled-step-sum", Sum);
