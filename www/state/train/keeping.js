/**
 * Keeping the present run: at every checkpoint, when the page goes out of sight, and where it stands when it is closed.
 */
import { save_run } from "../runs/run_storage.js";
import { attempt, engine, on } from "../shared/connection.js";
import * as store from "../shared/store.js";
import { key_of, opened_by } from "./experiment.js";
import { note_reached } from "./reached.js";
import { page_settings } from "./settings.js";

/** @typedef {import("./experiment.js").OpenExperiment} OpenExperiment */
/** @typedef {import("../runs/run_storage.js").SavedRun} SavedRun */

/** @type {{ bytes: Uint8Array, step: number } | null} */
let checkpoint = null;
/** The update of the last checkpoint that has arrived where it is kept; a page may be closed before the next has. */
let arrived = 0;
/** A kept run with the same settings as a link's network: up to this update nothing is kept in its place. */
let kept_untouched_until = 0;

on("checkpoint", ({ run, bytes, step }) => {
  // A checkpoint of a run that is no longer chosen is dropped.
  if (run === key_of(store.experiment.value)) void keep({ bytes, step });
});

/** A page out of sight may be ended at any time. */
addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden" || store.status.value !== "training") return;
  note_present();
  const present = key_of(store.experiment.value);
  void attempt(async (worker) => {
    const point = await worker.request("checkpoint", null);
    if (present === key_of(store.experiment.value)) await keep(point);
  });
});
addEventListener("pagehide", note_present);

/** No checkpoint may be in time for a page that is closed: how far it came is enough to repeat the rest. */
function note_present() {
  const updates = store.updates.value;
  if (store.status.value !== "training" || updates <= kept_untouched_until) return;
  const key = key_of(store.experiment.value);
  note_reached({ key, kept: arrived, updates, rates: store.rates.value });
}

/** @param {SavedRun | null} kept the run that the engine has taken up */
export function begin_with(kept) {
  checkpoint = kept && { bytes: kept.checkpoint, step: kept.step };
  arrived = kept?.step ?? 0;
}

/** @param {number} updates up to which the kept run stays */
export function leave_untouched(updates) {
  kept_untouched_until = updates;
}

/** @param {{ bytes: Uint8Array, step: number }} point */
async function keep(point) {
  checkpoint = point;
  if (point.step <= kept_untouched_until) return;
  const run = saved(point);
  tell_end(await save_run(key_of(experiment_of_run(run)), run), run);
  if (checkpoint === point) arrived = point.step;
}

/** What was said of keeping, so that it is said once. @type {Set<string>} */
const told = new Set();

/** @param {Awaited<ReturnType<typeof save_run>>} end @param {SavedRun} run */
function tell_end(end, run) {
  if (end === "kept" || told.has(end)) return;
  told.add(end);
  if (end === "forbidden") {
    const text = "This browser does not let the page keep anything: a reload will lose the trained network.";
    return store.notify({ key: "keep", kind: "note", text });
  }
  const text =
    "Another tab has trained this network further, or with other learning rates: its run is kept, and a reload " +
    "will lose the one of this tab.";
  const replace = () => {
    told.delete(end);
    store.dismiss("keep");
    const present = last_saved();
    if (present) void save_run(key_of(experiment_of_run(run)), present, { whatever: true });
  };
  store.notify({
    key: "keep",
    kind: "note",
    text,
    actions: [{ label: "Keep this one instead", run: replace }],
  });
}

/** @param {{ bytes: Uint8Array, step: number }} point @returns {SavedRun} */
function saved(point) {
  const history = store.history.value.save();
  const experiment = store.experiment.value;
  return {
    version: 1,
    settings: store.settings.value,
    ...(!page_settings(experiment.document) && { experiment }),
    checkpoint: point.bytes,
    step: point.step,
    history,
    rates: store.rates.value,
    saved_at: Date.now(),
  };
}

/** The experiment of a run that was kept. @param {SavedRun} run @returns {OpenExperiment} */
export function experiment_of_run({ settings, experiment }) {
  return experiment ?? opened_by(settings);
}

/** The run as its last checkpoint has it. @returns {SavedRun | null} */
export function last_saved() {
  return checkpoint && saved(checkpoint);
}

/** After a reset there is no checkpoint. */
export function forget_checkpoint() {
  checkpoint = null;
  arrived = 0;
}

/**
 * Pauses and keeps the present run: the engine sends a checkpoint when training pauses.
 * @returns {Promise<SavedRun | null>} the run, if there is one
 */
export async function put_away() {
  if (store.status.value === "training") await (await engine()).request("pause", null);
  const run = last_saved();
  if (run && run.step > kept_untouched_until)
    tell_end(await save_run(key_of(experiment_of_run(run)), run), run);
  forget_checkpoint();
  kept_untouched_until = 0;
  return run;
}
