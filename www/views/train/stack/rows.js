/**
 * The rows of the drawing, one maker for each way in which values flow through a layer.
 */
import { BOX, arrow, box_width, columns, length_of, rest, x_of } from "./grid.js";
import { outline } from "./paths.js";

/** @typedef {import("../../../types/engine.js").Flow} Flow */
/** @typedef {import("./grid.js").Band} Band */
/** @typedef {import("./grid.js").Below} Below */
/** @typedef {import("./grid.js").Columns} Columns */
/** @typedef {import("./grid.js").DrawnLayer} DrawnLayer */
/** @typedef {import("./grid.js").Drawing} Drawing */
/** @typedef {import("./grid.js").Made} Made */
/** @typedef {import("./grid.js").Place} Place */
/** @typedef {import("./grid.js").Row} Row */

/** @param {Drawing} drawing @param {Row} row @param {number} middle @returns {Made} */
export function unknown_row(drawing, row, middle) {
  const width = (drawing.most - 0.4) * drawing.pitch;
  const x = x_of(drawing, (drawing.most - 1) / 2);
  row.boxes.push({ x: x - width / 2, y: middle - BOX / 2, width, height: BOX, kind: "unknown" });
  row.labels.push({ x, y: middle + 4, text: "cannot follow yet", kind: "rest" });
  return { columns: null, x, top: middle - BOX / 2 };
}

/**
 * @type {Record<Flow["kind"], (
 *   drawing: Drawing, row: Row, below: Below, flow: any, band: Band, layer: DrawnLayer) => Made>}
 */
export const MAKERS = { each, recurrent, windows, whole, repeat };

/** The same at every timestep. @type {(typeof MAKERS)["each"]} */
function each(drawing, row, below, _, band) {
  const width = box_width(drawing);
  if (!below.columns) {
    vector(drawing, row, below.x, band);
    arrow(row, "input", [below.x, below.top], [below.x, band.bottom]);
    return { columns: null, x: below.x, top: band.top };
  }
  for (const { x } of below.columns.places) {
    row.boxes.push({ x: x - width / 2, y: band.top, width, height: BOX, kind: "each" });
    arrow(row, "input", [x, below.top], [x, band.bottom]);
  }
  rest(row, below.columns, band);
  return { columns: below.columns, x: below.x, top: band.top };
}

/** One vector. @param {Drawing} drawing @param {Row} row @param {number} x @param {Band} band */
function vector(drawing, row, x, band) {
  const width = Math.min(44, box_width(drawing) * 1.6);
  row.boxes.push({ x: x - width / 2, y: band.top, width, height: BOX, kind: "vector" });
}

/** The states pass from timestep to timestep, in one direction or in both. @type {(typeof MAKERS)["recurrent"]} */
function recurrent(drawing, row, below, flow, band) {
  const found = below.columns ?? { places: [{ index: 0, x: below.x }], rest: null, length: 1 };
  const both = flow.backwards.length > 1;
  const wide = box_width(drawing);
  const width = both ? Math.max(12, wide * 0.6) : wide;
  const shift = both ? (wide - width) / 2 + 2 : 0;
  flow.backwards.forEach((/** @type {boolean} */ backwards, /** @type {number} */ lane) => {
    const top = band.bottom - BOX - lane * (BOX + 10);
    const by = lane === 0 ? -shift : shift;
    const middle = top + BOX / 2;
    const boxes = found.places.map(({ x }) => x + by);
    for (const x of boxes) {
      row.boxes.push({ x: x - width / 2, y: top, width, height: BOX, kind: "cell" });
      arrow(row, "input", [x + (both ? by / 2 : 0), below.top], [x + (both ? by / 2 : 0), top + BOX]);
    }
    through(row, {
      boxes,
      rest: found.rest === null ? null : found.rest + by,
      width,
      middle,
      ...flow,
      backwards,
    });
    if (found.rest !== null) row.labels.push({ x: found.rest + by, y: middle + 3, text: "…", kind: "rest" });
  });
  return both ? merge(drawing, row, found, flow, band, { shift, below }) : single(row, found, flow, band);
}

/**
 * @param {Row} row
 * @param {{ boxes: number[], rest: number | null, width: number, middle: number, states: number, backwards: boolean,
 *   stateful: boolean }} lane
 */
function through(row, { boxes, rest, width, middle, states, backwards, stateful }) {
  const stops = [...boxes];
  if (rest !== null) stops.splice(-1, 0, rest);
  const half = (/** @type {number} */ x) => (x === rest ? 6 : width / 2);
  const offsets = states > 1 ? [-4, 4] : [0];
  const one = (/** @type {number} */ from, /** @type {number} */ to) => {
    const sign = Math.sign(to - from);
    offsets.forEach((offset, k) =>
      arrow(
        row,
        k === 0 && states > 1 ? "memory" : "through",
        [from + sign * half(from), middle + offset],
        [to - sign * half(to), middle + offset],
      ),
    );
  };
  const order = backwards ? stops.toReversed() : stops;
  for (let k = 1; k < order.length; k++) one(order[k - 1], order[k]);
  if (!stateful) return;
  const sign = backwards ? -1 : 1;
  const [first, last] = [order[0], order[order.length - 1]];
  arrow(row, "through", [first - sign * (half(first) + 10), middle], [first - sign * half(first), middle]);
  arrow(row, "through", [last + sign * half(last), middle], [last + sign * (half(last) + 10), middle]);
}

/** One direction: the output at every timestep, or the last one. @returns {Made} @param {Row} row
 * @param {Columns} found @param {any} flow @param {Band} band */
function single(row, found, flow, band) {
  const { places } = found;
  const last = places[flow.backwards[0] ? 0 : places.length - 1];
  void row;
  return flow.returns_sequences
    ? { columns: found, x: last.x, top: band.top }
    : { columns: null, x: last.x, top: band.top };
}

/**
 * The outputs of both directions become one, at every timestep or once.
 * @param {Drawing} drawing @param {Row} row @param {Columns} found @param {any} flow @param {Band} band
 * @param {{ shift: number, below: Below }} of
 * @returns {Made}
 */
function merge(drawing, row, found, flow, band, { shift }) {
  const forward = band.bottom - BOX;
  const backward = forward - BOX - 10;
  const y = band.top + 5;
  const width = box_width(drawing);
  const join = (/** @type {number} */ x) =>
    row.boxes.push({ x: x - width / 2, y: y - 5, width, height: 8, kind: "merge" });
  if (flow.returns_sequences) {
    for (const { x } of found.places) {
      join(x);
      arrow(row, "output", [x - shift - shift / 2, forward], [x - shift - shift / 2, y + 3]);
      arrow(row, "output", [x + shift, backward], [x + shift, y + 3]);
    }
    return { columns: found, x: found.places[found.places.length - 1].x, top: y - 5 };
  }
  const first = found.places[0];
  const last = found.places[found.places.length - 1];
  join(last.x);
  arrow(row, "output", [last.x - shift - shift / 2, forward], [last.x - shift - shift / 2, y + 3]);
  const from = first.x + shift;
  arrow(row, "output", [from, backward], [from, y - 1], [last.x - width / 2, y - 1]);
  return { columns: null, x: last.x, top: y - 5 };
}

/** Convolution and pooling. @type {(typeof MAKERS)["windows"]} */
function windows(drawing, row, below, flow, band, layer) {
  const source = below.columns ?? columns(drawing, 1);
  const shown = new Map(source.places.map(({ index, x }) => [index, x]));
  const length = length_of(layer);
  const covered = (/** @type {number} */ j) =>
    [...Array(flow.size).keys()]
      .map((k) => j * flow.stride - flow.before + k * flow.dilation)
      .filter((t) => t >= 0 && (source.length === null || t < source.length));
  /** @type {Place[]} */
  const places = [];
  for (let j = 0; length === null || j < length - 1; j++) {
    const inside = covered(j);
    if (inside.length === 0 || !inside.every((t) => shown.has(t))) break;
    if (source.rest !== null && inside.some((t) => t === (source.length ?? Infinity) - 1)) break;
    const all = [...Array(flow.size).keys()].map((k) => j * flow.stride - flow.before + k * flow.dilation);
    const middle = (all[0] + all[all.length - 1]) / 2;
    // With padding in front an output stands above its own timestep, else above the middle of its window.
    const column = flow.before > 0 && flow.stride === 1 ? j : Math.max(0, middle);
    places.push({ index: j, x: x_of(drawing, column) });
  }
  const end = source.places[source.places.length - 1].x;
  const hidden = length === null || places.length < length - 1;
  places.push({ index: length === null ? Infinity : length - 1, x: end });
  const width = box_width(drawing);
  const found = { places, rest: hidden ? rest_between(drawing, source, places) : null, length };
  for (const { index, x } of places) {
    row.boxes.push({ x: x - width / 2, y: band.top, width, height: BOX, kind: "window" });
    const of = Number.isFinite(index) ? covered(index) : [];
    const at = of.map((t) => shown.get(t) ?? source.rest ?? end);
    if (index === Infinity) at.push(source.rest ?? end, end);
    const [left, right] = [Math.min(...at), Math.max(...at)];
    row.windows.push(outline(left - width / 2, right + width / 2, below.top, x, band.bottom));
    arrow(row, "input", [x, (below.top + 2 * band.bottom) / 3], [x, band.bottom]);
  }
  rest(row, found, band);
  return { columns: found, x: end, top: band.top };
}

/** @param {Drawing} drawing @param {Columns} source @param {Place[]} places */
function rest_between(drawing, source, places) {
  const before = places.length > 1 ? places[places.length - 2].x : x_of(drawing, 0);
  const last = places[places.length - 1].x;
  return source.rest ?? (before + last) / 2;
}

/** One vector of all timesteps. @type {(typeof MAKERS)["whole"]} */
function whole(drawing, row, below, _, band) {
  const found = below.columns ?? columns(drawing, 1);
  const x = x_of(drawing, (drawing.most - 1) / 2);
  vector(drawing, row, x, band);
  for (const place of found.places)
    arrow(row, "input", [place.x, below.top], [x + (place.x - x) * 0.1, band.bottom]);
  return { columns: null, x, top: band.top };
}

/** Copies of one vector. @type {(typeof MAKERS)["repeat"]} */
function repeat(drawing, row, below, _, band, layer) {
  const found = columns(drawing, length_of(layer));
  const width = box_width(drawing);
  for (const { x } of found.places) {
    row.boxes.push({ x: x - width / 2, y: band.top, width, height: BOX, kind: "copy" });
    arrow(row, "input", [below.x, below.top], [x, band.bottom]);
  }
  rest(row, found, band);
  return { columns: found, x: found.places[found.places.length - 1].x, top: band.top };
}
