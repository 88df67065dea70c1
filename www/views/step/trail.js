/**
 * The meaning of a number by its address, whether it can be changed, and the addresses of its operands.
 */
import { fine } from "../../state/shared/format.js";
import { name_behind } from "../../state/shared/symbols.js";
import * as step from "../../state/step/step.js";
import { BACKWARD, CELL, FORWARD, PHASE, OUTPUT } from "../../state/step/walk.js";
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
  const plain = name_behind(address.name);
  const known = name_of(stepping, gradient ? plain : address.name);
  const role = parameter_role(stepping, address);
  if (step.position.value?.phase === PHASE.SUM && gradient) return `gradient of ${plain}, at ${at}`;
  if (role === "input" && address.part === CELL) return `number ${address.index} of what is read at ${at}`;
  if (role === "weight") return "a weight, the same at every timestep";
  if (gradient) return `gradient of ${known ? `the ${known}` : plain} at ${at}`;
  return `${known ? `${known} ` : ""}of unit ${address.index} at ${at}`;
}

/** @param {Explanation} explanation */
export function origin_words({ origin }) {
  switch (origin?.kind) {
    case "input":
      return "Read from the input at this timestep.";
    case "initial":
      return "The state before the first step: zero, unless you change it.";
    case "weight":
      return "A weight: learned, and the same at every timestep.";
    case "line":
      return "Handed on by the timestep before.";
    case "arriving":
      return `What arrives: ${fine(origin.from_loss)} from the loss${
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
        label: `${origin.address.name} at timestep ${origin.address.timestep + 1}`,
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

/** Where an operand can be looked at. @param {Operand} operand @param {Address} from @returns {Address | null} */
export function address_of(operand, from) {
  const { origin } = operand;
  if (origin.kind === "line") return { ...origin.address, part: from.part };
  if (origin.kind === "written" || origin.kind === "part" || origin.kind === "returned") return null;
  const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(operand.label)?.[0];
  const index = flat_index(operand.label, from, name ?? "");
  if (!name || index === null) return null;
  const stepping = step.stepping.value;
  if (!stepping) return null;
  return { ...from, line: step.side_of(stepping, from.part, from.pass).head, name, index };
}

/** `W[3, 17]` as an index row after row. @param {string} label @param {Address} from @param {string} name */
function flat_index(label, from, name) {
  const inside = /\[([^\]]*)\]$/.exec(label)?.[1];
  if (inside === undefined) return 0;
  const indices = inside.split(",").map((part) => Number(part));
  const stepping = step.stepping.value;
  if (!stepping || indices.some((k) => !Number.isInteger(k))) return null;
  const array = step.side_of(stepping, from.part, from.pass).given.find((given) => given.name === name);
  if (!array) return null;
  return indices.length === 2 ? indices[0] * (array.shape[1] ?? 1) + indices[1] : indices[0];
}
