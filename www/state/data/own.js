/**
 * A reader's own file becomes the experiment: read by a worker of its own, kept on this machine, set up at once.
 */
import { ask_own } from "../../engine/own.js";
import { failure_from } from "../../engine/rpc.js";
import * as store from "../shared/store.js";
import { choose_experiment } from "../train/choices.js";
import { opened } from "../train/experiment.js";
import { tell_change } from "../train/other_data.js";
import { file_at_hand, keep_file } from "./own_files.js";

/** @typedef {import("./own_files.js").OwnChoice} OwnChoice */

/** Opens a file that was dropped or chosen. @param {File} file */
export async function open_own(file) {
  try {
    await take(file.name, new Uint8Array(await file.arrayBuffer()), {});
  } catch (error) {
    complain(`The file “${file.name}” could not be read (${failure_from(error).message}).`);
  }
}

/** Takes a text that was pasted: a table, or one long text. @param {string} text */
export async function open_pasted(text) {
  await take("pasted text", new TextEncoder().encode(text), {});
}

/** Other columns of the present file. @param {OwnChoice} changed */
export async function choose_columns(changed) {
  const file = file_at_hand(store.experiment.value.document.data.file?.hash);
  if (file) await take(file.name, file.source, { ...file.choice, ...changed });
}

/** @param {string} name @param {Uint8Array} source @param {OwnChoice} choice */
async function take(name, source, choice) {
  store.dismiss("own");
  store.dismiss("other_data");
  const before = store.experiment.value;
  const { document, from } = before;
  try {
    const read = await ask_own("read", { name, bytes: source, choice, experiment: document });
    const { info, packed, made } = read;
    const file = made.experiment.data.file;
    if (!file) return;
    await keep_file({ version: 1, ...file, source, choice, info, packed, saved_at: Date.now() });
    store.route.value = "train";
    // The data of a link that were missing are there now: its experiment goes on as it stands.
    const missing = document.data.file?.hash === file.hash;
    await choose_experiment(opened(missing ? document : made.experiment, from));
    if (!missing) tell_change(made, before);
  } catch (error) {
    complain(`Your data cannot be used. ${sentence(failure_from(error).message)}`);
  }
}

/** @param {string} message */
function sentence(message) {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

/** @param {string} text */
function complain(text) {
  store.notify({ key: "own", kind: "trouble", text });
}
