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
  const name = page_settings(document) ? settings_of(document).data : from;
  save_bytes(new TextEncoder().encode(experiment_file(file)), `${name}-experiment.json`);
}

/** How long the browser has for taking a file over. */
const KEPT_MS = 60_000;

/** Hands a file to the reader. @param {Uint8Array} bytes @param {string} name */
export function save_bytes(bytes, name) {
  const url = URL.createObjectURL(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)]));
  const link = Object.assign(window.document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
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

/** Files of models and weights, of Keras and of others: these are refused with a sentence that says what they are. */
const NETWORKS = /\.(keras|h5|hdf5|onnx|pt|pth|pb|tflite|pkl|pickle|gguf|ckpt)$/;

/** Files of arrays: data, or weights of the present model. */
const ARRAYS = /\.(npz|safetensors)$/;

/** Opens an experiment, a model, weights, code, or any other file as the reader's own data. @param {File} file */
export async function open_file(file) {
  const name = file.name.toLowerCase();
  if (name.endsWith(".json") && !(await describes_model(file))) return open_experiment(file);
  if (name.endsWith(".py") && file.size <= LARGEST_FILE)
    return (await import("./open_code.js")).open_code(await file.text());
  const { holds_weights, open_network } = await import("./open_network.js");
  if (NETWORKS.test(name) || name.endsWith(".json")) return open_network(file);
  if (ARRAYS.test(name) && (await holds_weights(file))) return open_network(file);
  const { open_own } = await import("../data/own.js");
  await open_own(file);
}

/** Whether JSON is a model of Keras or TensorFlow.js, and no experiment. @param {File} file */
async function describes_model(file) {
  if (file.size > LARGEST_FILE) return false;
  try {
    const json = JSON.parse(await file.text());
    return json !== null && typeof json === "object" && ("class_name" in json || "modelTopology" in json);
  } catch {
    return false; // The sentence on what it is comes from the reader of experiments.
  }
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
