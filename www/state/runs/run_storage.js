/**
 * The last runs with their trained weights, kept on this machine (IndexedDB). A browser that forbids it still works;
 * the page then says that nothing is kept.
 */
import { createStore, del, entries, get, keys, set } from "idb-keyval";

/** @typedef {import("../train/settings.js").Settings} Settings */

/**
 * @typedef {object} SavedRun
 * @property {1} version
 * @property {Settings} settings
 * @property {import("../train/experiment.js").OpenExperiment} [experiment] where the settings do not say all of it
 * @property {Uint8Array} checkpoint
 * @property {number} step
 * @property {import("./history.js").SavedHistory} history
 * @property {import("../shared/link_network.js").RateChange[]} [rates] runs of earlier versions have none
 * @property {number} saved_at milliseconds since 1970
 */

/** Only this many runs are kept, the newest: a run takes 2 to 10 MB. */
export const RUNS_KEPT = 6;

/** Where the browser forbids storage, runs are kept until the page is closed. @type {Map<string, SavedRun>} */
const in_memory = new Map();

/**
 * Opened at the first use: merely opening can fail where storage is forbidden.
 * @type {ReturnType<typeof createStore> | null}
 */
let opened = null;

function store() {
  opened ??= createStore("unrolled", "runs");
  return opened;
}

/** @param {string} key @param {SavedRun} run @returns {Promise<boolean>} whether it could be kept */
export async function save_run(key, run) {
  try {
    await set(key, run, store());
    await make_room();
    in_memory.delete(key);
    return true;
  } catch (error) {
    in_memory.set(key, run);
    console.info("The run could not be kept on this machine:", error);
    return false;
  }
}

/** @param {string} key @returns {Promise<SavedRun | null>} */
export async function load_run(key) {
  const here = in_memory.get(key);
  if (here) return here;
  try {
    const run = /** @type {SavedRun | undefined} */ (await get(key, store()));
    return run?.version === 1 ? run : null;
  } catch (error) {
    console.info("Kept runs could not be read:", error);
    return null;
  }
}

/** @param {string} key */
export async function forget_run(key) {
  in_memory.delete(key);
  try {
    await del(key, store());
  } catch (error) {
    console.info("The run could not be removed:", error);
  }
}

/** All that are kept, with their keys. @returns {Promise<[string, SavedRun][]>} */
export async function all_runs() {
  const stored = await entries(store()).catch(() => []);
  const kept = new Map([.../** @type {[string, SavedRun][]} */ (stored), ...in_memory]);
  return [...kept];
}

async function make_room() {
  const known = await keys(store());
  if (known.length <= RUNS_KEPT) return;
  const runs = await Promise.all(
    known.map(async (key) => ({ key, saved_at: (await get(key, store()))?.saved_at ?? 0 })),
  );
  runs.sort((one, other) => other.saved_at - one.saved_at);
  for (const { key } of runs.slice(RUNS_KEPT)) await del(key, store());
}
