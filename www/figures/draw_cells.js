/**
 * Small fields of numbers on a canvas: strips, matrices, units over timesteps.
 */
import { fitted } from "./canvas.js";
import { paint, token } from "./color.js";

/** Cells at least this large, in CSS pixels, stand apart and carry a dash where they are negative. */
const ROOM = { width: 6, height: 5 };

/** Values nearer to zero than this share of the scale carry no dash: they are paper-coloured. */
const VISIBLE = 0.08;

/**
 * @typedef {object} CellField
 * @property {Float32Array} data
 * @property {number} rows
 * @property {number} columns
 * @property {boolean} by_column whether `data` holds column after column
 * @property {number} scale what has full colour
 */

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
 * @param {CellField} field
 * @param {{ width: number, height: number }} size in CSS pixels
 */
export function draw_cells(canvas, field, size) {
  const { context, ratio, width, height } = fitted(canvas, size);
  const values = in_rows(field);
  context.drawImage(image_of(values, field), 0, 0, width, height);
  const cell = { width: width / field.columns, height: height / field.rows };
  if (size.width / field.columns < ROOM.width) return;
  context.fillStyle = ink().surface;
  for (let k = 1; k < field.columns; k++)
    context.fillRect(Math.round(k * cell.width - ratio / 2), 0, ratio, height);
  if (size.height / field.rows < ROOM.height) return;
  for (let k = 1; k < field.rows; k++)
    context.fillRect(0, Math.round(k * cell.height - ratio / 2), width, ratio);
  dash_negatives(context, values, field, cell, ratio);
}

/** Row after row, with full colour at ±1. @param {CellField} field */
function in_rows({ data, rows, columns, by_column, scale }) {
  const values = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++)
      values[r * columns + c] = data[by_column ? c * rows + r : r * columns + c] / scale;
  }
  return values;
}

/** @param {Float32Array} values @param {CellField} field */
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
 * @param {Float32Array} values
 * @param {CellField} field
 * @param {{ width: number, height: number }} cell
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

/** A round number not below the largest: 1, 0.5, 0.2, 0.1, 0.05, … @param {Float32Array | null} values */
export function round_scale(values) {
  let most = 0;
  for (const value of values ?? []) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  if (most === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((digit) => digit * power).find((round) => round >= most * 0.9999) ?? 10 * power;
}
