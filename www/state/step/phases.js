/**
 * The phases that a walk has, by the names that the engine gives them.
 */

/** @param {import("./stepping.js").Stepping | null} stepping @param {number} phase @returns {string} */
export function phase_title(stepping, phase) {
  return stepping?.description.phases?.find(({ number }) => number === phase)?.title ?? "";
}
