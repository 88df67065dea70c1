/**
 * A field of numbers on a canvas: gates over words, matrices, strips.
 *
 * Values become pixels of a small image, one a cell, that is enlarged without smoothing. Where cells are large enough,
 * they stand apart and negative ones carry a dash, so that the sign does not depend on the colour alone.
 */
import { paint, token } from "./color.js";

/**
 * @typedef {object} Field
 * @property {Float32Array} data
 * @property {number} rows
 * @property {number} columns
 * @property {boolean} by_column whether `data` holds column after column, as `[timesteps × units]` does
 */

/**
 * @typedef {{ centre: number, reach: number }} Scale the value drawn as paper, and the distance from it drawn in
 *   full colour
 */

/**
 * The least size of a cell, in CSS pixels, at which columns and rows are separated and dashes drawn.
 * @typedef {{ width: number, columns: number, rows: number, dashes: number }} Separation `width` for any of them, and
 *   the height for each
 */

/** Words stand apart, the units of one word do not. @type {Separation} */
export const WORDS_APART = { width: 8, columns: 5, rows: Infinity, dashes: 5 };

/** Every number stands apart. @type {Separation} */
export const NUMBERS_APART = { width: 6, columns: 0, rows: 5, dashes: 5 };

/** @type {Scale} */
export const SAME_EVERYWHERE = { centre: 0, reach: 1 };

/** Smaller differences than this stay pale, or the noise of an untrained network would look like structure. */
const LEAST_REACH = 0.05;

/** Values nearer to the centre than this share of the reach carry no dash: they are paper-coloured. */
const VISIBLE = 0.08;

/** Holds one pixel a cell between two drawings. */
const scratch = document.createElement("canvas");

/** Asking for a style makes the browser compute the page's layout; these two change with the scheme only. */
let inks = { surface: "", dash: "" };

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  inks = { surface: "", dash: "" };
});

function ink() {
  if (inks.surface === "") inks = { surface: token("--surface"), dash: token("--dash") };
  return inks;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Field} field
 * @param {{ width: number, height: number }} size in CSS pixels
 * @param {Scale} scale
 * @param {Separation} separation
 */
export function draw_field(canvas, field, size, scale, separation) {
  const { context, ratio } = fitted(canvas, size);
  const { width, height } = canvas;
  const { rows, columns } = field;
  const values = in_rows(field, scale);
  context.drawImage(image_of(values, field), 0, 0, width, height);
  if (size.width / columns < separation.width) return;
  const tall = size.height / rows;
  const cell = { width: width / columns, height: height / rows };
  context.fillStyle = ink().surface;
  if (tall >= separation.columns)
    for (let c = 1; c < columns; c++)
      context.fillRect(Math.round(c * cell.width - ratio / 2), 0, ratio, height);
  if (tall >= separation.rows)
    for (let r = 1; r < rows; r++) context.fillRect(0, Math.round(r * cell.height - ratio / 2), width, ratio);
  if (tall >= separation.dashes) dash_negatives(context, values, field, cell, ratio);
}

/**
 * Brings a canvas to its size in the device's pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {{ width: number, height: number }} size in CSS pixels
 */
function fitted(canvas, size) {
  const ratio = globalThis.devicePixelRatio || 1;
  const width = Math.max(1, Math.round(size.width * ratio));
  const height = Math.max(1, Math.round(size.height * ratio));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  context.imageSmoothingEnabled = false;
  return { context, ratio };
}

/** Row after row, with full colour at ±1. @param {Field} field @param {Scale} scale */
function in_rows({ data, rows, columns, by_column }, { centre, reach }) {
  const values = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++)
      values[r * columns + c] = (data[by_column ? c * rows + r : r * columns + c] - centre) / reach;
  }
  return values;
}

/** @param {Float32Array} values row after row @param {Field} field */
function image_of(values, { rows, columns }) {
  scratch.width = columns;
  scratch.height = rows;
  const context = /** @type {CanvasRenderingContext2D} */ (scratch.getContext("2d"));
  const image = context.createImageData(columns, rows);
  paint(values, new Uint32Array(image.data.buffer));
  context.putImageData(image, 0, 0);
  return scratch;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} values row after row
 * @param {Field} field
 * @param {{ width: number, height: number }} cell in the device's pixels
 * @param {number} ratio
 */
function dash_negatives(context, values, { rows, columns }, cell, ratio) {
  context.fillStyle = ink().dash;
  const length = Math.min(cell.width * 0.4, 8 * ratio);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      if (values[r * columns + c] > -VISIBLE) continue;
      context.fillRect(
        Math.round((c + 0.5) * cell.width - length / 2),
        Math.round((r + 0.5) * cell.height - ratio / 2),
        length,
        ratio,
      );
    }
  }
}

/**
 * The scale on which a field shows most: signed symbols keep their zero, gates are drawn around their mean.
 * @param {Float32Array} data @param {boolean} signed @returns {Scale}
 */
export function own_scale(data, signed) {
  const centre = signed ? 0 : data.reduce((sum, value) => sum + value, 0) / Math.max(1, data.length);
  const reach = data.reduce((most, value) => Math.max(most, Math.abs(value - centre)), LEAST_REACH);
  return { centre, reach };
}

/** A round number not below the largest: 1, 0.5, 0.2, 0.1, 0.05, … @param {Float32Array | null} values */
export function round_scale(values) {
  let most = 0;
  for (const value of values ?? []) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  if (most === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((digit) => digit * power).find((round) => round >= most * 0.9999) ?? 10 * power;
}
