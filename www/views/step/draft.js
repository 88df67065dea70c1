/**
 * The reader's own listing is kept on this machine at every key, so that nothing typed is lost.
 */

const KEY = "unrolled:cell";

/** @param {string} code */
export function keep_code(code) {
  try {
    localStorage.setItem(KEY, code);
  } catch (error) {
    console.info("The listing could not be kept on this machine:", error);
  }
}

/** @returns {string | null} */
export function kept_code() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // Storage is forbidden: nothing was kept.
  }
}
