/**
 * The columns in the boxes of the chain: the numbers of a state or of its gradient, each of which is read out.
 */
import { html, nothing } from "lit";
import * as step from "../../state/step/step.js";
import "../../figures/cells.js";
import { listeners, read_out } from "./readout.js";

/** @param {string} name @param {string | null} color token @param {unknown} filled null: not made yet */
export function column(name, color, filled) {
  return html`<span class="column ${filled ? "" : "empty"}" style="--letters:${name.length}"
    ><span class="cells">${filled ?? nothing}</span
    ><b style=${color ? `color:var(${color})` : nothing}>${name}</b></span
  >`;
}

/**
 * @typedef {object} Column
 * @property {Float32Array} values
 * @property {number} scale
 * @property {number} [mark]
 * @property {((index: number) => void) | null} [look]
 * @property {(index: number) => import("../../state/step/stepping.js").Address} [address] of each number; without it
 *   none is read out
 */

/** @param {Column} column */
export function field({ values, scale, mark = -1, look = null, address }) {
  const shown = address && { address, data: values, rows: values.length, columns: 1 };
  const { move, leave } = shown ? listeners(shown, look ?? (() => {})) : { move: nothing, leave: nothing };
  return html`<unrolled-cells
    @pointermove=${move}
    @pointerleave=${leave}
    .field=${shown}
    .data=${values}
    .rows=${values.length}
    .columns=${1}
    .scale=${scale}
    .mark=${mark}
    .pick=${look}
  ></unrolled-cells>`;
}

/** Reads out the chosen unit of the first state in a box that the keyboard has reached. @param {HTMLElement} box */
export function read_out_unit(box) {
  if (!box.matches(":focus-visible")) return;
  const cells = /** @type {(HTMLElement & { field?: import("./readout.js").Field }) | null} */ (
    box.querySelector(".column:not(.empty) unrolled-cells")
  );
  if (!cells?.field) return;
  const stride = Math.max(1, cells.field.address(1).index);
  read_out(cells, cells.field, Math.floor(step.unit.value / stride));
}
