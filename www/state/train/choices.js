/**
 * What the reader chooses and types, and what follows from it.
 */
import { choose_relaxed } from "../../engine/arithmetic.js";
import { own_text } from "../data/own_files.js";
import { load_text, save_text } from "../runs/texts.js";
import { opened, opened_by, set_of } from "./experiment.js";
import { cell_place, with_controls } from "./places.js";
import { show_text } from "./reading.js";
import { put_away } from "./keeping.js";
import { choose } from "./run.js";
import { DATASETS, fitting } from "./settings.js";
import * as store from "../shared/store.js";

/** @typedef {import("./settings.js").Settings} Settings */

/** Pause after the last key before the text is traced. */
const TYPING_PAUSE_MS = 120;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let typing;

/**
 * Another size of the same subject, with the numbers of the present one.
 * @param {import("./settings.js").DatasetName} data
 */
export async function choose_data(data) {
  if (data !== store.settings.value.data) await choose(opened_by(fitting({ ...store.settings.value, data })));
}

/**
 * Another experiment in place of the present one. Another subject brings its own text.
 * @param {import("./experiment.js").OpenExperiment} experiment
 * @param {import("../shared/link_network.js").TrainedTo | null} [trained] how far a link's network has been trained
 * @param {string} [text] of the link
 */
export async function choose_experiment(experiment, trained = null, text = store.text.value) {
  const before = subject_of(store.experiment.value.document);
  const subject = subject_of(experiment.document);
  if (text === "" || (subject !== before && trained === null)) {
    store.text.value = usual_text(experiment.document);
    store.selected.value = null;
    store.trace.value = null;
    store.origin.value = { from: "network", updates: 0 };
    store.text_note.value = "";
  }
  await choose(experiment, trained);
}

/** Data of one subject share the reader's text. @param {import("../../types/engine.js").Experiment} document */
function subject_of(document) {
  return set_of(document)?.subject ?? document.data.file?.hash;
}

/** What is typed for the reader. @param {import("../../types/engine.js").Experiment} document */
export function usual_text(document) {
  const set = set_of(document);
  return set ? (load_text(set.subject) ?? set.texts[0] ?? "") : own_text(document.data.file?.hash);
}

/**
 * Other numbers or another cell in the present experiment. A cell that it has no place for is put into the experiment
 * that the page starts with.
 * @param {Partial<Settings>} changed
 */
export async function choose_settings(changed) {
  const { document, from } = store.experiment.value;
  if (changed.cell !== undefined && cell_place(document) === null) {
    await choose_experiment(opened_by(fitting({ ...DATASETS.imdb.defaults, ...changed })));
    return;
  }
  const { words } = changed;
  const most = set_of(document)?.vocabulary ?? Infinity;
  const made = with_controls(document, {
    ...changed,
    ...(words !== undefined && { words: Math.min(words, most) }),
  });
  await choose(opened(made, from));
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
  const set = set_of(store.experiment.value.document);
  if (set) save_text(set.subject, text);
  clearTimeout(typing);
  typing = setTimeout(() => void show_text(), TYPING_PAUSE_MS);
}
