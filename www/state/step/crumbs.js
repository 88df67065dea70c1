/**
 * The way back while one follows operands from number to number.
 */
import { batch, effect, signal } from "@preact/signals-core";
import * as step from "./step.js";

/** @typedef {import("./stepping.js").Address} Address */

/**
 * @typedef {object} Crumb a number that was looked at
 * @property {string} label
 * @property {number} timestep
 * @property {number} at the position of the cursor
 * @property {Address | null} chosen
 */

/** The numbers before the present one, the first one first. */
export const crumbs = signal(/** @type {Crumb[]} */ ([]));

/** The number that was reached by following; any other choice begins a new way. @type {Address | null} */
let reached = null;

effect(() => {
  if (step.chosen.value !== reached) {
    reached = null;
    if (crumbs.peek().length > 0) crumbs.value = [];
  }
});

/** Looks at an operand of the present number and remembers the way back. @param {Address} where */
export function follow(where) {
  const address = step.address.value;
  const explanation = step.explanation.value;
  if (!address) return;
  const label = explanation?.label ?? address.name;
  const left = { label, timestep: address.timestep, at: step.at.value, chosen: step.chosen.value };
  batch(() => {
    reached = where;
    crumbs.value = [...crumbs.value, left];
    step.look_at(where);
    reached = step.chosen.value;
  });
}

/** @param {number} k which crumb to go back to */
export function back_to(k) {
  const crumb = crumbs.value[k];
  if (!crumb) return;
  batch(() => {
    reached = crumb.chosen;
    crumbs.value = crumbs.value.slice(0, k);
    step.at.value = crumb.at;
    step.chosen.value = crumb.chosen;
  });
}

/** One number back. @returns {boolean} whether there was one */
export function back() {
  if (crumbs.value.length === 0) return false;
  back_to(crumbs.value.length - 1);
  return true;
}
