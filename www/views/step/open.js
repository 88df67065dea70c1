/**
 * The Step view and the link: what a link says of it, and what is brought to the page when it opens.
 */
import { batch, effect, untracked } from "@preact/signals-core";
import { awaited } from "../../state/runs/rebuild.js";
import { notify } from "../../state/shared/store.js";
import { speed } from "../../state/step/player.js";
import * as step from "../../state/step/step.js";
import { DEFAULT_CHOICE, OWN, TYPED, too_long } from "../../state/step/choice.js";
import { on_network_change } from "../../state/step/trained.js";
import {
  keep_draft,
  keep_long,
  keep_script,
  kept_draft,
  kept_long,
  kept_script,
  typed_before_reload,
  script,
} from "../../state/step/draft.js";
import { miss_script, offer_back, offer_script_back } from "../../state/step/set_aside.js";

/** @typedef {import("../../state/step/choice.js").StepLink} StepLink */

/** What a link leaves on this machine, put into it. @param {StepLink} link @returns {StepLink} */
function whole(link) {
  const typed = typed_before_reload();
  if (Object.keys(typed).length > 0) return { ...link, choice: { ...link.choice, ...typed } };
  if (link.kept.length === 0) return link;
  const long = kept_long();
  const missing = !link.kept.every((name) => Object.hasOwn(long, name));
  const text =
    "Something of this link is too long for a link and is not on this machine: ask its author for it.";
  if (missing) notify({ key: "link-long", kind: "trouble", text });
  const taken = (/** @type {"text" | "numbers"} */ name) =>
    (link.kept.includes(name) && long[name]) || link.choice[name];
  const choice = { ...link.choice, text: taken("text"), numbers: taken("numbers") };
  return { ...link, choice, edits: (link.kept.includes("edits") && long.edits) || link.edits };
}

/** @param {StepLink} given */
export function follow_step_link(given) {
  const link = whole(given);
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
  follow_script(link);
  if (brought && kept?.accepted !== code) {
    keep_draft({ typed: code, accepted: code });
    if (kept && kept.typed !== code) offer_back(kept.typed, code, "This link");
  }
  const anew = state() !== before || step.awaits_link();
  if (!anew && step.stepping.value?.live) step.show_linked_number();
  return anew;
}

/** The script of a link, or the one that is kept here. @param {import("../../state/step/choice.js").StepLink} link */
function follow_script({ script: brought, script_at }) {
  const kept = script.value?.source ?? kept_script();
  const source = brought ? brought : kept;
  if (brought === "" && kept === null) miss_script();
  script.value = source === null ? null : { source, shown: script_at !== null, at: script_at ?? 0 };
  if (!brought || brought === kept) return;
  keep_script(brought);
  if (kept) offer_script_back(kept);
}

/** What decides the numbers that are shown. */
function state() {
  return JSON.stringify([step.choice.value, step.stepping.value?.outcome.edits ?? []]);
}

/** What the link holds of the present state; positions passed while playing are not written. */
export function step_link() {
  const edits = made_edits();
  const long = too_long({ choice: step.choice.value, edits });
  if (long.length > 0)
    keep_long({
      ...Object.fromEntries(TYPED.map((name) => [name, step.choice.value[name]])),
      edits: edits.map(({ part, name, timestep, index, new: value }) => ({
        part,
        name,
        timestep,
        index,
        new: value,
      })),
    });
  return {
    choice: step.choice.value,
    at: step.at.value,
    unit: step.unit.value,
    speed: speed.value,
    level: step.level.value,
    edits,
    difference: step.difference.value,
    number: step.chosen.value,
    summed: step.summed.value,
    panel: step.panel.value,
    script: is_scripted() ? (script.value?.source ?? null) : null,
    script_at: script.value?.shown ? script.value.at : null,
  };
}

/** Whether the script is what is shown, or where the numbers come from. */
const is_scripted = () => script.value?.shown || step.choice.value.input === "script";

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
  // Where the engine could not be fetched, the address keeps what a link asks for.
  const made = step.stepping.value?.outcome.edits ?? [];
  return made.length > 0 ? made : step.awaited_edits();
}
