import * as step from "../../state/step/step.js";
import { CELL, FORWARD, PHASE, find_position } from "../../state/step/walk.js";

/**
 * Opens a word at the line where one is, in the present pass; from the output, at its last line.
 * @param {import("../../state/step/stepping.js").Stepping} stepping
 * @param {import("../../state/step/walk.js").Position} position
 * @param {number} t
 */
export function open_word(stepping, position, t) {
  step.chosen.value = null;
  if (step.level.value === 0) step.level.value = 1;
  const inside = position.part === CELL && position.phase !== PHASE.SUM;
  const found = find_position(stepping.positions, {
    part: CELL,
    pass: inside ? position.pass : FORWARD,
    timestep: t,
    line: inside ? position.line : Infinity,
  });
  if (found >= 0) step.at.value = found;
}
