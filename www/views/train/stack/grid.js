/**
 * The columns of the drawing: which timesteps are drawn, and where.
 */

/** @typedef {import("../../../types/engine.js").Flow} Flow */

/**
 * @typedef {object} DrawnLayer a layer to draw
 * @property {number} at its place in the document's list
 * @property {string} name
 * @property {string} title what it is called in the list
 * @property {string} params how many parameters, written; empty without
 * @property {(number | null)[] | null} shape of its output, batch first; null where it is not known
 * @property {Flow | null} flow null where the layer cannot follow
 */

/** @typedef {{ index: number, x: number }} Place a timestep and where it is drawn */

/**
 * @typedef {object} Columns the timesteps of a sequence that are drawn, and one place for all others
 * @property {Place[]} places
 * @property {number | null} rest where the ellipsis is
 * @property {number | null} length null where it is open
 */

/** @typedef {{ x: number, y: number, width: number, height: number, kind: string }} Box */
/** @typedef {{ points: [number, number][], kind: "input" | "through" | "memory" | "output" }} Arrow */
/** @typedef {{ x: number, y: number, text: string, kind: string }} Label */

/**
 * @typedef {object} Row
 * @property {number} at place in the document's list; −1 for the input
 * @property {string} name
 * @property {number} top
 * @property {number} bottom
 * @property {Box[]} boxes
 * @property {Arrow[]} arrows into the row and through it
 * @property {Label[]} labels
 * @property {string[]} windows outlines of what a convolution or pooling covers
 */

/** @typedef {{ width: number, height: number, rows: Row[] }} Layout rows from input to output */

/** Left of the columns: names, parameters and shapes. */
export const LABELS = 112;

/** Behind the last column. */
export const EDGE = 10;

export const BOX = 22;

/** Columns are never nearer to each other. */
export const NARROWEST = 13;

export const WIDEST = 64;

/** Timesteps that are drawn in front of the ellipsis, at most. */
export const MOST_LEADING = 8;

/** @typedef {{ pitch: number, leading: number, most: number, rows: Row[], y: number }} Drawing `y`: upper end so far */

/** What the next row receives. @typedef {{ columns: Columns | null, x: number, top: number, shape: string }} Below */

/** @param {DrawnLayer} layer timesteps of its output; 1 for one vector */
export function length_of({ shape }) {
  return shape === null ? 1 : shape.length > 2 ? shape[1] : 1;
}

/** @param {number | null} length @param {number} leading */
export function columns_of(length, leading) {
  return Math.min(length ?? Infinity, leading + 2);
}

/**
 * How many timesteps of the input are drawn in front of the ellipsis, so that the windows behind have something to
 * cover.
 * @param {{ shape: (number | null)[], sequence: boolean }} input @param {DrawnLayer[]} layers
 */
export function leading_of(input, layers) {
  const strided = layers.some(({ flow }) => flow?.kind === "windows" && flow.stride > 1);
  let needed = strided ? 2 : 3;
  for (const { flow } of layers.toReversed()) {
    if (flow?.kind === "repeat" || flow?.kind === "whole") needed = 3;
    if (flow?.kind !== "windows") continue;
    const { size, stride, dilation, before } = flow;
    needed = Math.max(needed, (needed - 1) * stride + (size - 1) * dilation + 1 - before);
  }
  return Math.min(MOST_LEADING, Math.max(3, needed));
}

/** @param {Drawing} drawing @param {number} column */
export function x_of(drawing, column) {
  return LABELS + 4 + drawing.pitch * (column + 0.5);
}

/** @param {Drawing} drawing @param {number | null} length @returns {Columns} */
export function columns(drawing, length) {
  const { leading } = drawing;
  const place = (/** @type {number} */ index, column = index) => ({ index, x: x_of(drawing, column) });
  if (length !== null && length <= leading + 2)
    return { places: [...Array(length).keys()].map((index) => place(index)), rest: null, length };
  const places = [...Array(leading).keys()].map((index) => place(index));
  places.push(place(length === null ? Infinity : length - 1, leading + 1));
  return { places, rest: x_of(drawing, leading), length };
}

/** @param {Drawing} drawing */
export function box_width({ pitch }) {
  if (pitch < 22) return 0.6 * pitch;
  return Math.min(40, pitch < 30 ? pitch - 9 : pitch - 13);
}

/** @typedef {{ top: number, bottom: number }} Band where the boxes of a row stand */
/** @typedef {{ columns: Columns | null, x: number, top: number }} Made */

/** @param {Row} row @param {Columns | null} columns @param {Band} band */
export function rest(row, columns, band) {
  if (columns?.rest)
    row.labels.push({ x: columns.rest, y: (band.top + band.bottom) / 2 + 3, text: "…", kind: "rest" });
}

/** @param {Row} row @param {Arrow["kind"]} kind @param {[number, number][]} points */
export function arrow(row, kind, ...points) {
  row.arrows.push({ kind, points });
}
