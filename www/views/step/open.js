/**
 * The Step view and the link: what a link says of it, and what is brought to the page when it opens.
 */
import { batch } from "@preact/signals-core";
import { speed } from "../../state/player.js";
import * as step from "../../state/step.js";
import { OWN } from "../../state/step_choice.js";
import { on_network_change } from "../../state/step_trained.js";
import { keep_code, kept_code } from "./draft.js";

/** @param {import("../../state/step_choice.js").StepLink} link */
export function follow_step_link(link) {
  const before = JSON.stringify(step.choice.value);
  const code = link.choice.cell === OWN ? link.choice.code : kept_code() ?? link.choice.code;
  batch(() => {
    step.choice.value = { ...link.choice, code };
    if (link.at !== null) step.at.value = link.at;
    if (link.unit !== null) step.unit.value = link.unit;
    if (link.level !== null && link.level <= 2) step.level.value = link.level;
    if (link.speed !== null) speed.value = link.speed;
  });
  if (link.choice.cell === OWN) keep_code(code);
  return JSON.stringify(step.choice.value) !== before;
}

/** What the link holds of the present state; positions passed while playing are not written. */
export function step_link() {
  return { choice: step.choice.value, at: step.at.value, unit: step.unit.value, speed: speed.value, level: step.level.value };
}

/** The recorded session first, then the live one. */
export async function open_step() {
  await step.show_recorded_session();
  await step.prepare_session();
  on_network_change(() => void step.prepare_session());
}
