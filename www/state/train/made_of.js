/**
 * What the numbers of a run are made of: how many texts stand behind a loss or an accuracy.
 */
import { count } from "../shared/format.js";
import * as store from "../shared/store.js";
import { has_accuracy, samples_called } from "./experiment.js";

/** What one sample is called: “reviews”, “newswires”, “windows”. */
export function texts_called() {
  return samples_called(store.experiment.value.document);
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

/**
 * What the loss is the mean of, as the rest of a sentence.
 * @param {string} samples over which it is taken
 */
export function loss_is(samples) {
  const { document } = store.experiment.value;
  const answers = has_answer_each_timestep() ? `every answer in ${samples}` : samples;
  switch (document.compile.loss) {
    case "mean_squared_error":
      return `the mean squared difference between prediction and answer over ${answers}`;
    default:
      return has_accuracy(document)
        ? `the mean of −ln p over ${answers}; p is the probability given to the right answer`
        : `the mean of ${document.compile.loss.replaceAll("_", " ")} over ${answers}`;
  }
}

/** Whether a sample has an answer for each of its timesteps, and not one for all of them. */
export function has_answer_each_timestep() {
  const layers = store.setup.value?.summary.layers ?? [];
  return (layers.at(-1)?.output_shape.length ?? 2) > 2;
}

/** A sentence as it is read aloud. @param {string} text */
export function pronounced(text) {
  return text.replaceAll("−ln p", "minus log p").replaceAll("−", "minus ");
}
