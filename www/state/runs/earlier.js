/**
 * The runs of this visit that the reader has left: their courses stay to be compared with the present one.
 */
import { signal } from "@preact/signals-core";
import { percent } from "../shared/format.js";
import { title_of } from "../shared/listing_cell.js";
import { LIMITS, run_key } from "../train/settings.js";

/** @typedef {import("../train/settings.js").Settings} Settings */
/** @typedef {import("../../types/engine.js").Evaluation} Evaluation */
/** @typedef {import("./keep.js").SavedRun} SavedRun */
/**
 * @typedef {{ key: string, settings: Settings, validation: Evaluation[], saved: SavedRun | null }} EarlierRun with the
 *   run as its last checkpoint has it
 */

/** More curves than this could not be told apart. */
const MOST = 6;

/** The newest first. */
export const earlier = signal(/** @type {EarlierRun[]} */ ([]));

/**
 * What tells courses apart: with another learning rate the same network takes another one.
 * @param {Settings} settings
 */
function course_key(settings) {
  return `${run_key(settings)} ${settings.rate}`;
}

/**
 * A run that is left: it replaces what was kept of the same run.
 * @param {Settings} settings @param {Evaluation[]} validation @param {SavedRun | null} [saved]
 */
export function leave_run(settings, validation, saved = null) {
  if (validation.length === 0) return;
  const key = course_key(settings);
  const others = earlier.value.filter((run) => run.key !== key);
  const run = { key, settings: { ...settings }, validation: [...validation], saved };
  earlier.value = [run, ...others].slice(0, MOST);
}

export function clear_earlier() {
  earlier.value = [];
}

/** Those that can be compared with the present run: others on the same data. @param {Settings} present */
export function comparable(present) {
  const key = course_key(present);
  return earlier.value.filter((run) => run.key !== key && run.settings.data === present.data);
}

/**
 * “LSTM 12 · learning rate 0.01”: the cell, its units, and what else differs from the present settings.
 * @param {Settings} settings @param {Settings} present
 */
export function named(settings, present) {
  const names = /** @type {(keyof typeof LIMITS)[]} */ (Object.keys(LIMITS));
  const differing = names.filter((name) => name !== "units" && settings[name] !== present[name]);
  const parts = differing.map((name) => `${LIMITS[name].label.toLowerCase()} ${settings[name]}`);
  return [`${title_of(settings)} ${settings.units}`, ...parts].join(" · ");
}

/** The last validation accuracy. @param {EarlierRun} run */
export function reached(run) {
  return percent(run.validation[run.validation.length - 1].accuracy, 1);
}
