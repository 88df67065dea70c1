/**
 * What the tour sets up when it begins, and how the reader gets back what was there before.
 */
import { batch } from "@preact/signals-core";
import { notify, dismiss, route } from "../../state/shared/store.js";
import { DEFAULT_CHOICE } from "../../state/step/choice.js";
import { speed, stop_playing, stride } from "../../state/step/player.js";
import * as step from "../../state/step/step.js";
import { before, lead, left, tour } from "../../state/tour.js";

/** How the reader played before. @type {{ speed: number, stride: "line" | "timestep" } | null} */
let played = null;

/** Sets up the network and the sentence that the tour speaks of; what was there before is remembered as its link. */
export async function begin() {
  before.value ??= location.hash.replace(/[?&]tour=\d+/, "") || "#/step";
  played ??= { speed: speed.value, stride: stride.value };
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

/** Ends the tour; the link that is set brings back what was there. @param {boolean} finished */
export function end(finished) {
  const written = finished && step.choice.value.text !== DEFAULT_CHOICE.text;
  const link = before.value;
  stop_playing();
  batch(() => {
    left.value = finished ? null : tour.value;
    if (finished) lead.value = false;
    before.value = null;
    tour.value = null;
    if (played) {
      speed.value = played.speed;
      stride.value = played.stride;
    }
  });
  played = null;
  if (!link) return;
  if (written) offer_back(link);
  else bring_back(link);
}

/** @param {string} link */
function bring_back(link) {
  dismiss("tour");
  if (link.includes("?")) location.hash = link;
  else route.value = "step";
}

/** The reader wrote a sentence and may want to stay with it. @param {string} link */
function offer_back(link) {
  notify({
    key: "tour",
    kind: "note",
    text: "The tour is over; your sentence stays. What was here before the tour is kept.",
    actions: [{ label: "Bring it back", run: () => bring_back(link) }],
  });
}
