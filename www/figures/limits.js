/**
 * Between which values the colours of a figure run. A few values far from all others do not decide it: they would leave
 * everything else pale. They are counted instead, and drawn in full colour.
 */

/** @typedef {{ low: number, high: number, beyond: number }} Limits `beyond`: how many values lie outside */

/** At most the rest of the values may be far out. */
const INSIDE = 0.98;

/** How many times the percentile of that share a value may reach before it counts as far out. */
const FAR = 2;

/** Fewer values than this are all shown. */
const FEWEST = 8;

/** Smaller differences than this stay pale, or the noise of an untrained network would look like structure. */
export const LEAST_REACH = 0.05;

/** What lies between 0 and 1, drawn so. @type {Limits} */
export const FROM_0_TO_1 = { low: 0, high: 1, beyond: 0 };

/** The same limits for every signed figure: those of tanh. @type {Limits} */
export const FROM_MINUS_1_TO_1 = { low: -1, high: 1, beyond: 0 };

/**
 * The size that decides the colours: the largest that is not far beyond the 98th percentile.
 * @param {Iterable<number>} values those that are not finite do not count
 */
export function reach_of(values) {
  const sizes = Float32Array.from(values, Math.abs).filter(Number.isFinite).sort();
  const most = sizes[sizes.length - 1] ?? 0;
  if (sizes.length < FEWEST) return most;
  const inside = sizes[Math.min(sizes.length - 2, Math.ceil(INSIDE * sizes.length) - 1)];
  if (inside === 0) return most;
  return sizes.findLast((size) => size <= FAR * inside) ?? most;
}

/** Signed values around zero, on a figure's own scale. @param {Float32Array} values @returns {Limits} */
export function own_signed(values) {
  const reach = Math.max(LEAST_REACH, reach_of(values));
  return { low: -reach, high: reach, beyond: count_beyond(values, -reach, reach) };
}

/** Values that are never negative and have no upper bound. @param {Float32Array} values @returns {Limits} */
export function own_positive(values) {
  const high = Math.max(LEAST_REACH, reach_of(values));
  return { low: 0, high, beyond: count_beyond(values, 0, high) };
}

/** Values between 0 and 1, from the smallest to the largest. @param {Float32Array} values @returns {Limits} */
export function own_share(values) {
  let [low, high] = [1, 0];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (low > high) return FROM_0_TO_1;
  const missing = Math.max(0, 2 * LEAST_REACH - (high - low)) / 2;
  return { low: Math.max(0, low - missing), high: Math.min(1, high + missing), beyond: 0 };
}

/**
 * How many values lie outside of some limits.
 * @param {Iterable<number>} values @param {number} low @param {number} high
 */
export function count_beyond(values, low, high) {
  let count = 0;
  const room = 1e-6 * (high - low);
  for (const value of values) if (value < low - room || value > high + room) count += 1;
  return count;
}

/** “1 value beyond”, or nothing. @param {number} count */
export function beyond_in_words(count) {
  return count === 0 ? "" : `${count} ${count === 1 ? "value" : "values"} beyond`;
}

/** A round number not below the reach: 1, 0.5, 0.2, 0.1, 0.05, … @param {Float32Array | null} values */
export function round_scale(values) {
  const reach = reach_of(values ?? []);
  if (reach === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(reach));
  return [1, 2, 5, 10].map((digit) => digit * power).find((round) => round >= reach * 0.9999) ?? 10 * power;
}
