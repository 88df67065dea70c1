/**
 * What was typed, kept on this machine (localStorage): the text that the network reads, and the listing that was
 * trained.
 */

const TEXT_KEY = "unrolled:text:";
const CODE_KEY = "unrolled:trained-cell";
const EXPERIMENT_KEY = "unrolled:experiment";

/** @param {string} code the reader's own listing, as it was given to training */
export function save_trained_code(code) {
  try {
    localStorage.setItem(CODE_KEY, code);
  } catch (error) {
    console.info("The listing could not be kept on this machine:", error);
  }
}

/** @returns {string} empty if there is none */
export function load_trained_code() {
  try {
    return localStorage.getItem(CODE_KEY) ?? "";
  } catch {
    return ""; // Storage is forbidden: nothing was kept.
  }
}

/** @param {string} data name of the data set @param {string} text */
export function save_text(data, text) {
  try {
    localStorage.setItem(TEXT_KEY + data, text);
  } catch (error) {
    console.info("The text could not be kept on this machine:", error);
  }
}

/** @param {string} data @returns {string | null} */
export function load_text(data) {
  try {
    return localStorage.getItem(TEXT_KEY + data);
  } catch {
    return null; // Storage is forbidden: nothing was kept.
  }
}

/** @param {string} text the file of the last experiment that was too long for a link */
export function save_experiment(text) {
  try {
    localStorage.setItem(EXPERIMENT_KEY, text);
  } catch (error) {
    console.info("The experiment could not be kept on this machine:", error);
  }
}

/** @returns {string} empty if there is none */
export function load_experiment() {
  try {
    return localStorage.getItem(EXPERIMENT_KEY) ?? "";
  } catch {
    return ""; // Storage is forbidden: nothing was kept.
  }
}
