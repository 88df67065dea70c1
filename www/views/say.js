/**
 * What is read aloud because a reader asked for it: by a key on a figure or by choosing a number. Training changes
 * figures many times a second; they say nothing by themselves.
 */

/** What was said is taken away again, since the numbers change. */
const KEPT_MS = 4000;

/** @type {HTMLElement | null} */
let region = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let forgetting;

/** A live region is heard only if it was in the page before its text. */
function place() {
  if (region) return region;
  region = document.createElement("p");
  region.className = "unseen said";
  region.setAttribute("aria-live", "polite");
  document.body.append(region);
  return region;
}

if (typeof document !== "undefined") place();

/** @param {string} text */
export function say(text) {
  const at = place();
  if (at.textContent === text) at.textContent = ""; // The same again is said again.
  clearTimeout(forgetting);
  at.textContent = text;
  forgetting = setTimeout(() => (at.textContent = ""), KEPT_MS);
}
