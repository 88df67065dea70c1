/**
 * What values and timesteps are called.
 */

import { by_name } from "../../state/shared/symbols.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */

/** Names of the output's listing, which are the same for every cell. @type {Record<string, string>} */
const OUTPUT_NAMES = by_name({
  y: "output",
  p: "probability of the true label",
  loss: "loss",
  label: "true label",
});

/**
 * What a value is called by what it does in its cell: a reader's own g may be a gate, and c no memory.
 * @param {Stepping} stepping
 * @param {string} name
 * @returns {string}
 */
export function name_of(stepping, name) {
  const titled = stepping.description.titles?.find((known) => known.name === name);
  return titled?.title ?? OUTPUT_NAMES[name] ?? "";
}

/**
 * What is written beside a name: what it is called, or else the comment of its line, or else the function that makes
 * it.
 * @param {Stepping} stepping
 * @param {string} name
 * @returns {string}
 */
export function called(stepping, name) {
  const title = name_of(stepping, name);
  const { lines } = stepping.description.cell.forward;
  const line = lines.findLast(({ writes }) => writes.some((written) => written.name === name));
  // Of one of several states its listing says more.
  if (title !== "") return (title === "state" && line?.comment) || title;
  return line ? line.comment || line.made_by.replace(/^np\./, "") : "";
}

/** @param {Stepping} stepping @param {number} t @returns {string} “bad”, or timestep 3 */
export function label_of(stepping, t) {
  const label = stepping.description.labels[t] ?? "";
  return stepping.description.words ? `“${label}”` : `timestep ${label}`;
}
