/**
 * One sentence about the run when training pauses. The engine judges it from what happened.
 */
import { signal } from "@preact/signals-core";
import { run_judge } from "../../engine/plots.js";
import { count } from "../shared/format.js";
import * as store from "../shared/store.js";
import { pace } from "./insight.js";

/** Empty while training runs and where another network was set up. */
export const ending = signal("");

/** Whether the probabilities have become 0 or 1, so that training on changes nothing. */
export const broken_down = signal(false);

/** Only the latest pause is judged. */
let asked = 0;

export function forget_ending() {
  asked += 1;
  ending.value = "";
  broken_down.value = false;
}

/** @param {"asked" | "reached"} reason whether the reader paused, or the epochs are over */
export async function judge_ending(reason) {
  const mine = ++asked;
  const setup = store.setup.value;
  if (!setup || store.history.value.length === 0) return;
  const { judge, broke_down } = await run_judge();
  if (mine !== asked) return;
  const { losses, accuracies, validation } = store.history.value;
  const run = () => ({
    losses,
    accuracies,
    validation,
    baseline: setup.baseline?.accuracy,
    guessing_loss: setup.guessing_loss ?? undefined,
    steps_per_epoch: setup.steps_per_epoch,
  });
  const course = judge(run());
  ending.value = `${where(reason, setup.steps_per_epoch)} ${course}`;
  broken_down.value = broke_down(run());
}

/** Where the run stands. @param {"asked" | "reached"} reason @param {number} per_epoch */
function where(reason, per_epoch) {
  const updates = store.updates.value;
  if (reason === "asked") return `Paused after update ${count(updates)}.`;
  const epochs = updates / per_epoch;
  const wanted = store.experiment.value.document.fit.epochs;
  const until = pace.value?.until ?? 0;
  if (updates < until) return `Early stopping ended the run after ${in_words(epochs)}.`;
  return epochs < wanted
    ? `Paused after ${count(epochs)} of ${in_words(wanted)}.`
    : `Finished after ${in_words(epochs)}.`;
}

/** @param {number} epochs */
function in_words(epochs) {
  return epochs === 1 ? "1 epoch" : `${count(epochs)} epochs`;
}
