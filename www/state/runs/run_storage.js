/**
 * The last runs with their trained weights, kept on this machine (IndexedDB). A browser that forbids it still works;
 * the page then says that nothing is kept.
 */
import { del, entries, get, keys, update } from "idb-keyval";
import { History } from "./history.js";
import { same_rates } from "../shared/link_network.js";
import { storage } from "../shared/storage.js";

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
 * @property {string} [saved_by] the tab
 */

/** Only this many runs are kept, the newest: a run takes 2 to 10 MB. */
export const RUNS_KEPT = 6;

/**
 * Where the browser forbids storage, or another tab's run stays, runs are kept until the page is closed.
 * @type {Map<string, SavedRun>}
 */
const in_memory = new Map();

const store = storage("unrolled", "runs");

/** This page, among the tabs that it is open in. */
const TAB = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;

/** Which run this tab has kept or read last, by key: what it may replace. @type {Map<string, string>} */
const known = new Map();

/** @param {SavedRun} run */
const stamp = ({ saved_by, saved_at, step }) => `${saved_by ?? ""} ${saved_at} ${step}`;

/**
 * Whether a run may take the place of one that is kept: of this tab's own, or of one on the way to it. Training is
 * deterministic, so that another tab's run with the same learning rates and fewer updates is one.
 * @param {string} key @param {SavedRun} run @param {SavedRun | undefined} kept
 */
function may_replace(key, run, kept) {
  if (!kept || !is_whole(kept) || stamp(kept) === known.get(key)) return true;
  return kept.step <= run.step && same_rates(kept.rates ?? [], run.rates ?? [], kept.step);
}

/**
 * Whether what was read is a run with all of its parts.
 * @param {SavedRun | undefined} run @returns {run is SavedRun}
 */
export function is_whole(run) {
  return (
    run?.version === 1 &&
    run.checkpoint instanceof Uint8Array &&
    Number.isInteger(run.step) &&
    typeof run.settings === "object" &&
    History.is_whole(run.history)
  );
}

/**
 * Keeps a run, unless another tab has kept one that would be lost.
 * @param {string} key @param {SavedRun} run @param {{ whatever?: boolean }} [options] in place of whatever is kept
 * @returns {Promise<"kept" | "other" | "forbidden">} `other`: the run of another tab stays
 */
export async function save_run(key, run, { whatever = false } = {}) {
  const mine = { ...run, saved_by: TAB };
  let stays = false;
  try {
    const open = await store();
    const replace = (/** @type {SavedRun | undefined} */ kept) => {
      stays = !whatever && kept !== undefined && !may_replace(key, mine, kept);
      return stays && kept ? kept : mine;
    };
    await update(key, replace, open);
    if (stays) {
      in_memory.set(key, run);
      return "other";
    }
    known.set(key, stamp(mine));
    await make_room(open);
    in_memory.delete(key);
    return "kept";
  } catch (error) {
    in_memory.set(key, run);
    console.info("The run could not be kept on this machine:", error);
    return "forbidden";
  }
}

/**
 * What is kept of a run, which may be damaged: `is_whole` says.
 * @param {string} key @returns {Promise<SavedRun | null>}
 */
export async function load_run(key) {
  const here = in_memory.get(key);
  if (here) return here;
  try {
    const run = /** @type {SavedRun | undefined} */ (await get(key, await store()));
    if (run?.version !== 1) return null;
    known.set(key, stamp(run));
    return run;
  } catch (error) {
    console.info("Kept runs could not be read:", error);
    return null;
  }
}

/** @param {string} key @param {{ whatever?: boolean }} [options] another tab's too */
export async function forget_run(key, { whatever = false } = {}) {
  in_memory.delete(key);
  try {
    const open = await store();
    const kept = /** @type {SavedRun | undefined} */ (await get(key, open));
    if (kept && (whatever || stamp(kept) === known.get(key))) await del(key, open);
  } catch (error) {
    console.info("The run could not be removed:", error);
  }
}

/** All that are kept and whole, with their keys. @returns {Promise<[string, SavedRun][]>} */
export async function all_runs() {
  const stored = await store().then(entries, () => []);
  const kept = new Map([.../** @type {[string, SavedRun][]} */ (stored), ...in_memory]);
  return [...kept].filter(([, run]) => is_whole(run));
}

/** @param {import("idb-keyval").UseStore} open */
async function make_room(open) {
  const all = await keys(open);
  if (all.length <= RUNS_KEPT) return;
  const runs = await Promise.all(
    all.map(async (key) => ({ key, saved_at: (await get(key, open))?.saved_at ?? 0 })),
  );
  runs.sort((one, other) => other.saved_at - one.saved_at);
  for (const { key } of runs.slice(RUNS_KEPT)) await del(key, open);
}
