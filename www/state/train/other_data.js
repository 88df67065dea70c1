/**
 * Other data for the present model: the engine keeps it where it fits them, and says what they changed in it.
 */
import { ask_own } from "../../engine/own.js";
import { failure_from } from "../../engine/rpc.js";
import * as store from "../shared/store.js";
import { choose_experiment } from "./choices.js";
import { opened } from "./experiment.js";
import { open_preset } from "./open.js";

/** @typedef {import("./experiment.js").OpenExperiment} OpenExperiment */
/** @typedef {import("../../types/extra.js").OnOtherData} OnOtherData */

/**
 * The present model on the data that a document of the project begins with.
 * @param {string} name of that document
 * @returns {Promise<boolean>} false where the present experiment stays
 */
export async function choose_other_data(name) {
  store.dismiss("other_data");
  const before = store.experiment.value;
  const instead = { label: "Open the experiment of these data", run: () => leave_for(name) };
  try {
    const found = await ask_own("other_data", { experiment: before.document, name });
    if (!found.fits) {
      store.notify({ key: "other_data", kind: "note", text: found.sentence, actions: [instead] });
      return false;
    }
    await choose_experiment(opened(found.experiment, name));
    tell_change(found, before, [instead]);
    return true;
  } catch (error) {
    const text = `Other data could not be chosen: ${failure_from(error).message}.`;
    store.notify({ key: "other_data", kind: "trouble", text, actions: [instead] });
    return false;
  }
}

/** @param {string} name */
async function leave_for(name) {
  store.dismiss("other_data");
  await open_preset(name);
}

/**
 * What other data changed in the model, or why another one stands in its place.
 * @param {OnOtherData} found @param {OpenExperiment} before
 * @param {{ label: string, run: () => void }[]} [more]
 */
export function tell_change({ sentence, fits }, before, more = []) {
  if (sentence === "") return;
  const back = () => {
    store.dismiss("other_data");
    void choose_experiment(before);
  };
  const other = fits ? "" : " A small network takes its place.";
  store.notify({
    key: "other_data",
    kind: "note",
    text: `${sentence}${other} The run before is kept.`,
    actions: [{ label: "Back to the run before", run: back }, ...more],
  });
}
