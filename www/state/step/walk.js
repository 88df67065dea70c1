/**
 * Moving along the positions of a walk: by line, by timestep, to a phase. A position is six numbers, as the engine
 * gives them.
 */

/** Numbers of one position. */
const WIDTH = 6;

/** The phases in the engine's order; a stepping says what they are called. */
export const PHASE = { READ: 0, GATES: 1, STATE: 2, OUTPUT: 3, LOSS: 4, ARRIVES: 5, BACK: 6, SUM: 7 };

/** @typedef {import("../../types/engine.js").Part} Part */
/** @typedef {import("../../types/engine.js").Pass} Pass */

/** Parts: the cell, and the output behind it. Passes: the listing, and its adjoint. */
export const CELL = /** @type {const} */ ("cell");
export const OUTPUT = /** @type {const} */ ("output");
export const FORWARD = /** @type {const} */ ("forward");
export const BACKWARD = /** @type {const} */ ("backward");

/** In the order in which the engine numbers them in a walk. @type {readonly Part[]} */
const PARTS = [CELL, OUTPUT];
/** @type {readonly Pass[]} */
const PASSES = [FORWARD, BACKWARD];

/**
 * @typedef {object} Position
 * @property {number} phase
 * @property {Part} part
 * @property {Pass} pass
 * @property {number} timestep from 0
 * @property {number} line
 * @property {number} weight −1 where none is added up
 */

/** @param {Int32Array} positions @returns {number} */
export function count_positions(positions) {
  return positions.length / WIDTH;
}

/** @param {Int32Array} positions @param {number} at @returns {Position} */
export function position_at(positions, at) {
  const [phase, part, pass, timestep, line, weight] = positions.subarray(at * WIDTH, (at + 1) * WIDTH);
  return { phase, part: PARTS[part], pass: PASSES[pass], timestep, line, weight };
}

/** Where a position stands, without what happens there. @param {Position} position */
export function place_of({ part, pass, timestep, line }) {
  return { part, pass, timestep, line };
}

/** @param {Int32Array} positions @param {number} at @param {number} by @returns {number} */
export function by_line(positions, at, by) {
  return Math.max(0, Math.min(count_positions(positions) - 1, at + by));
}

/** @param {Position} one @param {Position} other whether both belong to one visit of one timestep */
function same_visit(one, other) {
  return (
    one.part === other.part &&
    one.pass === other.pass &&
    one.timestep === other.timestep &&
    one.weight < 0 === other.weight < 0
  );
}

/**
 * The same line one visit further, or the first line of what follows.
 * @param {Int32Array} positions @param {number} at @param {1 | -1} direction @returns {number}
 */
export function by_timestep(positions, at, direction) {
  const last = count_positions(positions) - 1;
  const here = position_at(positions, at);
  let edge = at;
  while (edge >= 0 && edge <= last && same_visit(position_at(positions, edge), here)) edge += direction;
  if (edge < 0 || edge > last) return direction > 0 ? last : 0;
  const there = position_at(positions, edge);
  for (let k = edge; k >= 0 && k <= last && same_visit(position_at(positions, k), there); k += direction) {
    if (there.part === here.part && there.pass === here.pass && position_at(positions, k).line === here.line)
      return k;
  }
  while (direction < 0 && edge > 0 && same_visit(position_at(positions, edge - 1), there)) edge -= 1;
  return edge;
}

/**
 * Positions one after the other that the slider draws as one: those of the words forwards, or those of one later phase.
 * @typedef {{ from: number, count: number, phases: number[] }} Stretch
 */

/** @param {Int32Array} positions @returns {Stretch[]} in the order of the walk, with the phases that happen in each */
export function stretches(positions) {
  /** @type {Stretch[]} */
  const found = [];
  let words = false;
  for (let k = 0; k < count_positions(positions); k++) {
    const position = position_at(positions, k);
    const last = found.at(-1);
    const again = last && (words ? in_words(position) : last.phases[0] === position.phase);
    if (last && again) last.count += 1;
    else found.push({ from: k, count: 1, phases: [] });
    words = in_words(position);
    // A cell may compute an output of its own at every word; its name stands at the output behind the last word.
    const { phases } = found[found.length - 1];
    if ((!words || position.phase < PHASE.OUTPUT) && !phases.includes(position.phase))
      phases.push(position.phase);
  }
  return found;
}

/** @param {Position} position */
const in_words = ({ part, pass }) => part === CELL && pass === FORWARD;

/**
 * Where a phase begins. What happens at every word forwards is looked for in the present word; the way back begins at
 * the last word, whichever is open.
 * @param {Int32Array} positions @param {number} at @param {number} phase @returns {number} −1 if it never happens
 */
export function to_phase(positions, at, phase) {
  const words = phase < PHASE.OUTPUT;
  const timestep = words ? position_at(positions, at).timestep : -1;
  let first = -1;
  for (let k = 0; k < count_positions(positions); k++) {
    const position = position_at(positions, k);
    if (position.phase !== phase || in_words(position) !== words) continue;
    if (position.timestep === timestep) return k;
    if (first < 0) first = k;
  }
  return first;
}

/**
 * A line at a timestep in the listing or its adjoint; the nearest line before it where the walk has no position on
 * the line.
 * @param {Int32Array} positions @param {{ part: Part, pass: Pass, timestep: number, line: number }} address @returns
 *   {number} −1 if the walk never comes there
 */
export function find_position(positions, address) {
  let found = -1;
  for (let k = 0; k < count_positions(positions); k++) {
    const position = position_at(positions, k);
    if (
      position.part !== address.part ||
      position.pass !== address.pass ||
      position.timestep !== address.timestep ||
      position.weight >= 0
    )
      continue;
    if (position.line <= address.line || found < 0) found = k;
  }
  return found;
}
