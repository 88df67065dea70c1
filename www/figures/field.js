/**
 * A field of numbers on a canvas: gates over words, matrices, strips.
 *
 * Values become pixels of a small image, one a cell, that is enlarged without smoothing. Where cells are large enough,
 * they stand apart and negative ones carry a dash, so that the sign does not depend on the colour alone.
 */
import { paint, paint_shares, token } from "./color.js";

export { round_scale } from "./limits.js";

/**
 * @typedef {object} Field
 * @property {Float32Array} data
 * @property {number} rows
 * @property {number} columns
 * @property {boolean} by_column whether `data` holds column after column, as `[timesteps × units]` does
 */

/**
 * @typedef {object} Scale
 * @property {number} low the value with the full colour of the lower end
 * @property {number} high the one with that of the upper end
 * @property {string} [hue] token of the colour at the upper end, where the lower end is paper; without it the diverging
 *   map, with paper in the middle
 */

/**
 * The least size of a cell, in CSS pixels, at which columns and rows are separated and dashes drawn.
 * @typedef {{ width: number, columns: number, rows: number }} Separation `width` for both of them, and the height for
 *   each
 */

/** Words stand apart, the units of one word do not. @type {Separation} */
export const WORDS_APART = { width: 8, columns: 5, rows: Infinity };

/** Every number stands apart. @type {Separation} */
export const NUMBERS_APART = { width: 6, columns: 0, rows: 5 };

/** In smaller cells dashes would make a pattern of their own. */
const DASHED = { width: 12, height: 9 };

/** Values nearer to the middle than this share of the way carry no dash: they are paper-coloured. */
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
  context.drawImage(image_of(values, field, scale.hue), 0, 0, width, height);
  if (size.width / columns < separation.width) return;
  const tall = size.height / rows;
  const cell = { width: width / columns, height: height / rows };
  context.fillStyle = ink().surface;
  if (tall >= separation.columns)
    for (let c = 1; c < columns; c++)
      context.fillRect(Math.round(c * cell.width - ratio / 2), 0, ratio, height);
  if (tall >= separation.rows)
    for (let r = 1; r < rows; r++) context.fillRect(0, Math.round(r * cell.height - ratio / 2), width, ratio);
  const roomy = tall >= DASHED.height && size.width / columns >= DASHED.width;
  if (roomy && !scale.hue) dash_negatives(context, values, field, cell, ratio);
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

/**
 * Row after row: from −1 to 1 for the diverging map, from 0 to 1 for a hue.
 * @param {Field} field @param {Scale} scale
 */
function in_rows({ data, rows, columns, by_column }, { low, high, hue }) {
  const values = new Float32Array(rows * columns);
  const paper = hue ? low : (low + high) / 2;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++)
      values[r * columns + c] = (data[by_column ? c * rows + r : r * columns + c] - paper) / (high - paper);
  }
  return values;
}

/** @param {Float32Array} values row after row @param {Field} field @param {string} [hue] */
function image_of(values, { rows, columns }, hue) {
  scratch.width = columns;
  scratch.height = rows;
  const context = /** @type {CanvasRenderingContext2D} */ (scratch.getContext("2d"));
  const image = context.createImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  if (hue) paint_shares(values, pixels, hue);
  else paint(values, pixels);
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
