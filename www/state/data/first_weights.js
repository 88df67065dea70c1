/**
 * First weights that come from a reader's file, kept on this machine (IndexedDB): a document names them by their hash.
 */
import { del, entries, get, set } from "idb-keyval";
import { storage } from "../shared/storage.js";
import * as store from "../shared/store.js";
import { canonical } from "../train/experiment.js";

/** @typedef {import("../train/experiment.js").OpenExperiment} OpenExperiment */

/**
 * @typedef {object} WeightsFile
 * @property {1} version
 * @property {string} name of the file
 * @property {string} hash of the weights
 * @property {Uint8Array} bytes the weights as the engine starts from them
 * @property {number} saved_at milliseconds since 1970
 */

/** Only this many are kept, the newest. */
export const WEIGHTS_KEPT = 8;

/** Where the browser forbids storage, they are kept until the page is closed. @type {Map<string, WeightsFile>} */
const in_memory = new Map();

const files = storage("unrolled-weights", "files");

/** @param {WeightsFile} file */
export async function keep_weights(file) {
  in_memory.set(file.hash, file);
  try {
    await set(file.hash, file, await files());
    const kept = await entries(await files());
    kept.sort(([, one], [, other]) => other.saved_at - one.saved_at);
    for (const [hash] of kept.slice(WEIGHTS_KEPT)) await del(hash, await files());
  } catch (error) {
    console.info("The weights could not be kept on this machine:", error);
  }
}

/** @param {string} hash @returns {Promise<WeightsFile | null>} */
export async function kept_weights(hash) {
  const here = in_memory.get(hash);
  if (here) return here;
  try {
    const file = /** @type {WeightsFile | undefined} */ (await get(hash, await files()));
    if (file?.version === 1) return file;
  } catch (error) {
    console.info("Kept weights could not be read:", error);
  }
  return shipped_weights(hash);
}

/** Those that come with the page. @param {string} hash @returns {Promise<WeightsFile | null>} */
async function shipped_weights(hash) {
  const { HASH, SHIPPED, shipped_file } = await import("../write/shipped.js");
  return hash === HASH ? { version: 1, name: SHIPPED, hash, bytes: await shipped_file(), saved_at: 0 } : null;
}

/** All that are kept. @returns {Promise<WeightsFile[]>} */
export async function all_weights() {
  const stored = await files().then(entries, () => []);
  const kept = new Map([...in_memory, .../** @type {[string, WeightsFile][]} */ (stored)]);
  return [...kept.values()];
}

/** @param {string} hash */
export async function forget_weights(hash) {
  in_memory.delete(hash);
  await files()
    .then((open) => del(hash, open))
    .catch(() => null);
}

/**
 * An experiment without the first weights of the present one where its model is another: they belong to that model.
 * @param {OpenExperiment} experiment @returns {OpenExperiment}
 */
export function with_its_weights(experiment) {
  const { weights, model } = experiment.document;
  const present = store.experiment.value.document;
  const same = canonical(model) === canonical(present.model);
  if (!weights || weights.hash !== present.weights?.hash || same) return experiment;
  const text =
    "The model was changed, so that it starts with weights from the seed, not with those of " +
    `“${weights.name}”.`;
  store.notify({ key: "network", kind: "note", text });
  const document = { ...experiment.document };
  delete document.weights;
  return { ...experiment, document };
}
