/**
 * What a run is made of: the settings a reader can choose, their limits, and the Keras configuration they mean.
 */

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

/** @typedef {{ minimum: number, maximum: number, step: number, label: string }} Limits */

/** @type {Record<"units" | "embedding" | "words" | "maxlen" | "batch" | "seed" | "rate", Limits>} */
export const LIMITS = {
  units: { minimum: 1, maximum: 128, step: 1, label: "Units" },
  embedding: { minimum: 1, maximum: 128, step: 1, label: "Embedding" },
  words: { minimum: 100, maximum: 20_000, step: 100, label: "Vocabulary" },
  maxlen: { minimum: 5, maximum: 200, step: 5, label: "Words read" },
  batch: { minimum: 1, maximum: 256, step: 1, label: "Batch" },
  seed: { minimum: 0, maximum: 999_999, step: 1, label: "Seed" },
  rate: { minimum: 0.0001, maximum: 0.1, step: 0.0001, label: "Learning rate" },
};

/** Those with a fast cell of their own. @type {{ name: CellName, label: string }[]} */
export const CELLS = [
  { name: "SimpleRNN", label: "SimpleRNN" },
  { name: "LSTM", label: "LSTM" },
  { name: "GRU", label: "GRU" },
];

/**
 * @typedef {object} DatasetChoice
 * @property {DatasetName} name
 * @property {"imdb" | "reuters"} subject sets of one subject share the reader's text
 * @property {string} label
 * @property {string} size how many texts there are to learn from
 * @property {number} vocabulary words that the file knows
 * @property {string} file relative to `www/`
 * @property {"pre" | "post"} truncating which end of a long text is cut off
 * @property {Settings} defaults
 * @property {string} text typed for the reader at first
 * @property {string[]} examples
 */

const IMDB_TEXTS = [
  "not a bad film, just a very slow one",
  "the best performance i have seen in years and a wonderful story",
  "i wanted to like it but the plot is boring and the acting is terrible",
];

const REUTERS_TEXTS = [
  "the bank of japan intervened to buy dollars as the yen rose against the dollar",
  "shr cts vs cts net mln vs mln revs mln vs mln",
  "opec oil ministers meet to discuss crude output and prices",
];

/** @type {Omit<Settings, "data">} */
const SMALL = {
  cell: "LSTM",
  code: "",
  units: 32,
  embedding: 32,
  words: 5000,
  maxlen: 100,
  batch: 32,
  rate: 0.002,
  seed: 7,
};

/** @type {Record<DatasetName, DatasetChoice>} */
export const DATASETS = {
  imdb: {
    name: "imdb",
    subject: "imdb",
    label: "IMDB reviews",
    size: "4,000",
    vocabulary: 5000,
    file: "data/imdb-small.safetensors",
    truncating: "pre",
    defaults: { ...SMALL, data: "imdb" },
    text: IMDB_TEXTS[0],
    examples: IMDB_TEXTS,
  },
  "imdb-full": {
    name: "imdb-full",
    subject: "imdb",
    label: "IMDB reviews",
    size: "20,000",
    vocabulary: 20_000,
    file: "data/imdb.safetensors",
    truncating: "pre",
    defaults: { ...SMALL, data: "imdb-full" },
    text: IMDB_TEXTS[0],
    examples: IMDB_TEXTS,
  },
  reuters: {
    name: "reuters",
    subject: "reuters",
    label: "Reuters newswires",
    size: "6,532",
    vocabulary: 10_000,
    file: "data/reuters-r52.safetensors",
    truncating: "post",
    defaults: { ...SMALL, data: "reuters", maxlen: 80, rate: 0.003 },
    text: REUTERS_TEXTS[0],
    examples: REUTERS_TEXTS,
  },
};

/** @param {string | null} name @returns {DatasetName} the first data set for what is none */
export function known_dataset(name) {
  return name !== null && Object.hasOwn(DATASETS, name) ? /** @type {DatasetName} */ (name) : "imdb";
}

/** Epochs after which training pauses by itself: small networks know these texts by heart soon after. */
export const EPOCHS_A_LEG = 4;

/** Points on the validation curve for each epoch; each costs about as much as five steps. */
const VALIDATIONS_AN_EPOCH = 5;

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
 * The Keras configuration of the network that reads a text word by word.
 * @param {Settings} settings @param {number} classes @returns {object}
 */
export function sequential(settings, classes) {
  const binary = classes <= 2;
  return {
    class_name: "Sequential",
    config: {
      name: "reader",
      layers: [
        {
          class_name: "Embedding",
          config: {
            name: "embedding",
            input_dim: settings.words,
            output_dim: settings.embedding,
            input_length: settings.maxlen,
          },
        },
        recurrent_layer(settings),
        {
          class_name: "Dense",
          config: { name: "dense", units: binary ? 1 : classes, activation: binary ? "sigmoid" : "softmax" },
        },
      ],
    },
  };
}

/**
 * Everything the engine needs to set up a run.
 * @param {Settings} settings @param {{ task: "binary" | "classes", class_names: string[], train: number }} dataset
 * @returns {import("../../engine/protocol.js").EngineConfig}
 */
export function engine_config(settings, dataset) {
  const binary = dataset.task === "binary";
  return {
    model: sequential(settings, binary ? 1 : dataset.class_names.length),
    loss: binary ? "binary_crossentropy" : "sparse_categorical_crossentropy",
    optimizer: { class_name: "Adam", config: { learning_rate: settings.rate } },
    batch_size: settings.batch,
    seed: settings.seed,
    num_words: settings.words,
    maxlen: settings.maxlen,
    padding: "pre",
    truncating: DATASETS[settings.data].truncating,
    validate_every: Math.max(1, Math.round(Math.ceil(dataset.train / settings.batch) / VALIDATIONS_AN_EPOCH)),
  };
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
