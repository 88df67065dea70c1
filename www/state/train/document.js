/**
 * Experiments as files: what a reader downloads, and what is opened when a file is dropped on the page.
 */
import { page_instance } from "../../engine/page.js";
import { failure_from } from "../../engine/rpc.js";
import { experiment_changes, experiment_file } from "../../pkg/unrolled.js";
import * as store from "../shared/store.js";
import { choose_experiment } from "./choices.js";
import { experiment_of_text } from "./open.js";
import { page_settings, settings_of } from "./settings.js";

/** Longer files are no experiments. */
const LARGEST_FILE = 1_000_000;

/** Gives the present experiment as a file. */
export async function download_experiment() {
  const { document, from } = store.experiment.value;
  await page_instance();
  const file = { ...document };
  if (Object.keys(experiment_changes(from, document)).length > 0) {
    // What was printed and measured belongs to the experiment as it was.
    delete file.printed;
    delete file.measured;
  }
  const text = experiment_file(file);
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const name = page_settings(document) ? settings_of(document).data : from;
  const link = Object.assign(window.document.createElement("a"), {
    href: url,
    download: `${name}-experiment.json`,
  });
  link.click();
  URL.revokeObjectURL(url);
}

/** Opens an experiment; what cannot be read is said. @param {File} file */
export async function open_experiment(file) {
  if (file.size > LARGEST_FILE) return complain(`“${file.name}” is too large for an experiment.`);
  try {
    const experiment = await experiment_of_text(await file.text());
    store.dismiss("document");
    store.route.value = "train";
    await choose_experiment(experiment);
  } catch (error) {
    complain(`“${file.name}” could not be opened: ${failure_from(error).message}.`);
  }
}

/** @param {string} text */
function complain(text) {
  store.notify({ key: "document", kind: "trouble", text });
}

/** Opens an experiment, or any other file as the reader's own data. @param {File} file */
export async function open_file(file) {
  if (file.name.toLowerCase().endsWith(".json")) return open_experiment(file);
  const { open_own } = await import("../data/own.js");
  await open_own(file);
}

/** Files that are dropped anywhere on the page are opened: the first one of several. @param {EventTarget} page */
export function accept_drops(page) {
  page.addEventListener("dragover", (event) => event.preventDefault());
  page.addEventListener("drop", (event) => {
    const file = /** @type {DragEvent} */ (event).dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    void open_file(file);
  });
}
