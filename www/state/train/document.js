/**
 * Experiments as files: what a reader downloads, and what is opened when a file is dropped on the page.
 */
import { page_instance } from "../../engine/page.js";
import { failure_from } from "../../engine/rpc.js";
import { read_experiment } from "../../pkg/unrolled.js";
import { load_text } from "../runs/texts.js";
import * as store from "../shared/store.js";
import { choose } from "./run.js";
import { DATASETS, experiment_of, settings_for } from "./settings.js";

/** Longer files are no experiments. */
const LARGEST_FILE = 1_000_000;

/** Gives the present experiment as a file. */
export function download_experiment() {
  const settings = store.settings.value;
  const text = `${JSON.stringify(experiment_of(settings), null, 2)}\n`;
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = Object.assign(document.createElement("a"), {
    href: url,
    download: `${settings.data}-experiment.json`,
  });
  link.click();
  URL.revokeObjectURL(url);
}

/** Opens an experiment; what cannot be shown is said. @param {File} file */
export async function open_experiment(file) {
  if (file.size > LARGEST_FILE) return complain(`“${file.name}” is too large for an experiment.`);
  try {
    await page_instance();
    const opened = settings_for(read_experiment(await file.text()));
    if ("problem" in opened) return complain(opened.problem);
    store.dismiss("document");
    store.route.value = "train";
    const { subject, text } = DATASETS[opened.settings.data];
    if (subject !== DATASETS[store.settings.value.data].subject)
      store.text.value = load_text(subject) ?? text;
    await choose(opened.settings);
  } catch (error) {
    complain(`“${file.name}” could not be opened: ${failure_from(error).message}.`);
  }
}

/** @param {string} text */
function complain(text) {
  store.notify({ key: "document", kind: "trouble", text });
}

/** Files that are dropped anywhere on the page are opened; the last one counts. @param {EventTarget} page */
export function accept_drops(page) {
  page.addEventListener("dragover", (event) => event.preventDefault());
  page.addEventListener("drop", (event) => {
    const file = /** @type {DragEvent} */ (event).dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    void open_experiment(file);
  });
}
