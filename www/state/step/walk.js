/**
 * Moving along the stops of a session: by line, by timestep, to a phase. A stop is six numbers, as the engine gives
 * them.
 */

/** Numbers of one stop. */
const WIDTH = 6;

/** In the engine's order. */
export const MOMENTS = [
  "read the word",
  "gates",
  "new state",
  "output",
  "loss",
  "gradient arrives",
  "gradient walks back",
  "sum over time",
];

export const MOMENT = { READ: 0, GATES: 1, STATE: 2, OUTPUT: 3, LOSS: 4, ARRIVES: 5, BACK: 6, SUM: 7 };

/** Parts: the cell, and the output behind it. Phases: the listing, and its adjoint. */
export const CELL = 0;
export const OUTPUT = 1;
export const FORWARD = 0;
export const BACKWARD = 1;

/**
 * @typedef {object} Stop
 * @property {number} moment
 * @property {number} part
 * @property {number} phase
 * @property {number} t
 * @property {number} line
 * @property {number} weight −1 where none is added up
 */

/** @param {Int32Array} stops @returns {number} */
export function count_stops(stops) {
  return stops.length / WIDTH;
}

/** @param {Int32Array} stops @param {number} at @returns {Stop} */
export function stop_at(stops, at) {
  const [moment, part, phase, t, line, weight] = stops.subarray(at * WIDTH, (at + 1) * WIDTH);
  return { moment, part, phase, t, line, weight };
}

/** @param {Int32Array} stops @param {number} at @param {number} by @returns {number} */
export function by_line(stops, at, by) {
  return Math.max(0, Math.min(count_stops(stops) - 1, at + by));
}

/** @param {Stop} one @param {Stop} other whether both belong to one visit of one timestep */
function same_visit(one, other) {
  return (
    one.part === other.part &&
    one.phase === other.phase &&
    one.t === other.t &&
    one.weight < 0 === other.weight < 0
  );
}

/**
 * The same line one visit further, or the first line of what follows.
 * @param {Int32Array} stops @param {number} at @param {1 | -1} direction @returns {number}
 */
export function by_timestep(stops, at, direction) {
  const last = count_stops(stops) - 1;
  const here = stop_at(stops, at);
  let edge = at;
  while (edge >= 0 && edge <= last && same_visit(stop_at(stops, edge), here)) edge += direction;
  if (edge < 0 || edge > last) return direction > 0 ? last : 0;
  const there = stop_at(stops, edge);
  for (let k = edge; k >= 0 && k <= last && same_visit(stop_at(stops, k), there); k += direction) {
    if (there.part === here.part && there.phase === here.phase && stop_at(stops, k).line === here.line)
      return k;
  }
  while (direction < 0 && edge > 0 && same_visit(stop_at(stops, edge - 1), there)) edge -= 1;
  return edge;
}

/**
 * Where a phase begins: in the present timestep if it happens there, else where it happens first.
 * @param {Int32Array} stops @param {number} at @param {number} moment @returns {number} −1 if it never happens
 */
export function to_moment(stops, at, moment) {
  const { t } = stop_at(stops, at);
  let first = -1;
  for (let k = 0; k < count_stops(stops); k++) {
    const stop = stop_at(stops, k);
    if (stop.moment !== moment) continue;
    if (stop.t === t) return k;
    if (first < 0) first = k;
  }
  return first;
}

/**
 * A line at a timestep in the listing or its adjoint; the nearest line before it where there is no stop on the line.
 * @param {Int32Array} stops @param {{ part: number, phase: number, t: number, line: number }} place @returns
 *   {number} −1 if the walk never comes there
 */
export function find_stop(stops, place) {
  let found = -1;
  for (let k = 0; k < count_stops(stops); k++) {
    const stop = stop_at(stops, k);
    if (stop.part !== place.part || stop.phase !== place.phase || stop.t !== place.t || stop.weight >= 0)
      continue;
    if (stop.line <= place.line || found < 0) found = k;
  }
  return found;
}
