/**
 * What the numbers of a run are made of: how many texts stand behind a loss or an accuracy.
 */
import { count } from "../shared/format.js";
import * as store from "../shared/store.js";
import { DATASETS } from "./settings.js";

/** What one text of the data set is called: “reviews”, “newswires”. */
export function texts_called() {
  return DATASETS[store.settings.value.data].label.split(" ").at(-1) ?? "texts";
}

/**
 * How many texts the numbers at an update are made of; the last batch of an epoch holds what is left over.
 * @param {number} at the update, from 0
 * @returns {{ here: string, validation: string }}
 */
export function batch_of(at) {
  const setup = store.setup.value;
  const name = texts_called();
  if (!setup) return { here: name, validation: name };
  const last = (at + 1) % setup.steps_per_epoch === 0;
  return {
    here: `${count(last ? setup.last_batch_size : setup.batch_size)} ${name}`,
    validation: `${count(setup.validation)} ${name}`,
  };
}

/** A sentence as it is read aloud. @param {string} text */
export function pronounced(text) {
  return text.replaceAll("−log p", "minus log p").replaceAll("−", "minus ");
}
