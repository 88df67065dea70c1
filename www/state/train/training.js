/**
 * Train, pause, one update, reset, and what the worker reports of it.
 */
import { History } from "../runs/history.js";
import { leave_run } from "../runs/earlier.js";
import { forget_run, save_run } from "../runs/run_storage.js";
import { forget_ending, judge_ending } from "./ending.js";
import { show_text, watch_text } from "./reading.js";
import { experiment_of_run, forget_checkpoint, last_saved } from "./keeping.js";
import { prepare } from "./run.js";
import { leg_ended, set_rate } from "../runs/rebuild.js";
import { key_of } from "./experiment.js";
import { draft } from "./model.js";
import { with_controls } from "./places.js";
import { count } from "../shared/format.js";
import { lines_of } from "./lines.js";
import { forget_slow, note_pace, play } from "./insight.js";
import * as store from "../shared/store.js";
import { attempt, expect_events, on } from "../shared/connection.js";
import { write_address } from "../shared/address.js";

on("progress", ({ report, pace }) => take(report, pace));
on("paused", ({ reason }) => paused(reason));
on("failed", ({ failure }) => stopped(failure));

/** Whether the network on show can be trained: a changed model that cannot be trained yet is not the one behind it. */
const can_train = () => store.status.value === "ready" && draft.value === null;

/** Trains for some more epochs, or until `pause`. */
export async function train() {
  await train_for(store.experiment.value.document.fit.epochs);
}

/** Trains to the end of the present epoch. */
export async function train_epoch() {
  await train_for(1);
}

/** Trains up to the next multiple of so many epochs. @param {number} epochs */
async function train_for(epochs) {
  const setup = store.setup.value;
  if (!setup || !can_train()) return;
  const leg = epochs * setup.steps_per_epoch;
  const until_step = (Math.floor(store.updates.value / leg) + 1) * leg;
  note_pace(null, until_step);
  forget_slow();
  store.status.value = "training";
  forget_ending();
  store.dismiss("revived");
  expect_events(true);
  const begun = await attempt(async (engine) => {
    await watch_text(engine);
    const lines = lines_of(store.experiment.value.document);
    await engine.request("train", {
      until_step,
      steps_per_second: store.speed.value,
      ...(lines && { lines }),
    });
  });
  if (!begun && store.status.value === "training") store.status.value = "ready";
}

export async function pause() {
  if (store.status.value === "training") await attempt((engine) => engine.request("pause", null));
}

export async function toggle() {
  if (store.status.value === "training") await pause();
  else await train();
}

/** One update of the weights; training pauses for it. */
export async function update_once() {
  await pause();
  if (!can_train()) return;
  await attempt(async (engine) => {
    if (store.origin.value?.from !== "network") await watch_text(engine);
    await engine.request("step_once", null);
    await judge_ending("asked");
  });
}

/** One update of the weights, phase by phase; training pauses for it. */
export async function slow_motion() {
  await pause();
  if (!can_train()) return;
  await attempt(async (engine) => {
    if (store.origin.value?.from !== "network") await watch_text(engine);
    play(await engine.request("slow_update", null));
    await judge_ending("asked");
  });
}

/** Back to update 0 with the same seed; the run so far can be restored. */
export async function reset() {
  await pause();
  const before = last_saved();
  const experiment = store.experiment.value;
  const { rate } = store.settings.value;
  const done = await attempt(async (engine) => {
    await engine.request("reset", null);
    await set_rate(engine, rate);
  });
  if (!done) return;
  leave_run(experiment, store.history.value.validation, before);
  await forget_run(key_of(experiment));
  forget_checkpoint();
  store.history.value = new History();
  forget_slow();
  store.updates.value = 0;
  forget_ending();
  store.rates.value = Number.isFinite(rate) ? [[0, rate]] : [];
  write_address(); // A reload is not to train it again.
  await show_text();
  if (before) offer_back(before);
}

/** The same network from update 0, trained with another learning rate. @param {number} learning_rate */
export async function start_again(learning_rate) {
  await pause();
  await set_learning_rate(learning_rate);
  await reset();
  await train();
}

/** Where the first weights come from. */
function origin_of_weights() {
  const { weights } = store.experiment.value.document;
  return weights ? `first weights, those of “${weights.name}”` : "seed";
}

/** @param {import("../runs/run_storage.js").SavedRun} before */
function offer_back(before) {
  const bring_back = async () => {
    store.dismiss("reset");
    await save_run(key_of(experiment_of_run(before)), before, { whatever: true });
    await prepare();
  };
  store.notify({
    key: "reset",
    kind: "note",
    text:
      `Back at update 0 with the same ${origin_of_weights()}. The run of ${count(before.step)} updates is set aside ` +
      "until you train again.",
    actions: [{ label: "Bring it back", run: bring_back }],
  });
}

/** Takes effect at the next update. @param {number} learning_rate */
export async function set_learning_rate(learning_rate) {
  const { document, from } = store.experiment.value;
  store.experiment.value = { from, document: with_controls(document, { rate: learning_rate }) };
  if (!store.setup.value) return;
  await attempt(async (engine) => {
    const { step } = await engine.request("set_learning_rate", { learning_rate });
    store.rates.value = [...store.rates.value.filter(([from]) => from < step), [step, learning_rate]];
  });
}

/** @param {number} steps_per_second 0 for full speed */
export async function set_speed(steps_per_second) {
  store.speed.value = steps_per_second;
  await attempt((engine) => engine.request("set_speed", { steps_per_second }));
}

/**
 * @param {import("../../types/engine.js").Report} report
 * @param {import("../../types/engine.js").Pace | null} pace
 */
function take(report, pace) {
  if (store.status.value === "preparing") return; // A late report of the run that was left.
  store.history.value.append(report);
  if (pace) note_pace(pace);
  store.updates.value = report.step;
  store.reports.value += 1; // A validation may come without an update.
  store.dismiss("reset");
}

/** @param {"asked" | "reached"} reason */
function paused(reason) {
  if (leg_ended(reason)) return;
  expect_events(false);
  if (store.status.value === "training") store.status.value = "ready";
  void judge_ending(reason);
}

/** @param {import("../../types/engine.js").Failure} failure */
function stopped(failure) {
  if (leg_ended(failure)) return;
  expect_events(false);
  if (store.status.value === "training") store.status.value = "ready";
  store.notify({ key: "failure", kind: "trouble", text: `Training stopped: ${failure.message}` });
}
