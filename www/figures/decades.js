/**
 * A scale of powers of ten, for sizes that span many of them.
 */
import { SVG_MINUS } from "./svg_words.js";

/** More decades than this leave no room for the differences that matter. */
const MOST = 12;

/** @typedef {{ lowest: number, highest: number }} Decades powers of ten at both ends */

/**
 * The decades that hold all sizes which are finite and not zero, at least one.
 * @param {Iterable<number>} sizes @param {number} [most]
 * @returns {Decades}
 */
export function decades_of(sizes, most = MOST) {
  const [low, high] = reach(sizes);
  if (high === 0) return { lowest: -1, highest: 0 };
  const highest = Math.ceil(Math.log10(high) - 1e-9);
  const lowest = Math.min(highest - 1, Math.floor(Math.log10(low) + 1e-9));
  return { lowest: Math.max(lowest, highest - most), highest };
}

/**
 * The same without rounding to whole decades, for colours: at least one decade wide.
 * @param {Iterable<number>} sizes @param {number} [most]
 * @returns {Decades}
 */
export function range_of(sizes, most = MOST) {
  const [low, high] = reach(sizes);
  if (high === 0) return { lowest: -1, highest: 0 };
  const highest = Math.log10(high);
  return { lowest: Math.max(Math.min(Math.log10(low), highest - 1), highest - most), highest };
}

/** The smallest and the largest of all sizes which are finite and not zero. @param {Iterable<number>} sizes */
function reach(sizes) {
  let [low, high] = [Infinity, 0];
  for (const size of sizes) {
    if (!(size > 0) || size === Infinity) continue;
    low = Math.min(low, size);
    high = Math.max(high, size);
  }
  return [low, high];
}

/** From 0 at the lower end to 1 at the upper. @param {Decades} decades @param {number} size */
export function share_of({ lowest, highest }, size) {
  if (size === Infinity) return 1;
  if (!(size > 0)) return 0;
  return Math.max(0, Math.min(1, (Math.log10(size) - lowest) / (highest - lowest)));
}

/** The powers that are labelled, so that none is nearer to the next than `room` allows.
 * @param {Decades} decades @param {number} length of the scale @param {number} room of a label */
export function powers_of({ lowest, highest }, length, room) {
  const every = Math.max(1, Math.ceil(((highest - lowest) * room) / length));
  const [first, last] = [Math.floor(highest + 1e-9), Math.ceil(lowest - 1e-9)];
  return Array.from(
    { length: Math.floor(Math.max(0, first - last) / every) + 1 },
    (_, k) => first - k * every,
  );
}

/** Three digits that count. @param {number} value */
export function scientific(value) {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return "∞";
  return value.toPrecision(3).replace("e+", "e").replaceAll("-", SVG_MINUS);
}
