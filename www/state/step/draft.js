/**
 * The reader's own listing is stored at every key, so that nothing typed is lost: the text as typed, with or without
 * mistakes, beside the text that was accepted last.
 */

/** @typedef {{ typed: string, accepted: string }} Draft */

const TYPED = "unrolled:cell";
const ACCEPTED = "unrolled:cell:accepted";

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
