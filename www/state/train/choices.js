/**
 * What the reader chooses and types, and what follows from it.
 */
import { choose_relaxed } from "../../engine/arithmetic.js";
import { load_text, save_text } from "../runs/texts.js";
import { is_listing } from "../shared/listing_cell.js";
import { show_text } from "./reading.js";
import { choose, put_away } from "./run.js";
import { DATASETS, fitting } from "./settings.js";
import * as store from "../shared/store.js";

/** @typedef {import("./settings.js").Settings} Settings */

/** Pause after the last key before the text is traced. */
const TYPING_PAUSE_MS = 120;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let typing;

/**
 * Another subject brings its own text, another size of the same subject leaves the text alone.
 * @param {import("./settings.js").DatasetName} data
 */
export async function choose_data(data) {
  const before = DATASETS[store.settings.value.data];
  if (data === before.name) return;
  const choice = DATASETS[data];
  if (choice.subject === before.subject) {
    await choose(fitting({ ...store.settings.value, data }));
    return;
  }
  store.text.value = load_text(choice.subject) ?? choice.text;
  store.selected.value = null;
  store.trace.value = null;
  store.origin.value = { from: "network", updates: 0 };
  store.text_note.value = "";
  const { cell, code, units } = store.settings.value;
  // A listing stays chosen when the subject changes.
  await choose({ ...choice.defaults, ...(is_listing(cell) && { cell, code, units }) });
}

/** @param {Partial<Settings>} changed */
export async function choose_settings(changed) {
  await choose(fitting({ ...store.settings.value, ...changed }));
}

/** The engine is loaded anew for it: the run is kept, the page too, by its address. @param {boolean} relaxed */
export async function choose_arithmetic(relaxed) {
  if (!choose_relaxed(relaxed)) {
    const text = "This browser does not let the page keep the choice of arithmetic, so it stays as it is.";
    store.notify({ key: "arithmetic", kind: "note", text });
    return;
  }
  await put_away();
  location.reload();
}

/** @param {string} text */
export function type_text(text) {
  store.text.value = text;
  clearTimeout(typing);
  typing = setTimeout(() => {
    save_text(DATASETS[store.settings.value.data].subject, text);
    void show_text();
  }, TYPING_PAUSE_MS);
}
