import { html, nothing } from "lit";
import { follow } from "../../state/step/crumbs.js";
import * as step from "../../state/step/step.js";
import { View } from "../view.js";
import { number_key } from "../../state/step/stepping.js";
import { address_of, is_subtracted, multiplied } from "./trail.js";

/** @typedef {import("../../state/step/stepping.js").Address} Address */
/** @typedef {import("../../state/step/stepping.js").Explanation} Explanation */

/** The multiply-adds behind one number, every one of them, the largest first. */
class Sum extends View {
  /** The sum that was shown last; it stays while one of its factors that is no sum itself is looked at. */
  #last = /** @type {{ of: Explanation, at: Address, when: string, total: boolean } | null} */ (null);

  /** @override */
  render() {
    const when = `${step.at.value} ${step.version.value}`;
    const explanation = step.explanation.value;
    const address = step.address.value;
    if (!explanation || !address) return nothing;
    const total = step.is_total.value;
    if (explanation.terms.length > 1 || total) {
      this.#last = { of: explanation, at: address, when, total };
      return this.#table(this.#last, null);
    }
    const last = this.#last;
    const inside = last?.of.terms.some(({ factors }) =>
      factors.some((factor) => is_at(address_of(factor, last.at), address)),
    );
    if (last && inside && last.when === when) return this.#table(last, address);
    return html`<p class="hint">
      ${explanation.label} is no sum of several terms.
      ${explanation.operands.length > 0 ? "Click one of its operands to go on." : ""}
    </p>`;
  }

  /**
   * @param {{ of: Explanation, at: Address, total: boolean }} shown
   * @param {Address | null} looked_at the factor that is looked at
   */
  #table({ of: explanation, at: address, total }, looked_at) {
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
            ${this.#rows(explanation, address, most, looked_at)}
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
   * @param {Explanation} explanation
   * @param {Address} address
   * @param {number} most
   * @param {Address | null} looked_at
   */
  #rows(explanation, address, most, looked_at) {
    return explanation.terms.map((term) => {
      const factors = term.factors.length > 0 ? term.factors : [];
      const here = looked_at && factors.some((factor) => is_at(address_of(factor, address), looked_at));
      return html`<tr aria-current=${here ? "true" : nothing}>
        <td>
          ${factors.length > 0 && is_subtracted(term) ? "−" : ""}${
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
        <td>${factors.length > 1 ? multiplied(term) : ""}</td>
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

/** @param {Address | null} one @param {Address} other */
const is_at = (one, other) => one !== null && number_key(one) === number_key(other);

customElements.define("unrolled-step-sum", Sum);
