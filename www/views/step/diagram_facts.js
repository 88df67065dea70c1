/**
 * What the picture of a cell shows at a position: which values run on its wires, which are known, and what belongs to
 * the present line.
 */
import { BACKWARD, CELL, FORWARD, PHASE } from "../../state/step/walk.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/stepping.js").Diagram} Diagram */
/** @typedef {import("../../state/step/stepping.js").ArrayAddress} ArrayAddress */
/** @typedef {import("../../state/step/stepping.js").Line} Line */
/** @typedef {import("../../state/step/walk.js").Position} Position */
/** @typedef {Diagram["wires"][number]} Wire */
/** @typedef {Diagram["elements"][number]} Element */
/** @typedef {Wire["carries"]} Carries */

/**
 * A value of the listing: its name, the line that makes it, and whether it is the input or a state before the timestep.
 * @typedef {{ name: string, line: number, before: boolean }} Carried
 */

/**
 * The value on a wire, with the line that makes it.
 * @param {Stepping} stepping @param {Diagram} diagram @param {Wire} wire @returns {Carried | null} null without a name
 */
export function carried_by(stepping, diagram, wire) {
  const { forward } = stepping.description.cell;
  const { name, carries } = wire;
  if (name === null) return null;
  if (carries.kind === "parameter" && carries.name === name)
    return { name, line: forward.head, before: true };
  if (carries.kind === "element" && diagram.elements[carries.index].name === name)
    return { name, line: diagram.elements[carries.index].line, before: false };
  const made = forward.lines.findLast(
    (line) => line.line < wire.line && line.writes.some((written) => written.name === name),
  );
  return made ? { name, line: made.line, before: false } : null;
}

/** @param {Element} element @returns {Carried | null} */
export function made_by(element) {
  return element.name === null ? null : { name: element.name, line: element.line, before: false };
}

/**
 * Where the numbers of a value stand: forwards the value itself, backwards its gradient; null while it is not known.
 * @param {Stepping} stepping @param {Position} position @param {Carried | null} carried @returns {ArrayAddress | null}
 */
export function address_at(stepping, position, carried) {
  if (!carried) return null;
  const { part, pass, timestep } = position;
  if (pass === FORWARD) {
    const known = part !== CELL || carried.line <= position.line;
    return known ? { part: CELL, pass, timestep, line: carried.line, name: carried.name } : null;
  }
  if (part !== CELL) return null;
  const gradient = gradient_at(stepping, position, carried);
  return gradient && { part: CELL, pass, timestep, ...gradient };
}

/**
 * Whether what flows back through a part of the picture has been computed.
 * @param {Position} position @param {{ back_line: number | null }} part
 */
export function has_come_back({ part: where, phase, line }, { back_line }) {
  return where === CELL && (phase === PHASE.SUM || (back_line !== null && back_line <= line));
}

/** The name of a value's gradient in the adjoint. @param {string} name */
export function gradient_name(name) {
  return name.startsWith("z_") ? `d${name}` : `d_${name}`;
}

/** @param {Stepping} stepping @param {Position} position @param {Carried} carried */
function gradient_at(stepping, position, carried) {
  const { backward, parameters } = stepping.description.cell;
  const name = gradient_name(carried.name);
  const until = position.phase === PHASE.SUM ? Infinity : position.line;
  const writes = backward.lines.filter(
    (line) => !line.repeats && line.writes.some((written) => written.name === name),
  );
  const parameter = parameters.find((known) => known.name === carried.name);
  // The last line writes the gradient of the state before; the lines above it complete that of the new state.
  const last = parameter ? writes.pop() : undefined;
  if (carried.before) return last && last.line <= until ? { name, line: last.line } : null;
  const made = writes.findLast((line) => line.line <= until);
  if (made) return { name, line: made.line };
  return parameter?.role === "state" ? { name, line: backward.head } : null;
}

/**
 * What belongs to the line under the cursor.
 * @param {Stepping} stepping @param {Diagram} diagram @param {Position} position @param {Line | null} line
 * @returns {Set<number>} elements
 */
export function lit_elements(stepping, diagram, position, line) {
  /** @type {Set<number>} */
  const lit = new Set();
  if (position.part !== CELL || !line) return lit;
  diagram.elements.forEach((element, k) => {
    if (
      position.pass === FORWARD
        ? line.line <= element.line && element.line <= line.until
        : element.name !== null && is_written(line, element.name)
    )
      lit.add(k);
  });
  if (position.pass === BACKWARD && lit.size === 0)
    diagram.elements.forEach((element, k) => {
      if (element.figure === "sum" && asks_sum(stepping, diagram, line, k)) lit.add(k);
    });
  return lit;
}

/** Whether a line of the adjoint makes the gradient of a value or of what goes into it: `d_f`, `dz_f`.
 *  @param {{ writes: { name: string }[] }} line @param {string} name */
function is_written(line, name) {
  return line.writes.some((written) => written.name.replace(/^dz?_/, "") === name);
}

/**
 * Whether a line of the adjoint belongs to a sum with weights: it makes the gradient of a weight or an input of it, or
 * puts the gradients of its parts together.
 * @param {Stepping} stepping @param {Diagram} diagram @param {Line} line
 * @param {number} index
 */
function asks_sum(stepping, diagram, line, index) {
  const words = diagram.elements[index].rows.join(" ").match(/[A-Za-z_]\w*/g) ?? [];
  if (line.writes.some(({ name }) => words.some((word) => name === gradient_name(word)))) return true;
  if (!line.writes.some(({ name }) => /^dz/.test(name))) return false;
  return diagram.wires.some(
    ({ carries, name }) =>
      carries.kind === "element" &&
      carries.index === index &&
      name &&
      line.reads.includes(gradient_name(name)),
  );
}

/**
 * Whether something moves along a wire while the present line runs.
 * @param {Stepping} stepping @param {Position} position @param {Wire} wire @param {Set<number>} lit
 * @param {Carried | null} carried
 */
export function is_active(stepping, position, wire, lit, carried) {
  const source = wire.carries.kind === "element" ? wire.carries.index : -1;
  if (position.pass === FORWARD) {
    if (position.part !== CELL) return wire.leaves !== null && wire.leaves === output_reads(stepping);
    if (wire.to === null) return lit.has(source);
    return lit.has(wire.to) || (position.phase === PHASE.READ && wire.carries.kind === "parameter");
  }
  if (position.part !== CELL || position.phase === PHASE.SUM) return false;
  if (position.line === stepping.description.cell.backward.head) return wire.leaves !== null;
  const at = address_at(stepping, position, carried);
  return at !== null && at.line === position.line;
}

/** The state that the output reads. @param {Stepping} stepping */
function output_reads({ description }) {
  return description.cell.parameters[1 + description.read_state]?.name;
}

/**
 * What a value is called beside its wire: `d_c`, `h_before`.
 * @param {Stepping} stepping @param {{ name: string, before: boolean }} carried @param {boolean} back
 */
export function shown_name({ description }, { name, before }, back) {
  const own = back ? gradient_name(name) : name;
  return before && name !== description.cell.parameters[0]?.name ? `${own}_before` : own;
}

/**
 * A number in at most five letters: ".73", "−1.2", "1234", "7e−4".
 * @param {number} value
 */
export function short(value) {
  if (Number.isNaN(value)) return "NaN";
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size === Infinity) return `${sign}∞`;
  if (size === 0) return "0";
  if (size < 0.00095 || size >= 9999.5)
    return sign + size.toExponential(0).replace("+", "").replace("-", "−");
  if (size < 0.0995) return sign + size.toPrecision(size < 0.01 ? 1 : 2).slice(1);
  if (size < 0.995) return sign + size.toFixed(2).slice(1);
  return sign + size.toFixed(size < 9.95 ? 1 : 0);
}

/** The same for a difference: "+.73". @param {number} value */
export const signed = (value) => (value > 0 ? "+" : "") + short(value);
