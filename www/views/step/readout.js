import { html, nothing } from "lit";
import { signal } from "@preact/signals-core";
import { decimal, fine } from "../../state/shared/format.js";
import * as step from "../../state/step/step.js";
import { View } from "../view.js";

/** @typedef {import("../../state/step/stepping.js").Address} Address */

/**
 * @typedef {object} Field an array that is drawn as cells
 * @property {Address} first the address of its first number
 * @property {Float32Array} data
 * @property {number} rows
 * @property {number} columns
 */

/** The number under the pointer or the keyboard's cursor. */
const pointed = signal(/** @type {{ field: Field, index: number, small: boolean } | null} */ (null));

/** Numbers that the magnifier shows across and down. */
const ACROSS = 9;
const DOWN = 5;

/** Cells below this size in pixels are magnified. */
const READABLE = 12;

/**
 * What a field of cells listens to, so that each of its numbers is read out.
 * @param {Field} field @param {(index: number) => void} pick
 */
export function listeners(field, pick) {
  return {
    move: (/** @type {PointerEvent} */ event) => point(event, field),
    leave: () => (pointed.value = null),
    focus: (/** @type {FocusEvent} */ event) => turn(event, field, 0),
    key: (/** @type {KeyboardEvent} */ event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: field.columns, ArrowUp: -field.columns }[
        event.key
      ];
      const now = pointed.value?.field.first.name === field.first.name ? pointed.value.index : 0;
      if (event.key === "Enter") pick(now);
      else if (by === undefined || event.shiftKey) return;
      else turn(event, field, now + by);
      event.preventDefault();
      event.stopPropagation();
    },
  };
}

/** @param {PointerEvent} event @param {Field} field */
function point(event, field) {
  const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
  const within = (/** @type {number} */ share, /** @type {number} */ count) =>
    Math.max(0, Math.min(count - 1, Math.floor(share * count)));
  const column = within((event.clientX - box.left) / box.width, field.columns);
  const row = within((event.clientY - box.top) / box.height, field.rows);
  show(field, row * field.columns + column, box);
}

/** @param {Event} event @param {Field} field @param {number} index */
function turn(event, field, index) {
  const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
  show(field, Math.max(0, Math.min(field.data.length - 1, index)), box);
}

/** @param {Field} field @param {number} index @param {DOMRect} box */
function show(field, index, box) {
  const small = box.width / field.columns < READABLE || box.height / field.rows < READABLE;
  pointed.value = { field, index, small: small && field.data.length > ACROSS };
}

/** One line of fixed height: name, index and value of the number that is pointed at, and a magnifier that lies over. */
class Readout extends View {
  /** @override */
  render() {
    const now = pointed.value;
    const value = now?.field.data[now.index];
    if (!now || value === undefined) return html`<p class="readout" role="status">&nbsp;</p>`;
    const address = { ...now.field.first, index: now.index };
    const label = step.stepping.value?.explain(address)?.label ?? `${address.name}[${now.index}]`;
    return html`<p class="readout" role="status"><code>${label}</code> = <b>${fine(value)}</b></p>
      ${now.small ? this.#magnified(now.field, now.index) : nothing}`;
  }

  /** @param {Field} field @param {number} index */
  #magnified({ data, rows, columns }, index) {
    const from = (/** @type {number} */ at, /** @type {number} */ count, /** @type {number} */ shown) =>
      Math.max(0, Math.min(count - shown, at - Math.floor(shown / 2)));
    const row = Math.floor(index / columns);
    const column = index % columns;
    const [down, across] = [Math.min(DOWN, rows), Math.min(ACROSS, columns)];
    const [top, left] = [from(row, rows, down), from(column, columns, across)];
    return html`<table class="magnifier" aria-hidden="true">
      ${Array.from(
        { length: down },
        (_, r) =>
          html`<tr>
            ${Array.from({ length: across }, (_, c) => {
              const at = (top + r) * columns + left + c;
              return html`<td class=${at === index ? "here" : ""}>${decimal(data[at], 2)}</td>`;
            })}
          </tr>`,
      )}
    </table>`;
  }
}

customElements.define("unrolled-step-readout", Readout);
