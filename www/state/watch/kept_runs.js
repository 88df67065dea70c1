/**
 * Runs that are kept on this machine, beside the present one: how the gradient goes back through the same text in
 * their networks.
 */
import { signal } from "@preact/signals-core";
import { failure_from } from "../../engine/rpc.js";
import { count } from "../shared/format.js";
import * as store from "../shared/store.js";
import { key_of, layers_in_words, reads_words } from "../train/experiment.js";
import { pack_of } from "../train/open_network.js";
import { experiment_of_run } from "../train/keeping.js";
import { all_runs } from "../runs/run_storage.js";
import { analysis_worker } from "./analysis.js";

/** @typedef {import("../../figures/log_lines.js").Line} Line */
/** @typedef {{ key: string, name: string }} Choice */

/** More lines could not be told apart. */
export const MOST_CHOSEN = 3;

/** How their lines are drawn. @type {[string, string][]} */
const LOOKS = [
  ["--gate-i", ""],
  ["--gate-f", "9 3 2 3"],
  ["--gate-o", "12 4"],
];

/** The runs whose networks read words. */
export const choices = signal(/** @type {Choice[]} */ ([]));

/** Keys of those that are chosen, the earliest first. */
export const chosen = signal(/** @type {string[]} */ ([]));

/** Why one cannot be read. */
export const unread = signal("");

/** What the worker holds, and which worker. @type {{ worker: unknown, keys: Set<string> }} */
let held = { worker: null, keys: new Set() };

/** Looks at what is kept; the present run is not among them. */
export async function look_at_runs() {
  const present = key_of(store.experiment.value);
  const runs = await all_runs();
  choices.value = runs
    .map(([key, run]) => ({ key, run, document: experiment_of_run(run).document }))
    .filter(({ key, document }) => key !== present && reads_words(document))
    .sort((one, other) => other.run.saved_at - one.run.saved_at)
    .map(({ key, run, document }) => ({
      key,
      name: `${layers_in_words(document)}, ${count(run.step)} updates`,
    }));
  chosen.value = chosen.value.filter((key) => choices.value.some((choice) => choice.key === key));
}

/** @param {string} key @param {boolean} wanted */
export function choose_run(key, wanted) {
  const others = chosen.value.filter((other) => other !== key);
  chosen.value = wanted ? [...others, key].slice(-MOST_CHOSEN) : others;
}

/**
 * The lines of the chosen runs over the words of a text; NaN at words that a network does not read.
 * @param {string} text @param {number} words @returns {Promise<Line[]>}
 */
export async function lines_of_runs(text, words) {
  unread.value = "";
  /** @type {Line[]} */
  const lines = [];
  const places = chosen.value.map((key, k) => ({ key, look: LOOKS[k] }));
  for (const { key, look } of places) {
    const choice = choices.value.find((known) => known.key === key);
    if (!choice) continue;
    try {
      const values = await norms_of(key, text, words);
      lines.push({ name: choice.name, colour: look[0], dash: look[1], values });
    } catch (error) {
      const { code, message } = failure_from(error);
      if (code !== "worker_dead") unread.value = `“${choice.name}” cannot read this text: ${message}.`;
    }
  }
  return lines;
}

/** @param {string} key @param {string} text @param {number} words */
async function norms_of(key, text, words) {
  const worker = analysis_worker();
  if (held.worker !== worker) held = { worker, keys: new Set() };
  if (!held.keys.has(key)) {
    const run = (await all_runs()).find(([other]) => other === key)?.[1];
    if (!run) throw { code: "gone", message: "it is not kept any more" };
    const { document } = experiment_of_run(run);
    const pack = await pack_of(document);
    const { checkpoint } = run;
    await worker.request("open_run", { key, experiment: document, pack, run: checkpoint });
    held.keys.add(key);
  }
  const { tokens, layers } = await worker.request("trace_run", { key, shown: { kind: "text", text } });
  const read = tokens.flatMap((token, t) => (token.kept ? [t] : []));
  const able = layers.filter(({ gradient_norms }) => gradient_norms.length === read.length);
  const norms = able[able.length - 1]?.gradient_norms;
  if (!norms) throw { code: "steps", message: "no recurrent layer has a state for each word" };
  const values = new Float32Array(words).fill(NaN);
  read.forEach((t, k) => (values[t] = norms[k]));
  return values;
}
