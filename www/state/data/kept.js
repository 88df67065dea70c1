/**
 * All that this page keeps on this machine: a reader's data, first weights from files, and trained runs.
 */
import { signal } from "@preact/signals-core";
import { all_runs, forget_run } from "../runs/run_storage.js";
import * as store from "../shared/store.js";
import { layers_in_words } from "../train/experiment.js";
import { experiment_of_run } from "../train/keeping.js";
import { all_weights, forget_weights } from "./first_weights.js";
import { all_files, forget_file } from "./own_files.js";

/** @typedef {import("../../types/engine.js").Experiment} Experiment */

/**
 * @typedef {object} Kept
 * @property {"data" | "weights" | "run"} kind
 * @property {string} key
 * @property {string} name
 * @property {number} bytes
 * @property {number} saved_at milliseconds since 1970
 * @property {string[]} needed_by what cannot be opened any more without it
 */

/** What is kept, the newest first; null until it was looked at. */
export const kept = signal(/** @type {Kept[] | null} */ (null));

export async function look_at_kept() {
  const [files, weights, runs] = await Promise.all([all_files(), all_weights(), all_runs()]);
  const documents = runs.map(([, run]) => ({
    document: experiment_of_run(run).document,
    name: `the run of ${title_of(run)}`,
  }));
  const shown = { document: store.experiment.value.document, name: "the experiment on this page" };
  const needing = (/** @type {(document: Experiment) => string | undefined} */ hash_in, /** @type {string} */ hash) =>
    [shown, ...documents].filter(({ document }) => hash_in(document) === hash).map(({ name }) => name);
  /** @type {Kept[]} */
  const all = [
    ...files.map((file) => ({
      kind: /** @type {const} */ ("data"),
      key: file.hash,
      name: file.name,
      bytes: file.source.byteLength + file.packed.byteLength,
      saved_at: file.saved_at,
      needed_by: needing(({ data }) => data.file?.hash, file.hash),
    })),
    ...weights.map((file) => ({
      kind: /** @type {const} */ ("weights"),
      key: file.hash,
      name: file.name,
      bytes: file.bytes.byteLength,
      saved_at: file.saved_at,
      needed_by: needing((document) => document.weights?.hash, file.hash),
    })),
    ...runs.map(([key, run]) => ({
      kind: /** @type {const} */ ("run"),
      key,
      name: title_of(run),
      bytes: run.checkpoint.byteLength + run.history.losses.byteLength + run.history.accuracies.byteLength,
      saved_at: run.saved_at,
      needed_by: [],
    })),
  ];
  kept.value = all.sort((one, other) => other.saved_at - one.saved_at);
}

/**
 * “LSTM 32, 312 updates”, or the title of its experiment.
 * @param {import("../runs/run_storage.js").SavedRun} run
 */
function title_of(run) {
  const { document } = experiment_of_run(run);
  return `“${document.title}” (${layers_in_words(document)}), ${run.step} updates`;
}

/** @param {Kept} one */
export async function forget({ kind, key }) {
  if (kind === "data") await forget_file(key);
  else if (kind === "weights") await forget_weights(key);
  else await forget_run(key, { whatever: true });
  await look_at_kept();
}
