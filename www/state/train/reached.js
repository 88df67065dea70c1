/**
 * How far a run had come when the page was closed, beyond its last checkpoint: the same training once more gives the
 * same network.
 */
import { same_rates } from "../shared/link_network.js";

/** @typedef {import("../shared/link_network.js").RateChange} RateChange */
/**
 * @typedef {object} Reached
 * @property {string} key of the run
 * @property {number} kept the update of the last checkpoint
 * @property {number} updates
 * @property {RateChange[]} rates
 */

const KEPT_AS = "unrolled:reached";

/** @param {Reached} reached */
export function note_reached(reached) {
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(reached));
  } catch (error) {
    console.info("How far the run has come could not be kept on this machine:", error);
  }
}

/**
 * How far a run is to be repeated, once.
 * @param {string} key of the run @param {number} updates that the engine has made @param {RateChange[]} rates of them
 * @returns {import("../shared/link_network.js").TrainedTo | null} null where nothing is missing
 */
export function reached_of(key, updates, rates) {
  try {
    const reached = /** @type {Reached | null} */ (JSON.parse(localStorage.getItem(KEPT_AS) ?? "null"));
    if (reached?.key !== key || !is_sound(reached)) return null;
    localStorage.removeItem(KEPT_AS);
    // What is kept is another run, or further.
    if (updates < reached.kept || updates >= reached.updates) return null;
    if (!same_rates(rates, reached.rates, updates)) return null;
    return { updates: reached.updates, rates: reached.rates };
  } catch {
    return null; // Storage is forbidden, or holds something else.
  }
}

/** @param {Reached} reached */
function is_sound({ kept, updates, rates }) {
  const is_change = (/** @type {unknown} */ change) => Array.isArray(change) && change.every(Number.isFinite);
  return [kept, updates].every(Number.isSafeInteger) && Array.isArray(rates) && rates.every(is_change);
}
