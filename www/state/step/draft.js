/**
 * The reader's own listing is stored at every key, so that nothing typed is lost: the text as typed, with or without
 * mistakes, beside the text that was accepted last. A whole script that was pasted is stored beside both.
 */
import { signal } from "@preact/signals-core";

/** @typedef {{ typed: string, accepted: string }} Draft */

const TYPED = "unrolled:cell";
const ACCEPTED = "unrolled:cell:accepted";
const SCRIPT = "unrolled:script";

/**
 * @typedef {object} Script a whole script of the reader's
 * @property {string} source
 * @property {boolean} shown whether it is stepped through, in place of a cell
 * @property {number} at the position
 */

/** The reader's script; null while there is none. */
export const script = signal(/** @type {Script | null} */ (null));

/** Takes over a script, which is kept on this machine. @param {string} source */
export function keep_script(source) {
  if (script.value?.source !== source) script.value = { source, shown: script.value?.shown ?? false, at: 0 };
  try {
    localStorage.setItem(SCRIPT, source);
  } catch (error) {
    console.info("The script could not be kept on this machine:", error);
  }
}

/** @returns {string | null} */
export function kept_script() {
  try {
    return localStorage.getItem(SCRIPT);
  } catch {
    return null; // Storage is forbidden: nothing was kept.
  }
}

/** Shows the script, or the cell again. @param {boolean} shown */
export function show_script(shown) {
  if (script.value) script.value = { ...script.value, shown };
}

/** @param {Draft} draft */
export function keep_draft({ typed, accepted }) {
  try {
    localStorage.setItem(TYPED, typed);
    localStorage.setItem(ACCEPTED, accepted);
  } catch (error) {
    console.info("The listing could not be kept on this machine:", error);
  }
}

/** @returns {Draft | null} */
export function kept_draft() {
  try {
    const typed = localStorage.getItem(TYPED);
    return typed === null ? null : { typed, accepted: localStorage.getItem(ACCEPTED) ?? typed };
  } catch {
    return null; // Storage is forbidden: nothing was kept.
  }
}

/** What the editor begins with for the text `accepted`: what was typed on from there. @param {string} accepted */
export function draft_of(accepted) {
  const kept = kept_draft();
  return kept && kept.accepted === accepted ? kept.typed : accepted;
}
