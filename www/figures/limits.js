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
 * @param {ArrayLike<number>} values those that are not finite do not count
 */
export function reach_of(values) {
  const sizes = new Float32Array(values.length);
  let count = 0;
  let most = 0;
  for (let k = 0; k < values.length; k++) {
    const size = Math.abs(values[k]);
    if (!(size < Infinity)) continue;
    sizes[count++] = size;
    if (size > most) most = size;
  }
  if (count < FEWEST) return most;
  const inside = ranked(sizes.subarray(0, count), Math.min(count - 2, Math.ceil(INSIDE * count) - 1));
  if (inside === 0) return most;
  let reach = 0;
  for (let k = 0; k < count; k++) if (sizes[k] <= FAR * inside && sizes[k] > reach) reach = sizes[k];
  return reach;
}

/**
 * The value that would stand at `rank` if all were sorted; they are moved. Without sorting, for arrays that change
 * several times a second (Hoare 1961).
 * @param {Float32Array} values @param {number} rank
 */
function ranked(values, rank) {
  let [first, last] = [0, values.length - 1];
  while (first < last) {
    const pivot = values[(first + last) >> 1];
    let [low, high] = [first, last];
    while (low <= high) {
      while (values[low] < pivot) low += 1;
      while (values[high] > pivot) high -= 1;
      if (low > high) break;
      const moved = values[low];
      values[low++] = values[high];
      values[high--] = moved;
    }
    if (rank <= high) last = high;
    else if (rank >= low) first = low;
    else break;
  }
  return values[rank];
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
  let low = 1;
  let high = 0;
  for (let k = 0; k < values.length; k++) {
    if (values[k] < low) low = values[k];
    if (values[k] > high) high = values[k];
  }
  if (low > high) return FROM_0_TO_1;
  const missing = Math.max(0, 2 * LEAST_REACH - (high - low)) / 2;
  return { low: Math.max(0, low - missing), high: Math.min(1, high + missing), beyond: 0 };
}

/**
 * How many values lie outside of some limits.
 * @param {ArrayLike<number>} values @param {number} low @param {number} high
 */
export function count_beyond(values, low, high) {
  let count = 0;
  const room = 1e-6 * (high - low);
  const [least, most] = [low - room, high + room];
  for (let k = 0; k < values.length; k++) if (values[k] < least || values[k] > most) count += 1;
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
