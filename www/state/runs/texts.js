/**
 * What was typed, kept on this machine (localStorage): the text that the network reads, and the listing that was
 * trained.
 */

import { keep_text } from "../shared/store.js";

const TEXT_KEY = "unrolled:text:";
const CODE_KEY = "unrolled:trained-cell";
const EXPERIMENT_KEY = "unrolled:experiment";

/** @param {string} code the reader's own listing, as it was given to training */
export function save_trained_code(code) {
  keep_text(CODE_KEY, code, "Your listing");
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
  keep_text(TEXT_KEY + data, text, "Your text");
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
  keep_text(EXPERIMENT_KEY, text, "Your experiment");
}

/** @returns {string} empty if there is none */
export function load_experiment() {
  try {
    return localStorage.getItem(EXPERIMENT_KEY) ?? "";
  } catch {
    return ""; // Storage is forbidden: nothing was kept.
  }
}
