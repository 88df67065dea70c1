/**
 * The meaning of a number by its address, whether it can be changed, and the addresses of its operands.
 */
import { fine } from "../../state/shared/format.js";
import * as step from "../../state/step/step.js";
import { BACKWARD, CELL, FORWARD, OUTPUT } from "../../state/step/walk.js";
import { label_of, name_of } from "./words.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/stepping.js").Address} Address */
/** @typedef {import("../../state/step/stepping.js").Operand} Operand */
/** @typedef {import("../../state/step/stepping.js").Explanation} Explanation */

/**
 * @param {Stepping} stepping
 * @param {Address} address
 * @returns {"input" | "state" | "weight" | null} what can be changed by hand
 */
export function parameter_role(stepping, address) {
  if (address.pass !== FORWARD) return null;
  const part = address.part === CELL ? stepping.description.cell : stepping.description.output;
  const parameter = part.parameters.find(({ name }) => name === address.name);
  if (!parameter || address.line > part.forward.head) {
    const assigned = part.forward.lines.some(
      (line) => line.line <= address.line && line.writes.some(({ name }) => name === address.name),
    );
    if (!parameter || assigned) return null;
  }
  if (address.part === OUTPUT) return parameter.role === "weight" ? "weight" : null;
  return parameter.role;
}

/** @param {Stepping} stepping @param {Address} address */
export function described(stepping, address) {
  const at = label_of(stepping, address.timestep);
  const gradient = address.pass === BACKWARD && address.name.startsWith("d");
  const role = parameter_role(stepping, address);
  if (gradient) return carried_gradient(stepping, address) ?? `gradient at ${at}`;
  if (role === "input" && address.part === CELL) return `input at ${at}`;
  if (role === "weight") return "a weight, the same at every timestep";
  if (role === "state") return `the state that enters ${at}`;
  const known = name_of(stepping, address.name);
  const { said, classes } = stepping.description;
  if (address.part === OUTPUT && address.name === "y" && said === "classes")
    return `probability of “${classes[address.index] ?? `class ${address.index}`}” after ${at}`;
  if (address.part === OUTPUT) return [known, `after ${at}`].filter(Boolean).join(" ");
  const unit = is_of_units(stepping, address) ? ` of unit ${address.index}` : "";
  return known ? `${known}${unit} at ${at}` : `at ${at}`;
}

/**
 * Whether a value of the cell has one number for each unit: not where it has several columns.
 * @param {Stepping} stepping @param {Address} address
 */
function is_of_units(stepping, address) {
  const { lines } = stepping.description.cell.forward;
  const own = lines.flatMap(({ writes }) => writes).find(({ name }) => name === address.name);
  return (own?.shape[1] ?? 1) === 1;
}

/**
 * In the adjoint the gradient that arrives at a state and the one that is sent to the word before have one name.
 * @param {Stepping} stepping @param {Address} address @returns {string | null} null for any other number
 */
export function carried_gradient(stepping, { part, pass, timestep, name, line }) {
  if (part !== CELL || pass !== BACKWARD) return null;
  const { parameters, backward, outputs } = stepping.description.cell;
  const state = parameters.find((known) => known.role === "state" && `d_${known.name}` === name);
  if (!state) return null;
  const at = label_of(stepping, timestep);
  if (line <= backward.head) return `gradient that arrives at ${at}`;
  const last = backward.lines.findLast(({ writes }) => writes.some((written) => written.name === name));
  if (last?.line !== line || outputs.includes(state.name)) return null;
  return timestep === 0
    ? `gradient sent to the state before ${at}`
    : `gradient sent to ${label_of(stepping, timestep - 1)}`;
}

/** @param {Explanation} explanation */
export function origin_words({ origin }) {
  switch (origin?.kind) {
    case "initial":
      return "The state before the first timestep.";
    case "line":
      return "Made at the timestep before.";
    case "arriving":
      return `${fine(origin.from_loss)} from the loss${
        origin.from_next ? `, ${fine(origin.from_next[0])} from the next timestep` : ""
      }.`;
    default:
      return "";
  }
}

/**
 * @param {import("../../state/step/stepping.js").Origin} origin
 * @param {Address} address
 * @returns {{ label: string, where: Address }[]}
 */
export function origin_targets(origin, address) {
  if (origin.kind === "line")
    return [
      {
        label: `${origin.address.name} after ${label_at(origin.address.timestep)}`,
        where: { ...origin.address, part: address.part },
      },
    ];
  if (origin.kind === "input" && address.part === OUTPUT) return cell_state(address);
  if (origin.kind !== "arriving") return [];
  const targets = [];
  if (origin.from_loss !== 0) targets.push(...from_loss(address));
  if (origin.from_next && origin.from_next[1].name)
    targets.push({ label: "from the next timestep", where: { ...origin.from_next[1], part: address.part } });
  return targets;
}

/** @param {number} timestep */
function label_at(timestep) {
  const stepping = step.stepping.value;
  return stepping ? label_of(stepping, timestep) : "";
}

/**
 * What the output reads was made by the cell.
 * @param {Address} address
 * @returns {{ label: string, where: Address }[]}
 */
function cell_state(address) {
  const cell = step.stepping.value?.description.cell;
  const name = cell?.parameters[1 + (step.stepping.value?.description.read_state ?? 0)]?.name;
  if (!cell || !name) return [];
  return [
    {
      label: "from the cell",
      where: { ...address, part: CELL, pass: FORWARD, line: cell.forward.last, name },
    },
  ];
}

/** @param {Address} address @returns {{ label: string, where: Address }[]} */
function from_loss(address) {
  const output = step.stepping.value?.description.output;
  if (!output) return [];
  return [
    {
      label: "from the loss",
      where: { ...address, part: OUTPUT, pass: BACKWARD, line: output.backward.last, name: "d_h" },
    },
  ];
}

/**
 * The sign with which the product of a term's factors enters the sum.
 * @param {import("../../types/engine.js").Contribution} term
 */
export function is_subtracted({ value, factors }) {
  return factors.reduce((product, factor) => product * Math.sign(factor.value), Math.sign(value)) < 0;
}

/**
 * The factors of a term as they are multiplied: `0.5 × −0.2`, or `−(0.5 × −0.2)` where it is subtracted.
 * @param {import("../../types/engine.js").Contribution} term
 */
export function multiplied(term) {
  const product = term.factors.map((factor) => factor.shown).join(" × ");
  return is_subtracted(term) ? `−(${product})` : product;
}

/** Where an operand can be looked at. @param {Operand} operand @param {Address} from @returns {Address | null} */
export function address_of({ origin, address }, from) {
  if (origin.kind === "input" && from.part === OUTPUT && address)
    return cell_state({ ...address, part: from.part })[0]?.where ?? null;
  return address && { ...address, part: from.part };
}
