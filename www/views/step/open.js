/**
 * The Step view and the link: what a link says of it, and what is brought to the page when it opens.
 */
import { batch, effect, untracked } from "@preact/signals-core";
import { awaited } from "../../state/runs/rebuild.js";
import { speed } from "../../state/step/player.js";
import * as step from "../../state/step/step.js";
import { DEFAULT_CHOICE, OWN } from "../../state/step/choice.js";
import { on_network_change } from "../../state/step/trained.js";
import { keep_draft, kept_draft } from "../../state/step/draft.js";
import { offer_back } from "../../state/step/set_aside.js";

/** @param {import("../../state/step/choice.js").StepLink} link */
export function follow_step_link(link) {
  const before = state();
  const kept = kept_draft();
  // A link without a listing, or whose listing was too long for it, uses the stored draft.
  const brought = link.choice.cell === OWN && link.choice.code !== DEFAULT_CHOICE.code;
  const code = brought ? link.choice.code : (kept?.accepted ?? link.choice.code);
  batch(() => {
    step.choice.value = { ...link.choice, code };
    if (link.at !== null) step.at.value = link.at;
    if (link.unit !== null) step.unit.value = link.unit;
    if (link.level !== null && link.level <= 2) step.level.value = link.level;
    if (link.speed !== null) speed.value = link.speed;
    step.summed.value = link.summed;
    step.panel.value = link.panel;
  });
  step.expect_link(link);
  if (brought && kept?.accepted !== code) {
    keep_draft({ typed: code, accepted: code });
    if (kept && kept.typed !== code) offer_back(kept.typed, code, "This link");
  }
  const anew = state() !== before || step.awaits_link();
  if (!anew && step.stepping.value?.live) step.show_linked_number();
  return anew;
}

/** What decides the numbers that are shown. */
function state() {
  return JSON.stringify([step.choice.value, step.stepping.value?.outcome.edits ?? []]);
}

/** What the link holds of the present state; positions passed while playing are not written. */
export function step_link() {
  return {
    choice: step.choice.value,
    at: step.at.value,
    unit: step.unit.value,
    speed: speed.value,
    level: step.level.value,
    edits: made_edits(),
    difference: step.difference.value,
    number: step.chosen.value,
    summed: step.summed.value,
    panel: step.panel.value,
  };
}

/** The recorded stepping, until the live one is there; before what a link describes nothing else is shown. */
export async function open_step() {
  if (!step.awaits_link()) void step.show_recorded_stepping();
  await step.prepare_stepping();
  effect(() => {
    if (awaited.value === null && step.stepping.value === null) untracked(() => void step.prepare_stepping());
  });
  on_network_change(() => void step.prepare_stepping());
}

function made_edits() {
  step.version.value;
  return step.stepping.value?.outcome.edits ?? [];
}
