/**
 * Experiments that are opened: from the menu, from a link, from a file.
 */
import { page_instance } from "../../engine/page.js";
import { failure_from } from "../../engine/rpc.js";
import { experiment_with_changes, nearest_experiment, read_experiment } from "../../pkg/unrolled.js";
import { awaited } from "../runs/rebuild.js";
import { load_experiment } from "../runs/texts.js";
import { shortened } from "../shared/link_network.js";
import * as store from "../shared/store.js";
import { choose_experiment, usual_text } from "./choices.js";
import { opened } from "./experiment.js";

/** @typedef {import("./experiment.js").OpenExperiment} OpenExperiment */

/**
 * Opens a document of the project.
 * @param {string} name @param {import("../../types/engine.js").Changes} [changes] such as those of a cut
 */
export async function open_preset(name, changes = {}) {
  const experiment = await experiment_of_link({ name, changes });
  if (!experiment) return;
  store.dismiss("document");
  await choose_experiment(experiment);
}

/**
 * The experiment of a file's text.
 * @param {string} text
 * @returns {Promise<OpenExperiment>}
 */
export async function experiment_of_text(text) {
  await page_instance();
  const document = read_experiment(text);
  return opened(document, nearest_experiment(document));
}

/**
 * Takes over the experiment that a link names, or says why it cannot be opened. Without the engine it cannot be read:
 * the address goes on naming it, and the failure is returned.
 * @returns {Promise<unknown>}
 */
export async function read_named() {
  const named = store.named_experiment.value;
  if (!named) return null;
  try {
    await page_instance();
  } catch (error) {
    return error;
  }
  const experiment = await experiment_of_link(named);
  if (store.named_experiment.value !== named) return null; // Another one was chosen meanwhile.
  store.named_experiment.value = null;
  if (!experiment) {
    awaited.value = null;
    return null;
  }
  store.experiment.value = experiment;
  if (store.text.value === "") store.text.value = usual_text(experiment.document);
  return null;
}

/**
 * Opens the experiment of a link that was followed while the view was open.
 * @param {import("../shared/link_network.js").TrainedTo | null} trained
 */
export async function open_named(trained) {
  const named = store.named_experiment.value;
  const experiment = named && (await experiment_of_link(named));
  store.named_experiment.value = null;
  if (!experiment) awaited.value = null;
  else await choose_experiment(experiment, trained, store.text.value);
}

/** @param {import("../shared/url.js").NamedExperiment} named @returns {Promise<OpenExperiment | null>} */
async function experiment_of_link({ name, changes }) {
  try {
    if (changes === null) return await kept_experiment(name);
    await page_instance();
    return opened(experiment_with_changes(name, changes), name);
  } catch (error) {
    complain(
      `The experiment “${shortened(name)}” cannot be opened: ${failure_from(error).message.replace(/\.$/, "")}.`,
    );
    return null;
  }
}

/** The last experiment whose changes were too long for a link. @param {string} name of what it started from */
async function kept_experiment(name) {
  const kept = load_experiment();
  if (kept !== "") {
    const experiment = await experiment_of_text(kept);
    return { ...experiment, from: name };
  }
  complain(
    "The experiment of this link is too long for a link and is not on this machine: ask for its file.",
  );
  return null;
}

/** @param {string} text */
function complain(text) {
  store.notify({ key: "document", kind: "trouble", text });
}
