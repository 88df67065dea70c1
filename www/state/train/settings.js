/**
 * The settings of a run that a reader can choose, and the experiment document that they stand for.
 *
 * Documents, facts about data sets and limits come from the engine (`src/experiment/`); the build writes them into
 * `www/generated/`.
 */

import { FACTS } from "../../generated/experiments.js";
import { OWN, recurrent_layer } from "../shared/listing_cell.js";

/** @typedef {"imdb" | "imdb-full" | "reuters"} DatasetName */
/** @typedef {string} CellName a class of Keras, the name of a listing of the project, or `own` */

/**
 * @typedef {object} Settings
 * @property {DatasetName} data
 * @property {CellName} cell
 * @property {string} code the reader's own listing; empty for every other cell
 * @property {number} units
 * @property {number} embedding length of a word's vector
 * @property {number} words size of the vocabulary
 * @property {number} maxlen words of a text that are read
 * @property {number} batch
 * @property {number} rate learning rate
 * @property {number} seed
 */

/** @typedef {import("../../types/engine.js").Experiment} Experiment */

export const LIMITS = FACTS.limits;

/**
 * @typedef {object} DatasetChoice
 * @property {DatasetName} name
 * @property {string} subject sets of one subject share the reader's text
 * @property {string} label
 * @property {string} size how many texts there are to learn from
 * @property {number} vocabulary words that the file knows
 * @property {string} file relative to `www/`
 * @property {Experiment} document where its settings start from
 * @property {Settings} defaults
 * @property {string} text typed for the reader at first
 * @property {string[]} examples
 */

/** The experiments to start from, by the names that links and kept runs have for them: these names never change. */
const PRESETS = /** @type {const} */ ({ imdb: "imdb-small", "imdb-full": "imdb", reuters: "reuters" });

/** @param {DatasetName} name @returns {DatasetChoice} */
function dataset_choice(name) {
  const document = FACTS.presets[PRESETS[name]];
  const set = FACTS.sets[document.data.set];
  return {
    name,
    subject: set.subject,
    label: set.label,
    size: set.samples.toLocaleString("en"),
    vocabulary: set.vocabulary,
    file: `data/${set.name}.safetensors`,
    document,
    defaults: settings_of(document, name),
    text: set.texts[0],
    examples: set.texts,
  };
}

/** @type {Record<DatasetName, DatasetChoice>} */
export const DATASETS = {
  imdb: dataset_choice("imdb"),
  "imdb-full": dataset_choice("imdb-full"),
  reuters: dataset_choice("reuters"),
};

/** @param {string | null} name @returns {DatasetName} the first data set for what is none */
export function known_dataset(name) {
  return name !== null && Object.hasOwn(DATASETS, name) ? /** @type {DatasetName} */ (name) : "imdb";
}

/** Epochs after which training pauses by itself. @param {Settings} settings */
export function epochs_of(settings) {
  return DATASETS[settings.data].document.fit.epochs;
}

/**
 * A setting within its limits, or null for what is no number at all.
 * @param {keyof typeof LIMITS} name @param {unknown} value @returns {number | null}
 */
export function within_limits(name, value) {
  const number = typeof value === "string" && value.trim() === "" ? NaN : Number(value);
  if (!Number.isFinite(number)) return null;
  const { minimum, maximum, step } = LIMITS[name];
  const whole = step >= 1 ? Math.round(number) : number;
  return Math.min(maximum, Math.max(minimum, whole));
}

/** Settings that their data set can serve. @param {Settings} settings @returns {Settings} */
export function fitting(settings) {
  const code = settings.cell === OWN ? settings.code : "";
  return { ...settings, code, words: Math.min(settings.words, DATASETS[settings.data].vocabulary) };
}

/**
 * The settings that a document of the page's form has.
 * @param {Experiment} document @param {DatasetName} data @returns {Settings}
 */
function settings_of({ data: { reading }, model, compile, fit }, data) {
  const [embedding, recurrent] = model.config.layers;
  const { name, units, cell, source } = recurrent.config;
  const words = reading.as === "words" ? reading : { num_words: NaN, maxlen: NaN };
  return {
    data,
    cell:
      recurrent.class_name !== "Listing" ? recurrent.class_name : source === undefined ? (cell ?? name) : OWN,
    code: source ?? "",
    units,
    embedding: embedding.config.output_dim,
    words: words.num_words,
    maxlen: words.maxlen,
    batch: fit.batch_size,
    rate: learning_rate_of(compile.optimizer),
    seed: fit.seed,
  };
}

/**
 * NaN where a document names an optimizer and leaves its options out.
 * @param {Experiment["compile"]["optimizer"]} optimizer
 */
function learning_rate_of(optimizer) {
  return typeof optimizer === "string" ? NaN : Number(optimizer.config.learning_rate);
}

/**
 * The experiment that the settings stand for: the one that their data set starts from, with what they change in it.
 * @param {Settings} settings @returns {Experiment}
 */
export function experiment_of(settings) {
  const document = structuredClone(DATASETS[settings.data].document);
  const { reading } = document.data;
  const { layers } = document.model.config;
  if (reading.as === "words") Object.assign(reading, { num_words: settings.words, maxlen: settings.maxlen });
  Object.assign(layers[0].config, {
    input_dim: settings.words,
    output_dim: settings.embedding,
    input_length: settings.maxlen,
  });
  layers[1] = recurrent_layer(settings);
  const { optimizer } = document.compile;
  if (typeof optimizer !== "string") optimizer.config.learning_rate = settings.rate;
  document.fit.batch_size = settings.batch;
  document.fit.seed = settings.seed;
  return document;
}

/**
 * The settings for a document that was opened. What is run must be what the document says, so that one with more in it
 * than the page has settings for is refused.
 * @param {Experiment} document with every default filled in, as the engine gives it
 * @returns {{ settings: Settings } | { problem: string }}
 */
export function settings_for(document) {
  const names = /** @type {DatasetName[]} */ (Object.keys(DATASETS));
  const data = names.find((name) => DATASETS[name].document.data.set === document.data.set);
  if (!data) return { problem: `This page cannot train on the data set “${document.data.set}” yet.` };
  const difference = first_difference(document, data);
  if (difference !== null) {
    return { problem: `This page cannot show this experiment yet: it has no setting for ${difference}.` };
  }
  return { settings: settings_of(document, data) };
}

/**
 * Where a document has something that no setting stands for.
 * @param {Experiment} document @param {DatasetName} data
 */
function first_difference(document, data) {
  const count = document.model.config.layers?.length;
  if (count !== 3) return `${count} layers`;
  const settings = settings_of(document, data);
  for (const name of /** @type {(keyof typeof LIMITS)[]} */ (Object.keys(LIMITS))) {
    if (within_limits(name, settings[name]) !== settings[name])
      return `${LIMITS[name].label} ${settings[name]}`;
  }
  const shown = experiment_of(settings);
  return (
    difference_at({ ...document.data }, shown.data, "data") ??
    difference_at(document.model.config.layers, shown.model.config.layers, "model.config.layers") ??
    difference_at(document.compile, shown.compile, "compile") ??
    difference_at(document.fit, shown.fit, "fit")
  );
}

/**
 * The path of the first place at which two JSON values differ.
 * @param {any} a @param {any} b @param {string} path @returns {string | null}
 */
function difference_at(a, b, path) {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null)
    return a === b ? null : path;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = difference_at(a[key], b[key], `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

/**
 * Names a run by all that decides its numbers but the learning rate, which may change while it runs.
 * @param {Settings} settings
 */
export function run_key(settings) {
  const { data, cell, code, units, embedding, words, maxlen, batch, seed } = settings;
  const sizes = [data, cell, units, embedding, words, maxlen, batch, seed].join("-");
  return cell === OWN ? `${sizes}\n${code}` : sizes;
}
