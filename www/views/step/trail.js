/**
 * Where a number stands, what may be done with it, and where its operands can be looked at.
 */
import { fine } from "../../state/shared/format.js";
import * as step from "../../state/step/step.js";
import { BACKWARD, CELL, FORWARD, MOMENT, OUTPUT } from "../../state/step/walk.js";
import { label_of, name_of } from "./words.js";

/** @typedef {import("../../state/step/stepping.js").Session} Session */
/** @typedef {import("../../state/step/stepping.js").Place} Place */
/** @typedef {import("../../state/step/stepping.js").Operand} Operand */
/** @typedef {import("../../state/step/stepping.js").Explanation} Explanation */

/**
 * @param {Session} session
 * @param {Place} place
 * @returns {"input" | "state" | "weight" | null} what can be changed by hand
 */
export function parameter_role(session, place) {
  if (place.phase !== FORWARD) return null;
  const part = place.part === CELL ? session.description.cell : session.description.output;
  const parameter = part.parameters.find(({ name }) => name === place.name);
  if (!parameter || place.line > part.forward.head) {
    const assigned = part.forward.lines.some(
      (line) => line.line <= place.line && line.writes.some(({ name }) => name === place.name),
    );
    if (!parameter || assigned) return null;
  }
  if (place.part === OUTPUT) return parameter.role === "weight" ? "weight" : null;
  return parameter.role;
}

/** @param {Session} session @param {Place} place */
export function described(session, place) {
  const at = label_of(session, place.t);
  const gradient = place.phase === BACKWARD && place.name.startsWith("d");
  const plain = place.name.replace(/^dz?_/, "").replace(/_before$/, "");
  const known = name_of(session, gradient ? plain : place.name);
  const role = parameter_role(session, place);
  if (step.stop.value?.moment === MOMENT.SUM && gradient) return `gradient of ${plain}, at ${at}`;
  if (role === "input" && place.part === CELL) return `number ${place.index} of what is read at ${at}`;
  if (role === "weight") return "a weight, the same at every timestep";
  if (gradient) return `gradient of ${known ? `the ${known}` : plain} at ${at}`;
  return `${known ? `${known} ` : ""}of unit ${place.index} at ${at}`;
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

/** @param {import("../../state/step/stepping.js").EnginePlace} place @param {number} part @returns {Place} */
function to_place({ phase, timestep, line, name, index }, part) {
  return { part, phase: phase === "forward" ? FORWARD : BACKWARD, t: timestep, line, name, index };
}

/**
 * @param {import("../../state/step/stepping.js").Origin} origin
 * @param {Place} place
 * @returns {{ label: string, where: Place }[]}
 */
export function origin_targets(origin, place) {
  if (origin.kind === "line")
    return [
      {
        label: `${origin.place.name} at timestep ${origin.place.timestep + 1}`,
        where: to_place(origin.place, place.part),
      },
    ];
  if (origin.kind === "input" && place.part === OUTPUT) return cell_state(place);
  if (origin.kind !== "arriving") return [];
  const targets = [];
  if (origin.from_loss !== 0) targets.push(...from_loss(place));
  if (origin.from_next && origin.from_next[1].name)
    targets.push({ label: "from the next timestep", where: to_place(origin.from_next[1], place.part) });
  return targets;
}

/** What the output reads was made by the cell. @param {Place} place @returns {{ label: string, where: Place }[]} */
function cell_state(place) {
  const cell = step.session.value?.description.cell;
  const name = cell?.parameters[1 + (step.session.value?.description.read_state ?? 0)]?.name;
  if (!cell || !name) return [];
  return [
    {
      label: "from the cell",
      where: { part: CELL, phase: FORWARD, t: place.t, line: cell.forward.last, name, index: place.index },
    },
  ];
}

/** @param {Place} place @returns {{ label: string, where: Place }[]} */
function from_loss(place) {
  const output = step.session.value?.description.output;
  if (!output) return [];
  return [
    {
      label: "from the loss",
      where: {
        part: OUTPUT,
        phase: BACKWARD,
        t: place.t,
        line: output.backward.last,
        name: "d_h",
        index: place.index,
      },
    },
  ];
}

/** Where an operand can be looked at. @param {Operand} operand @param {Place} from @returns {Place | null} */
export function place_of(operand, from) {
  const { origin } = operand;
  if (origin.kind === "line") return to_place(origin.place, from.part);
  if (origin.kind === "written" || origin.kind === "part" || origin.kind === "returned") return null;
  const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(operand.label)?.[0];
  const index = flat_index(operand.label, from, name ?? "");
  if (!name || index === null) return null;
  const session = step.session.value;
  if (!session) return null;
  return { ...from, line: step.side_of(session, from.part, from.phase).head, name, index };
}

/** `W[3, 17]` as a position row after row. @param {string} label @param {Place} from @param {string} name */
function flat_index(label, from, name) {
  const inside = /\[([^\]]*)\]$/.exec(label)?.[1];
  if (inside === undefined) return 0;
  const position = inside.split(",").map((part) => Number(part));
  const session = step.session.value;
  if (!session || position.some((k) => !Number.isInteger(k))) return null;
  const array = step.side_of(session, from.part, from.phase).given.find((given) => given.name === name);
  if (!array) return null;
  return position.length === 2 ? position[0] * (array.shape[1] ?? 1) + position[1] : position[0];
}
