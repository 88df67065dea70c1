/**
 * Which build of the engine this browser runs: the reproducible one, unless the reader wants the other.
 */
const KEY = "unrolled:arithmetic";

/** @returns {boolean} whether the reader has chosen relaxed arithmetic */
export function wants_relaxed() {
  try {
    return localStorage.getItem(KEY) === "relaxed";
  } catch {
    return false; // Storage is forbidden: nothing was chosen.
  }
}

/** From the next load of the page on. @param {boolean} relaxed @returns {boolean} whether the choice could be kept */
export function choose_relaxed(relaxed) {
  try {
    if (relaxed) localStorage.setItem(KEY, "relaxed");
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  }
}
