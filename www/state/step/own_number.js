/**
 * The number that a position is about: the first thing that its line makes, or what is given first.
 */
import { CELL, FORWARD } from "./walk.js";

/** @typedef {import("./stepping.js").Address} Address */
/** @typedef {import("./stepping.js").Description} Description */

/**
 * @param {Description} description
 * @param {import("./walk.js").Position} position
 * @param {number} unit
 * @param {ArrayLike<number>} said what the output says: of its classes the most probable one is looked at
 * @returns {Address | null}
 */
export function own_number(description, position, unit, said = []) {
  const part = position.part === CELL ? description.cell : description.output;
  const side = position.pass === FORWARD ? part.forward : part.backward;
  const line = side.lines.find((known) => known.line === position.line);
  // An adjoint is given what the listing was given, and then the gradients that arrive.
  const array = line?.writes[0] ?? side.given[position.pass === FORWARD ? 0 : part.parameters.length];
  if (!array) return null;
  const size = array.shape.reduce((product, n) => product * n, 1);
  return {
    part: position.part,
    pass: position.pass,
    timestep: position.timestep,
    line: position.line,
    name: array.name,
    index:
      position.part !== CELL && size > 1 && size === said.length
        ? most_probable(said)
        : Math.min(unit, size - 1),
  };
}

/** @param {ArrayLike<number>} said */
export function most_probable(said) {
  return Array.from(said).reduce((best, value, k) => (value > said[best] ? k : best), 0);
}
