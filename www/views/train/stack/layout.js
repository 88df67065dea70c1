/**
 * Where everything stands in the drawing of a model, unrolled over a few timesteps: inputs at the bottom, time to the
 * right. Pure geometry; what flows where is said by the engine.
 */
import {
  BOX,
  EDGE,
  LABELS,
  NARROWEST,
  WIDEST,
  arrow,
  box_width,
  columns,
  columns_of,
  leading_of,
  length_of,
  x_of,
} from "./grid.js";
import { MAKERS, unknown_row } from "./rows.js";

/** @typedef {import("./grid.js").Below} Below */
/** @typedef {import("./grid.js").DrawnLayer} DrawnLayer */
/** @typedef {import("./grid.js").Drawing} Drawing */
/** @typedef {import("./grid.js").Label} Label */
/** @typedef {import("./grid.js").Layout} Layout */
/** @typedef {import("./grid.js").Row} Row */

/** Space between two rows, in which the values pass. */
const GAP = 34;

/** A layer of windows needs more of it. */
const WINDOW_GAP = 46;

/** Height of a line of a label. */
const LINE = 13;

/** Longest line of a name in front of the columns. */
const LONGEST_LINE = 15;

/**
 * @param {{ shape: (number | null)[], sequence: boolean, title: string }} input
 * @param {DrawnLayer[]} layers from input to output
 * @param {{ width: number, right: number, end: string }} room `right`: what is kept free at the right edge; `end`:
 *   what stands behind the last layer, such as a loss
 * @returns {Layout}
 */
export function layout(input, layers, { width, right, end }) {
  const leading = leading_of(input, layers);
  const length = input.sequence ? input.shape[1] : 1;
  const most = Math.max(2, ...[length, ...layers.map(length_of)].map((n) => columns_of(n, leading)));
  const pitch = Math.min(WIDEST, Math.max(NARROWEST, (width - LABELS - right - EDGE) / most));
  /** @type {Drawing} */
  const drawing = { pitch, leading, most, rows: [], y: 0 };
  const bottom = input_row(drawing, input);
  let below = bottom;
  for (const layer of layers) below = layer_row(drawing, layer, below);
  if (end !== "") end_row(drawing, end, below);
  const height = -drawing.y + 4;
  return {
    width: LABELS + most * pitch + right + EDGE,
    height: height + 20,
    rows: drawing.rows.map((row) => moved(row, height)),
  };
}

/**
 * @param {Drawing} drawing @param {{ shape: (number | null)[], sequence: boolean, title: string }} input
 * @returns {Below}
 */
function input_row(drawing, input) {
  const found = input.sequence ? columns(drawing, input.shape[1]) : null;
  const x = x_of(drawing, (drawing.most - 1) / 2);
  const height = 12;
  const top = drawing.y - height;
  const width = box_width(drawing);
  const places = found?.places ?? [{ index: 0, x }];
  const boxes = places.map(({ x }) => ({ x: x - width / 2, y: top, width, height, kind: "input" }));
  /** @type {Label[]} */
  const labels = [{ x: 0, y: top + 10, text: input.title, kind: "title" }];
  if (found)
    for (const { index, x } of found.places)
      labels.push({
        x,
        y: drawing.y + 13,
        text: Number.isFinite(index) ? String(index + 1) : "T",
        kind: "time",
      });
  if (found?.rest) labels.push({ x: found.rest, y: top + 10, text: "…", kind: "rest" });
  drawing.rows.push({
    at: -1,
    name: "",
    top,
    bottom: drawing.y + 16,
    boxes,
    arrows: [],
    labels,
    windows: [],
  });
  drawing.y = top;
  return { columns: found, x, top, shape: shape_text(input.shape) };
}

/** @param {Drawing} drawing @param {DrawnLayer} layer @param {Below} below @returns {Below} */
function layer_row(drawing, layer, below) {
  const { flow } = layer;
  const lines = lines_of(layer.title);
  const gap = flow?.kind === "windows" ? WINDOW_GAP : GAP;
  const lanes = flow?.kind === "recurrent" ? flow.backwards.length : 1;
  const inside = lanes === 1 ? BOX : 2 * BOX + 10 + 22;
  const height = Math.max(inside, (lines.length + (layer.params === "" ? 0 : 1)) * LINE);
  const bottom = drawing.y - gap;
  const top = bottom - height;
  const middle = (top + bottom) / 2;
  /** @type {Row} */
  const row = { at: layer.at, name: layer.name, top, bottom, boxes: [], arrows: [], labels: [], windows: [] };
  row.labels.push({ x: 0, y: drawing.y - gap / 2 + 4, text: below.shape, kind: "shape" });
  const texts = [...lines.map((text) => ({ text, kind: "title" })), { text: layer.params, kind: "params" }];
  const first = middle - ((texts.length - (layer.params === "" ? 1 : 0)) * LINE) / 2 + 10;
  texts.forEach(({ text, kind }, k) => {
    if (text !== "") row.labels.push({ x: 0, y: first + k * LINE, text, kind });
  });
  const made = flow
    ? MAKERS[flow.kind](
        drawing,
        row,
        below,
        flow,
        { top: middle - inside / 2, bottom: middle + inside / 2 },
        layer,
      )
    : unknown_row(drawing, row, middle);
  drawing.rows.push(row);
  drawing.y = top;
  return { ...made, top: made.top, shape: layer.shape ? shape_text(layer.shape) : "" };
}

/** What stands behind the last layer. @param {Drawing} drawing @param {string} title @param {Below} below */
function end_row(drawing, title, below) {
  const bottom = drawing.y - GAP;
  const band = { top: bottom - BOX, bottom };
  /** @type {Row} */
  const row = { at: -2, name: "", top: band.top, bottom, boxes: [], arrows: [], labels: [], windows: [] };
  const xs = below.columns ? below.columns.places.map(({ x }) => x) : [below.x];
  const [left, right] = [xs[0], xs[xs.length - 1]];
  const width = Math.max(44, right - left + box_width(drawing));
  row.boxes.push({ x: (left + right - width) / 2, y: band.top, width, height: BOX, kind: "end" });
  for (const x of xs) arrow(row, "input", [x, below.top], [x, bottom]);
  row.labels.push(
    { x: 0, y: drawing.y - GAP / 2 + 4, text: below.shape, kind: "shape" },
    { x: 0, y: bottom - BOX / 2 + 4, text: title, kind: "title" },
  );
  drawing.rows.push(row);
  drawing.y = band.top;
}

/** A name in lines that fit in front of the columns. @param {string} title */
function lines_of(title) {
  const words = title
    .split(" ")
    .flatMap((word) =>
      word.length > LONGEST_LINE + 1 ? (word.match(/.{1,15}(?=[A-Z]|$)/g) ?? [word]) : [word],
    );
  /** @type {string[]} */
  const lines = [];
  for (const word of words) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + word.length < LONGEST_LINE && title.includes(`${last} ${word}`))
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A shape in Keras' manner. @param {(number | null)[]} shape */
export function shape_text(shape) {
  return `(${shape.map((size) => size ?? "None").join(", ")}${shape.length === 1 ? "," : ""})`;
}

/** The row, lower by `by`. @param {Row} row @param {number} by @returns {Row} */
function moved(row, by) {
  return {
    ...row,
    top: row.top + by,
    bottom: row.bottom + by,
    boxes: row.boxes.map((box) => ({ ...box, y: box.y + by })),
    labels: row.labels.map((label) => ({ ...label, y: label.y + by })),
    arrows: row.arrows.map(({ kind, points }) => ({
      kind,
      points: points.map(([x, y]) => /** @type {[number, number]} */ ([x, y + by])),
    })),
    windows: row.windows.map((path) =>
      path.replace(/([ML])(\S+) (\S+)/g, (_, letter, x, y) => `${letter}${x} ${Number(y) + by}`),
    ),
  };
}
