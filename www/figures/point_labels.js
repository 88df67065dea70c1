/**
 * Where the names of points stand, so that no name lies on another one.
 */
import { width_of } from "./word_labels.js";

/** A line of text in these drawings, and its distance from the middle of a point. */
const LINE = 12;
const BESIDE = 8;

/** @typedef {{ left: number, right: number, top: number, bottom: number }} Box */
/** @typedef {{ x: number, y: number, anchor: "start" | "end" }} LabelPlace of the text's base line */

/** Where a name may stand beside its point, the best place first. @type {[1 | -1, number][]} */
const OFFSETS = [
  [1, -5],
  [-1, -5],
  [1, LINE],
  [-1, LINE],
];

/**
 * A place for a name, or none where it has no room.
 * @param {string} name @param {[number, number]} point @param {number} width of the drawing
 * @param {Box[]} taken gets the box of the name
 * @returns {LabelPlace | null}
 */
export function label_place(name, [x, y], width, taken) {
  const long = width_of(name);
  for (const [side, down] of OFFSETS) {
    const from = x + side * BESIDE;
    const [left, right] = side > 0 ? [from, from + long] : [from - long, from];
    const box = { left, right, top: y + down - LINE + 3, bottom: y + down + 3 };
    if (left < 0 || right > width || taken.some((other) => overlap(box, other))) continue;
    taken.push(box);
    return { x: from, y: y + down, anchor: side > 0 ? "start" : "end" };
  }
  return null;
}

/** Right above the point, whatever lies there. @param {[number, number]} point @returns {LabelPlace} */
export function usual_place([x, y]) {
  return { x: x + OFFSETS[0][0] * BESIDE, y: y + OFFSETS[0][1], anchor: "start" };
}

/** The box of a point. @param {[number, number]} point @param {number} radius @returns {Box} */
export function point_box([x, y], radius) {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
}

/** @param {Box} one @param {Box} other */
function overlap(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
