import { html, nothing } from "lit";
import { signal } from "@preact/signals-core";
import { decimal, fine } from "../../state/shared/format.js";
import * as step from "../../state/step/step.js";
import { View } from "../view.js";
import { carried_gradient } from "./trail.js";

/** @typedef {import("../../state/step/stepping.js").Address} Address */

/**
 * @typedef {object} Field an array that is drawn as cells
 * @property {(index: number) => Address} address of each of its numbers
 * @property {Float32Array} data
 * @property {number} rows
 * @property {number} columns
 * @property {boolean} [by_column] whether the numbers of a column follow each other
 * @property {(index: number) => boolean} [known] false for what is drawn empty
 */

/** @typedef {{ left: number, top: number, bottom: number }} Beside what the readout stands above or below, in pixels */

/** The number under the pointer or the keyboard's cursor. */
const pointed = signal(
  /** @type {{ field: Field, index: number, small: boolean, beside: Beside } | null} */ (null),
);

/** Numbers that the magnifier shows across and down. */
const ACROSS = 9;
const DOWN = 5;

/** Cells below this size in pixels are magnified. */
const READABLE = 12;

/** From the number to its readout in pixels. */
const GAP = 6;

/**
 * What a field of cells listens to, so that each of its numbers is read out.
 * @param {Field} field @param {(index: number) => void} pick
 */
export function listeners(field, pick) {
  const across = field.by_column ? field.rows : 1;
  const down = field.by_column ? 1 : field.columns;
  return {
    move: (/** @type {PointerEvent} */ event) => point(event, field),
    leave,
    focus: (/** @type {FocusEvent} */ event) => {
      const element = /** @type {HTMLElement} */ (event.currentTarget);
      if (element.matches(":focus-visible")) turn(event, field, 0);
    },
    key: (/** @type {KeyboardEvent} */ event) => {
      const by = { ArrowRight: across, ArrowLeft: -across, ArrowDown: down, ArrowUp: -down }[event.key];
      const now = pointed.value && is_same(pointed.value.field, field) ? pointed.value.index : 0;
      if (event.key === "Enter") pick(now);
      else if (by === undefined || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
      else turn(event, field, now + by);
      event.preventDefault();
      event.stopPropagation();
    },
  };
}

/** Nothing is pointed at. */
export function leave() {
  pointed.value = null;
}

/**
 * Reads out a number of a field.
 * @param {HTMLElement} element that draws it @param {Field} field @param {number} index
 */
export function read_out(element, field, index) {
  show(field, Math.max(0, Math.min(field.data.length - 1, index)), element.getBoundingClientRect());
}

/** Whether two drawings show the same numbers: a view that renders again makes its field anew. */
function is_same(/** @type {Field} */ one, /** @type {Field} */ other) {
  const [a, b] = [one.address(0), other.address(0)];
  return (
    a.name === b.name &&
    a.part === b.part &&
    a.pass === b.pass &&
    a.line === b.line &&
    one.rows === other.rows
  );
}

/** @param {number} row @param {number} column @param {Field} field */
const index_of = (row, column, { rows, columns, by_column }) =>
  by_column ? column * rows + row : row * columns + column;

/** @param {number} index @param {Field} field @returns {[row: number, column: number]} */
const place_in = (index, { rows, columns, by_column }) =>
  by_column ? [index % rows, Math.floor(index / rows)] : [Math.floor(index / columns), index % columns];

/** @param {PointerEvent} event @param {Field} field */
function point(event, field) {
  const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
  const within = (/** @type {number} */ share, /** @type {number} */ count) =>
    Math.max(0, Math.min(count - 1, Math.floor(share * count)));
  const column = within((event.clientX - box.left) / box.width, field.columns);
  const row = within((event.clientY - box.top) / box.height, field.rows);
  show(field, index_of(row, column, field), box);
}

/** @param {Event} event @param {Field} field @param {number} index */
function turn(event, field, index) {
  read_out(/** @type {HTMLElement} */ (event.currentTarget), field, index);
}

/** @param {Field} field @param {number} index @param {DOMRect} box */
function show(field, index, box) {
  const [, column] = place_in(index, field);
  const small = box.width / field.columns < READABLE || box.height / field.rows < READABLE;
  pointed.value = {
    field,
    index,
    small: small && field.data.length > ACROSS,
    beside: { left: box.left + (box.width * column) / field.columns, top: box.top, bottom: box.bottom },
  };
}

/** Name, index and value of the number that is pointed at, and a magnifier: they lie over, beside the field. */
class Readout extends View {
  /** @override */
  render() {
    const now = pointed.value;
    const value = now?.field.data[now.index];
    if (!now || value === undefined || now.field.known?.(now.index) === false)
      return html`<div class="readout" role="status" hidden></div>`;
    const address = now.field.address(now.index);
    const explained = step.stepping.value?.explain(address);
    const label = explained?.label ?? `${address.name}[${address.index}]`;
    // A part of a weight has a name that the listing does not have.
    const piece = label.startsWith(`${address.name}[`) ? "" : explained?.pieces;
    const said = step.difference.value ? "changed by" : "=";
    const which = step.stepping.value && carried_gradient(step.stepping.value, address);
    return html`<div class="readout" role="status">
      <p><code>${label}</code> ${said} <b>${fine(value)}</b></p>
      ${which ? html`<p class="pieces">${which}</p>` : nothing}
      ${piece ? html`<p class="pieces">${piece}</p>` : nothing}
      ${now.small ? magnified(now.field, now.index) : nothing}
    </div>`;
  }

  /** Above the field, or below it where there is no room; inside of the window. @override */
  updated() {
    const box = /** @type {HTMLElement | null} */ (this.querySelector(".readout:not([hidden])"));
    const beside = pointed.value?.beside;
    if (!box || !beside) return;
    const above = beside.top - GAP - box.offsetHeight;
    box.style.top = `${above >= GAP ? above : beside.bottom + GAP}px`;
    box.style.left = `${Math.max(GAP, Math.min(innerWidth - box.offsetWidth - GAP, beside.left))}px`;
  }
}

/** The numbers around one. @param {Field} field @param {number} index */
function magnified(field, index) {
  const { data, rows, columns } = field;
  const from = (/** @type {number} */ at, /** @type {number} */ count, /** @type {number} */ shown) =>
    Math.max(0, Math.min(count - shown, at - Math.floor(shown / 2)));
  const [row, column] = place_in(index, field);
  const [down, across] = [Math.min(DOWN, rows), Math.min(ACROSS, columns)];
  const [top, left] = [from(row, rows, down), from(column, columns, across)];
  const columns_shown = Array.from({ length: across }, (_, c) => left + c);
  return html`<table class="magnifier" aria-hidden="true">
    ${
      columns > 1
        ? html`<tr>
            ${rows > 1 ? html`<th></th>` : nothing}${columns_shown.map((at) => html`<th>${at}</th>`)}
          </tr>`
        : nothing
    }
    ${Array.from(
      { length: down },
      (_, r) =>
        html`<tr>
          ${rows > 1 ? html`<th>${top + r}</th>` : nothing}
          ${Array.from({ length: across }, (_, c) => {
            const at = index_of(top + r, left + c, field);
            return html`<td class=${at === index ? "here" : ""}>${decimal(data[at], 2)}</td>`;
          })}
        </tr>`,
    )}
  </table>`;
}

customElements.define("unrolled-step-readout", Readout);
