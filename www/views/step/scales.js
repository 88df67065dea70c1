/**
 * Which value has full colour in the figures of the Step view.
 */
import { round_scale } from "../../figures/field.js";
import { BETWEEN_0_AND_1 } from "../../state/shared/symbols.js";
import * as step from "../../state/step/step.js";
import { BACKWARD, CELL, FORWARD } from "../../state/step/walk.js";
import { hue, hues_of } from "./hues.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */

/** The name of the state that the output reads. @param {Stepping} stepping */
export function read_state(stepping) {
  return stepping.description.cell.parameters[1 + stepping.description.read_state]?.name ?? "h";
}

/**
 * The state whose gradient goes from word to word: the one that the output reads, except where no later word reads it.
 * @param {Stepping} stepping
 */
export function carried_state(stepping) {
  const { outputs, parameters } = stepping.description.cell;
  const read = read_state(stepping);
  const carried = parameters.find(({ role, name }) => role === "state" && !outputs.includes(name));
  return outputs.includes(read) ? (carried?.name ?? read) : read;
}

/**
 * ±1 forwards; a round number above the largest gradient or difference otherwise.
 * @param {Stepping} stepping
 * @param {{ pass: import("../../types/engine.js").Pass }} position
 */
export function scale_of(stepping, { pass }) {
  return step.difference.value || pass === FORWARD ? state_scale(stepping) : gradient_scale(stepping);
}

/** Gates and states: 1, or what fits the largest difference of the state. @param {Stepping} stepping */
export function state_scale(stepping) {
  if (!step.difference.value) return 1;
  const { forward } = stepping.description.cell;
  return round_scale(
    step.shown_values({ part: CELL, pass: FORWARD, line: forward.last, name: read_state(stepping) }),
  );
}

/**
 * The colour of a gate's numbers, which lie between 0 and 1: its own, as in the figures of training, or grey where it
 * has none; "" for all other numbers, whose colours diverge from 0.
 * @param {Stepping} stepping
 * @param {import("../../types/engine.js").Pass} pass
 * @param {string} name
 */
export function share_hue(stepping, pass, name) {
  if (pass !== FORWARD || step.difference.value) return "";
  const { lines } = stepping.description.cell.forward;
  const made = lines.findLast((line) => line.writes.some((written) => written.name === name));
  return made && BETWEEN_0_AND_1.includes(made.made_by) ? (hue(hues_of(stepping), name) ?? "--ink-2") : "";
}

/** @type {{ stepping: Stepping | null, version: number, scale: number }} */
let measured = { stepping: null, version: -1, scale: 1 };

/** One scale for all gradients of a stepping. @param {Stepping} stepping */
export function gradient_scale(stepping) {
  const version = step.version.value;
  if (measured.stepping !== stepping || measured.version !== version) {
    const { backward } = stepping.description.cell;
    const gradients = stepping.values({
      part: CELL,
      pass: BACKWARD,
      line: backward.head,
      name: `d_${carried_state(stepping)}`,
    });
    measured = { stepping, version, scale: round_scale(gradients) };
  }
  return measured.scale;
}
