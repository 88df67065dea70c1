/**
 * A run as files: for Keras, for numpy, for a table, for a text.
 */
import { ask_own } from "../../engine/own.js";
import { kept_weights } from "../data/first_weights.js";
import { engine } from "../shared/connection.js";
import * as store from "../shared/store.js";
import { save_bytes } from "./document.js";
import { has_accuracy } from "./experiment.js";
import { pack_of } from "./open_network.js";
import { page_settings, settings_of } from "./settings.js";

/** @typedef {"keras" | "weights.h5" | "safetensors" | "npz"} Ending of the name of a network's file */

/** What files of this experiment are called. */
export function file_stem() {
  const { document, from } = store.experiment.value;
  const named = page_settings(document) ? settings_of(document).data : from;
  const stem = document.weights ? document.weights.name.replace(/\.(weights\.)?[a-z0-9]+$/i, "") : named;
  return stem.replace(/[^A-Za-z0-9._-]+/g, "-") || "experiment";
}

/**
 * The network as it is now.
 * @param {Ending} ending @returns {Promise<string[]>} what one should know of the file, in sentences
 */
export async function save_network(ending) {
  const experiment = store.experiment.value.document;
  const { bytes, step } = await (await engine()).request("checkpoint", null);
  const saved = await ask_own("save", { experiment, checkpoint: bytes, ending });
  save_bytes(saved.bytes, `${file_stem()}-update-${step}.${ending}`);
  return saved.remarks;
}

/** Script, notebook and what they read, in one archive. */
export async function save_keras_archive() {
  const { document } = store.experiment.value;
  const name = file_stem();
  const weights = document.weights && (await kept_weights(document.weights.hash))?.bytes;
  const pack = await pack_of(document);
  const { bytes } = await ask_own("archive", { experiment: document, name, pack, weights });
  save_bytes(bytes, `${name}-keras.zip`);
}

/** Loss and accuracy of every update, and of the validations after them. */
export function save_history() {
  const { losses, accuracies, validation } = store.history.value;
  const per_epoch = store.setup.value?.steps_per_epoch ?? 1;
  const judged = new Map(validation.map((known) => [known.step, known]));
  const shows_accuracy = has_accuracy(store.experiment.value.document);
  const names = ["loss", ...(shows_accuracy ? ["accuracy"] : [])];
  const lines = [["update", "epoch", ...names, ...names.map((name) => `validation_${name}`)].join(",")];
  for (let k = 0; k < losses.length; k++) {
    const known = judged.get(k + 1);
    const own = shows_accuracy ? [losses[k], accuracies[k]] : [losses[k]];
    const theirs = shows_accuracy ? [known?.loss, known?.accuracy] : [known?.loss];
    lines.push(
      [k + 1, Math.floor(k / per_epoch) + 1, ...own, ...theirs.map((value) => value ?? "")].join(","),
    );
  }
  save_bytes(new TextEncoder().encode(`${lines.join("\n")}\n`), `${file_stem()}-history.csv`);
}
