/**
 * The choice of the order in which units stand in all figures.
 */
import { html, nothing } from "lit";
import { order_kind, order_problem } from "../../state/watch/order.js";

/** @typedef {import("../../state/watch/order.js").OrderKind} OrderKind */

/** @type {{ kind: OrderKind, name: string, about: string }[]} */
const KINDS = [
  { kind: "given", name: "as they are", about: "By their numbers" },
  {
    kind: "similarity",
    name: "by similarity",
    about: "Units whose values run alike stand beside each other (average linkage of their distances)",
  },
  {
    kind: "influence",
    name: "by influence",
    about:
      "The units that matter most for this answer first: the sum of |∂ answer/∂h · h| over the timesteps",
  },
];

export function choice_of_order() {
  const chosen = KINDS.find(({ kind }) => kind === order_kind.value);
  return html`<label class="unit-order" title=${chosen?.about ?? ""}
      ><span>Units</span>
      <select
        @change=${(/** @type {Event} */ event) => {
          const { value } = /** @type {HTMLSelectElement} */ (event.target);
          order_kind.value = /** @type {OrderKind} */ (value);
        }}
      >
        ${KINDS.map(
          ({ kind, name }) =>
            html`<option value=${kind} .selected=${kind === order_kind.value}>${name}</option>`,
        )}
      </select></label
    >${order_problem.value === "" ? nothing : html`<span role="status">${order_problem.value}</span>`}`;
}
