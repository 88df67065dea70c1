/**
 * Two texts with the same last word: what a model of pairs of words says comes next after each, and what one says that
 * carries its state.
 */
import { signal } from "@preact/signals-core";
import { page_instance } from "../../engine/page.js";
import { failure_from } from "../../engine/rpc.js";
import { experiment_with_changes } from "../../pkg/unrolled.js";
import { load_run } from "../runs/run_storage.js";
import { key_of, opened } from "../train/experiment.js";
import { pack_of } from "../train/open_network.js";
import { choose_kind, train_when_ready } from "./training.js";
import { writer_worker } from "./worker.js";

/** @typedef {import("../../types/extra.js").Compared} Compared */

/**
 * @typedef {object} Asked
 * @property {string} name of the experiment
 * @property {string} title
 * @property {number} updates after which its weights were kept; 0 for the first weights
 * @property {Compared} compared
 */

/** The models that are asked. */
export const MODELS = [
  { name: "moby-dick-pairs", title: "One word of context" },
  { name: "moby-dick-words", title: "The state carried on, learned through 40 words" },
];

/** The two texts. */
export const first = signal("the captain of the ship looked at the white");
export const second = signal("moby dick was no other than the great white");
export const answers = signal(/** @type {Asked[]} */ ([]));
export const busy = signal(false);
export const trouble = signal("");

/** Asks both models. */
export async function ask() {
  if (busy.value) return;
  busy.value = true;
  trouble.value = "";
  try {
    await page_instance();
    const asked = [];
    for (const model of MODELS) asked.push(await ask_one(model));
    answers.value = asked;
  } catch (error) {
    trouble.value = `The models could not be asked: ${failure_from(error).message}.`;
  }
  busy.value = false;
}

/** @param {{ name: string, title: string }} model @returns {Promise<Asked>} */
async function ask_one({ name, title }) {
  const document = experiment_with_changes(name, {});
  const pack = await pack_of(document);
  if (!pack) throw { message: "Moby Dick could not be loaded" };
  const kept = await load_run(key_of(opened(document, name)));
  const worker = await writer_worker();
  const source = { experiment: document, pack, weights: kept?.checkpoint ?? null, texts: [] };
  const compared = await worker.request("compare_with", { source, first: first.value, second: second.value });
  return { name, title, updates: kept?.step ?? 0, compared };
}

/** Trains one of the models, where it stands. @param {string} name */
export async function train_one(name) {
  await choose_kind(name);
  await train_when_ready();
}
