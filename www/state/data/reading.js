/**
 * How the present experiment reads its data: options by Keras' names, each with its place in the document.
 */
import * as store from "../shared/store.js";
import { opened } from "../train/experiment.js";
import { layers_of, places_of, write_place } from "../train/places.js";
import { choose } from "../train/run.js";

/** @typedef {import("../../types/engine.js").Experiment} Experiment */

/**
 * @typedef {object} NumberOption
 * @property {string} name Keras' name
 * @property {number} value
 * @property {number} minimum
 * @property {number} maximum
 */

/** The options that are numbers, of all readings. */
const NUMBERS = ["num_words", "maxlen", "below", "timesteps"];

/** Longer sequences do not fit a browser tab; the engine says so too. */
const LONGEST = 10_000;

/** @param {Experiment} document @param {number} vocabulary @returns {NumberOption[]} */
export function number_options({ data: { reading } }, vocabulary) {
  const given = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (reading));
  return NUMBERS.filter((name) => typeof given[name] === "number")
    .map((name) => ({
      name,
      value: Number(given[name]),
      minimum: name === "num_words" ? 5 : name === "below" ? 2 : 1,
      maximum: name === "num_words" ? vocabulary : LONGEST,
    }));
}

/** `mask_zero` of the Embedding that reads the ids; null where there is none. @param {Experiment} document */
export function mask_of(document) {
  const table = layers_of(document).find(({ class_name }) => class_name === "Embedding");
  return table && document.data.reading.as === "words" ? table.config.mask_zero === true : null;
}

/** @param {(document: Experiment) => void} change */
async function changed(change) {
  const { document, from } = store.experiment.value;
  const made = structuredClone(document);
  change(made);
  await choose(opened(made, from));
}

/**
 * Another number, in the reading and wherever the model says the same.
 * @param {string} name @param {number} value
 */
export async function choose_number(name, value) {
  await changed((document) => {
    const places = places_of(document);
    const found = name === "num_words" ? places.words : name === "maxlen" ? places.maxlen : undefined;
    for (const place of found ?? []) write_place(document, place, value);
    const reading = /** @type {Record<string, any>} */ (/** @type {unknown} */ (document.data.reading));
    const length = (/** @type {number} */ of) => (name === "below" ? of - 1 : of);
    for (const { config } of layers_of(document))
      for (const key of ["batch_shape", "batch_input_shape"])
        if (name !== "num_words" && config[key]?.[1] === length(reading[name]))
          config[key][1] = length(value);
    reading[name] = value;
  });
}

/** @param {"padding" | "truncating"} name @param {"pre" | "post"} side */
export async function choose_side(name, side) {
  await changed(({ data: { reading } }) => Object.assign(reading, { [name]: side }));
}

/** @param {boolean} masks */
export async function choose_mask(masks) {
  await changed((document) => {
    const table = layers_of(document).find(({ class_name }) => class_name === "Embedding");
    if (table) table.config.mask_zero = masks;
  });
}

/** @param {"test" | number} validation */
export async function choose_validation(validation) {
  await changed((document) => void (document.data.validation = validation));
}

/** @param {number | null} limit */
export async function choose_limit(limit) {
  await changed((document) => void (document.data.limit = limit));
}
