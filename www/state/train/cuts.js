/**
 * Smaller cuts of experiments that take too long for a lesson: they are opened first, the whole is one click away.
 */
import { computed, signal } from "@preact/signals-core";
import { experiment_menu, experiment_with_changes } from "../../pkg/unrolled.js";
import * as store from "../shared/store.js";
import { linked_experiment } from "./changes.js";
import { canonical } from "./experiment.js";
import { pace } from "./insight.js";

/** @typedef {import("../../types/engine.js").Cut} Cut */
/** @typedef {import("../../types/engine.js").MenuGroup} MenuGroup */

/** The engine's menu, once it was asked for. */
const groups = signal(/** @type {MenuGroup[]} */ ([]));

/** Every experiment, in groups; the page's engine must be there. */
export function menu() {
  if (groups.value.length === 0) groups.value = experiment_menu();
  return groups.value;
}

/**
 * What a cut changes in its document.
 * @param {Cut | null} cut @returns {import("../../types/engine.js").Changes}
 */
export function changes_of(cut) {
  if (!cut) return {};
  return { "/fit/epochs": cut.epochs, ...(cut.limit !== null && { "/data/limit": cut.limit }) };
}

/** The cut that is open, with the whole that it is cut from; null where there is none. */
export const open_cut = computed(() => {
  const linked = linked_experiment.value;
  if (!linked) return null;
  const entry = menu()
    .flatMap(({ entries }) => entries)
    .find(({ name }) => name === linked.name);
  if (!entry?.cut || canonical(linked.changes) !== canonical(changes_of(entry.cut))) return null;
  return { name: entry.name, cut: entry.cut, whole: experiment_with_changes(entry.name, {}) };
});

/** Seconds that the whole takes on this machine, from the pace of its cut; null before the first updates. */
export const whole_seconds = computed(() => {
  const found = open_cut.value;
  const known = pace.value?.pace;
  const setup = store.setup.value;
  const samples = store.dataset.value?.train;
  if (!found || !known || !setup || !samples) return null;
  const training = setup.train / known.samples_per_second;
  const evaluation = Math.max(0, known.seconds_per_epoch - training);
  const larger = samples / Math.min(samples, found.cut.limit ?? samples);
  return found.whole.fit.epochs * (training * larger + evaluation);
});
