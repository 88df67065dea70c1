/**
 * A field of values, units down and words across, on a canvas.
 *
 * Values become pixels of a small image, one a cell, that is enlarged without smoothing. Where cells are large enough,
 * negative ones carry a dash, so that the sign does not hang on the colour alone.
 */
import { fitted } from "./canvas.js";
import { paint, token } from "./color.js";

/** Cells at least this large, in CSS pixels, get gaps between words and dashes. */
const ROOM = { width: 8, height: 5 };

/** Values nearer to zero than this carry no dash: they are paper-coloured. */
const VISIBLE = 0.08;

/** @typedef {{ data: Float32Array, timesteps: number, units: number }} Field `data` is `[timesteps × units]` */

/**
 * @typedef {{ centre: number, reach: number }} Scale the value drawn as paper, and the distance from it drawn in
 *   full colour
 */

/** @type {Scale} */
export const SAME_EVERYWHERE = { centre: 0, reach: 1 };

/** Smaller differences than this stay pale, or the noise of an untrained network would look like structure. */
const LEAST_REACH = 0.05;

/**
 * The scale on which a field shows most: signed symbols keep their zero, gates are drawn around their mean.
 * @param {Float32Array} data @param {boolean} signed @returns {Scale}
 */
export function own_scale(data, signed) {
  const centre = signed ? 0 : data.reduce((sum, value) => sum + value, 0) / Math.max(1, data.length);
  const reach = data.reduce((most, value) => Math.max(most, Math.abs(value - centre)), LEAST_REACH);
  return { centre, reach };
}

/** Holds one pixel a cell between two drawings. */
const scratch = document.createElement("canvas");

/**
 * @param {HTMLCanvasElement} canvas @param {Field} field
 * @param {{ width: number, height: number }} size in CSS pixels
 * @param {Scale} scale
 */
export function draw_heatmap(canvas, field, size, scale) {
  const { context, ratio, width, height } = fitted(canvas, size);
  const shown = { ...field, data: field.data.map((value) => (value - scale.centre) / scale.reach) };
  context.drawImage(image_of(shown), 0, 0, width, height);
  const cell = { width: width / field.timesteps, height: height / field.units };
  if (size.width / field.timesteps < ROOM.width || size.height / field.units < ROOM.height) return;
  separate_words(context, field.timesteps, cell.width, ratio);
  dash_negatives(context, shown, cell, ratio);
}

/** One pixel a cell, words across. @param {Field} field */
function image_of({ data, timesteps, units }) {
  scratch.width = timesteps;
  scratch.height = units;
  const context = /** @type {CanvasRenderingContext2D} */ (scratch.getContext("2d"));
  const image = context.createImageData(timesteps, units);
  paint(transposed(data, timesteps, units), new Uint32Array(image.data.buffer));
  context.putImageData(image, 0, 0);
  return scratch;
}

/** @param {Float32Array} data @param {number} timesteps @param {number} units */
function transposed(data, timesteps, units) {
  const rows = new Float32Array(timesteps * units);
  for (let t = 0; t < timesteps; t++) {
    for (let u = 0; u < units; u++) rows[u * timesteps + t] = data[t * units + u];
  }
  return rows;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} timesteps
 * @param {number} width of a cell
 * @param {number} ratio
 */
function separate_words(context, timesteps, width, ratio) {
  context.fillStyle = token("--surface");
  for (let t = 1; t < timesteps; t++)
    context.fillRect(Math.round(t * width - ratio / 2), 0, ratio, context.canvas.height);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Field} field
 * @param {{ width: number, height: number }} cell
 * @param {number} ratio
 */
function dash_negatives(context, { data, timesteps, units }, cell, ratio) {
  context.fillStyle = token("--dash");
  const length = Math.min(cell.width * 0.4, 8 * ratio);
  for (let t = 0; t < timesteps; t++) {
    for (let u = 0; u < units; u++) {
      if (data[t * units + u] > -VISIBLE) continue;
      context.fillRect(
        Math.round((t + 0.5) * cell.width - length / 2),
        Math.round((u + 0.5) * cell.height - ratio / 2),
        length,
        ratio,
      );
    }
  }
}
