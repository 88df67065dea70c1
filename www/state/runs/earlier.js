/**
 * The runs of this visit that the reader has left: their courses stay to be compared with the present one.
 */
import { signal } from "@preact/signals-core";
import { decimal, percent } from "../shared/format.js";
import { title_of } from "../shared/listing_cell.js";
import { canonical, has_accuracy, key_of } from "../train/experiment.js";
import { read_control } from "../train/places.js";
import { LIMITS, page_settings, settings_of } from "../train/settings.js";

/** @typedef {import("../train/experiment.js").OpenExperiment} OpenExperiment */
/** @typedef {import("../../types/engine.js").Evaluation} Evaluation */
/** @typedef {import("./run_storage.js").SavedRun} SavedRun */
/**
 * @typedef {{ key: string, experiment: OpenExperiment, validation: Evaluation[], saved: SavedRun | null }} EarlierRun
 *   with the run as its last checkpoint has it
 */

/** More curves than this could not be told apart. */
const MOST = 6;

/** The newest first. */
export const earlier = signal(/** @type {EarlierRun[]} */ ([]));

/**
 * What tells courses apart: with another learning rate the same network takes another one.
 * @param {OpenExperiment} experiment
 */
function course_key(experiment) {
  return `${key_of(experiment)} ${read_control(experiment.document, "rate")}`;
}

/**
 * A run that is left: it replaces what was kept of the same run.
 * @param {OpenExperiment} experiment @param {Evaluation[]} validation @param {SavedRun | null} [saved]
 */
export function leave_run(experiment, validation, saved = null) {
  if (validation.length === 0) return;
  const key = course_key(experiment);
  const others = earlier.value.filter((run) => run.key !== key);
  const run = { key, experiment, validation: [...validation], saved };
  earlier.value = [run, ...others].slice(0, MOST);
}

export function clear_earlier() {
  earlier.value = [];
}

/**
 * Those that can be compared with the present run: others on the same data, judged by the same loss.
 * @param {OpenExperiment} present
 */
export function comparable(present) {
  const key = course_key(present);
  const judged = judged_by(present);
  return earlier.value.filter((run) => run.key !== key && judged_by(run.experiment) === judged);
}

/** @param {OpenExperiment} experiment */
function judged_by({ document: { data, compile } }) {
  return canonical([data.set, data.task, data.options, compile.loss]);
}

/**
 * “LSTM 12 · learning rate 0.01”: the cell, its units, and what else differs from the present one. An experiment
 * that the settings do not say has its title.
 * @param {OpenExperiment} experiment @param {OpenExperiment} shown the present one
 */
export function named({ document }, shown) {
  const settings = settings_of(document);
  if (!page_settings(document)) return `${document.title} · seed ${settings.seed}`;
  const present = settings_of(shown.document);
  const names = /** @type {(keyof typeof LIMITS)[]} */ (Object.keys(LIMITS));
  const differing = names.filter((name) => name !== "units" && settings[name] !== present[name]);
  const parts = differing.map((name) => `${LIMITS[name].label.toLowerCase()} ${settings[name]}`);
  return [`${title_of(settings)} ${settings.units}`, ...parts].join(" · ");
}

/** The last validation accuracy, or the loss where answers are numbers. @param {EarlierRun} run */
export function reached({ experiment, validation }) {
  const last = validation[validation.length - 1];
  return has_accuracy(experiment.document) ? percent(last.accuracy, 1) : `loss ${decimal(last.loss, 4)}`;
}
