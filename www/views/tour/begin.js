/**
 * What the tour sets up when it begins, and how the reader gets back what was there before.
 */
import { batch } from "@preact/signals-core";
import { notify, dismiss, route } from "../../state/shared/store.js";
import { DEFAULT_CHOICE } from "../../state/step/choice.js";
import { speed, stop_playing, stride } from "../../state/step/player.js";
import * as step from "../../state/step/step.js";
import { before, lead, left, tour } from "../../state/tour.js";

/**
 * What was there before, as long as the page is not loaded again: then its link serves, as it does for numbers that
 * were changed by hand.
 * @typedef {object} Before
 * @property {number} speed
 * @property {"line" | "timestep"} stride
 * @property {import("../../state/step/choice.js").StepChoice} choice
 * @property {number} at
 * @property {number} unit
 * @property {number} level
 * @property {string} route
 * @property {boolean} edited
 */

/** @type {Before | null} */
let was = null;

/** Sets up the network and the sentence that the tour speaks of; what was there before is remembered. */
export async function begin() {
  const reloaded = before.value !== null;
  before.value ??= location.hash.replace(/[?&]tour=\d+/, "") || "#/step";
  was ??= reloaded ? null : standing();
  const { code } = step.choice.value;
  const wanted = { ...DEFAULT_CHOICE, code };
  const same = JSON.stringify(wanted) === JSON.stringify(step.choice.value);
  const untouched = step.stepping.value?.outcome.edits.length === 0;
  if (same && untouched && step.stepping.value?.live) return;
  batch(() => {
    step.editing.value = false;
    step.choice.value = wanted;
  });
  await step.prepare_stepping();
}

/** @returns {Before} */
function standing() {
  return {
    speed: speed.value,
    stride: stride.value,
    choice: step.choice.value,
    at: step.at.value,
    unit: step.unit.value,
    level: step.level.value,
    route: route.value,
    edited: (step.stepping.value?.outcome.edits.length ?? 0) > 0,
  };
}

/** Ends the tour and brings back what was there. @param {boolean} finished */
export function end(finished) {
  const written = finished && step.choice.value.text !== DEFAULT_CHOICE.text;
  const link = before.value;
  stop_playing();
  batch(() => {
    left.value = finished ? null : tour.value;
    if (finished) lead.value = false;
    before.value = null;
    tour.value = null;
    speed.value = was?.speed ?? 1;
    stride.value = was?.stride ?? "line";
  });
  const known = was;
  const back = () => bring_back(link, known);
  was = null;
  if (written) offer_back(back);
  else back();
}

/** @param {string | null} link @param {Before | null} known */
function bring_back(link, known) {
  dismiss("tour");
  if (known && !known.edited) {
    batch(() => {
      step.choice.value = known.choice;
      step.at.value = known.at;
      step.unit.value = known.unit;
      step.level.value = known.level;
      step.chosen.value = null;
      route.value = known.route;
    });
    void step.prepare_stepping();
  } else if (link?.includes("?")) location.hash = link;
  else route.value = "step";
}

/** The reader wrote a sentence and may want to stay with it. @param {() => void} back */
function offer_back(back) {
  notify({
    key: "tour",
    kind: "note",
    text: "The tour is over; your sentence stays.",
    actions: [{ label: "Bring back what was here before", run: back }],
  });
}
