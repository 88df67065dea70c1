/** Runs of encoders and decoders, kept on this machine (IndexedDB): the last ones, each by what was chosen for it. */
import { del, entries, get, update } from "idb-keyval";
import { storage } from "../shared/storage.js";

/** @typedef {import("../../types/extra.js").EncoderDecoderSettings} Settings */
/** @typedef {{ version: 1, settings: Settings, run: Uint8Array, updates: number, saved_at: number }} Kept */

/** Only this many are kept, the newest: each takes about 1 MB. */
const RUNS_KEPT = 8;

const store = storage("unrolled-encoder-decoder", "runs");

/** Where the browser forbids storage, runs are kept until the page is closed. @type {Map<string, Kept>} */
const in_memory = new Map();

/** @param {Settings} settings */
const key_of = ({ task, attention, cell, units, seed, learning_rate }) =>
  JSON.stringify([task, attention, cell, units, seed, learning_rate]);

/** @param {Settings} settings @returns {Promise<Uint8Array | null>} */
export async function kept_run(settings) {
  const key = key_of(settings);
  const here = in_memory.get(key);
  if (here) return here.run;
  try {
    const kept = /** @type {Kept | undefined} */ (await get(key, await store()));
    return kept?.version === 1 && kept.run instanceof Uint8Array ? kept.run : null;
  } catch (error) {
    console.info("Kept runs could not be read:", error);
    return null;
  }
}

/** What was chosen for the run that was kept last. @returns {Promise<Settings | null>} */
export async function last_choice() {
  try {
    const all = /** @type {[IDBValidKey, Kept][]} */ (await entries(await store()));
    return all.sort(([, a], [, b]) => b.saved_at - a.saved_at)[0]?.[1].settings ?? null;
  } catch {
    return null; // `kept_run` tells why nothing can be read.
  }
}

/**
 * Keeps a run, or forgets it where there are no bytes. Training is deterministic: of two tabs with the same choice the
 * one that has come further is kept.
 * @param {Settings} settings @param {Uint8Array | null} run @param {number} updates
 * @returns {Promise<boolean>} whether it outlives the page
 */
export async function keep(settings, run, updates) {
  const key = key_of(settings);
  in_memory.delete(key);
  try {
    const open = await store();
    if (run === null) {
      await del(key, open);
      return true;
    }
    const mine = kept_now(settings, run, updates);
    const further = (/** @type {Kept | undefined} */ known) =>
      known?.version === 1 && known.updates > updates ? known : mine;
    await update(key, further, open);
    await make_room(open);
    return true;
  } catch (error) {
    if (run !== null) in_memory.set(key, kept_now(settings, run, updates));
    console.info("The run could not be kept on this machine:", error);
    return false;
  }
}

/** @param {Settings} settings @param {Uint8Array} run @param {number} updates @returns {Kept} */
const kept_now = (settings, run, updates) => ({ version: 1, settings, run, updates, saved_at: Date.now() });

/** @param {import("idb-keyval").UseStore} open */
async function make_room(open) {
  const all = /** @type {[IDBValidKey, Kept][]} */ (await entries(open));
  const oldest = all.sort(([, a], [, b]) => b.saved_at - a.saved_at).slice(RUNS_KEPT);
  for (const [key] of oldest) await del(key, open);
}
