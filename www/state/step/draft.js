/**
 * The reader's own listing is stored at every key, so that nothing typed is lost: the text as typed, with or without
 * mistakes, beside the text that was accepted last. A whole script that was pasted is stored beside both.
 */
import { signal } from "@preact/signals-core";
import { keep_text } from "../shared/store.js";

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
  keep_text(SCRIPT, source, "Your script");
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
  keep_text(TYPED, typed, "Your listing");
  keep_text(ACCEPTED, accepted, "Your listing");
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

const LONG = "unrolled:step-long";

/** Keeps what is too long for a link. @param {Record<string, unknown>} long @returns {void} */
export function keep_long(long) {
  keep_text(LONG, JSON.stringify(long), "What is too long for the link");
}

/**
 * What was kept so last, by name; what is not there is left out.
 * @returns {{ text?: string, numbers?: string, edits?: import("./edits.js").LinkedEdit[] }}
 */
export function kept_long() {
  try {
    const { text, numbers, edits } = JSON.parse(localStorage.getItem(LONG) ?? "{}");
    return {
      ...(typeof text === "string" && { text }),
      ...(typeof numbers === "string" && { numbers }),
      ...(Array.isArray(edits) && { edits }),
    };
  } catch {
    return {}; // Storage is forbidden, or holds something else.
  }
}

const LAST = "unrolled:typed";

/** What was typed and is not used yet. @type {object | null} */
let typed_last = null;

/** @param {object | null} typed what a reload must not lose; null when it is used */
export function note_typed(typed) {
  typed_last = typed;
}

// The address of a reload stands when it begins; this tab alone remembers what is newer.
globalThis.addEventListener?.("pagehide", () => {
  try {
    if (typed_last) sessionStorage.setItem(LAST, JSON.stringify(typed_last));
  } catch (error) {
    console.info("What was typed last could not be kept:", error);
  }
});

/** What was typed right before this page was loaded again, once. @returns {{ text?: string, numbers?: string }} */
export function typed_before_reload() {
  try {
    const { text, numbers } = JSON.parse(sessionStorage.getItem(LAST) ?? "{}");
    sessionStorage.removeItem(LAST);
    return { ...(typeof text === "string" && { text }), ...(typeof numbers === "string" && { numbers }) };
  } catch {
    return {}; // Storage is forbidden, or holds something else.
  }
}
