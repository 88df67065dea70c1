/**
 * The quick controls of a run, and the three experiments whose links and kept runs are named by them alone.
 *
 * Documents, facts about data sets and limits come from the engine (`src/experiment/`); the build writes them into
 * `www/generated/`.
 */

import { FACTS } from "../../generated/experiments.js";
import { OWN } from "../shared/listing_cell.js";
import { read_cell, read_control, with_controls } from "./places.js";

/** @typedef {"imdb" | "imdb-full" | "reuters"} DatasetName */
/** @typedef {string} CellName a class of Keras, the name of a listing of the project, or `own` */

/**
 * @typedef {object} Settings numbers that a document has no place for are NaN
 * @property {string} data a `DatasetName`, or the name of another set or task
 * @property {CellName} cell of the first recurrent layer; empty where there is none
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
 * @property {string} preset the name of the experiment
 * @property {string} subject sets of one subject share the reader's text
 * @property {string} label
 * @property {string} size how many texts there are to learn from
 * @property {number} vocabulary words that the file knows
 * @property {string} file relative to `www/`
 * @property {Experiment} document where its settings start from
 * @property {Settings} defaults
 * @property {string} text typed for the reader at first
 * @property {readonly string[]} examples
 */

/** The experiments to start from, by the names that links and kept runs have for them: these names never change. */
const PRESETS = /** @type {const} */ ({ imdb: "imdb-small", "imdb-full": "imdb", reuters: "reuters" });

/** @param {DatasetName} name @returns {DatasetChoice} */
function dataset_choice(name) {
  const document = FACTS.presets[PRESETS[name]];
  const set = FACTS.sets[document.data.set];
  return {
    name,
    preset: PRESETS[name],
    subject: set.subject,
    label: set.label,
    size: set.samples.toLocaleString("en"),
    vocabulary: set.vocabulary,
    file: `data/${set.name}.safetensors`,
    document,
    defaults: settings_of(document),
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

/**
 * A setting within its limits, or null for what is no number at all.
 * @param {keyof typeof LIMITS} name @param {unknown} value @param {{ minimum: number, maximum: number, step: number }}
 *   limits of the page, or others in their place
 * @returns {number | null}
 */
export function within_limits(name, value, limits = LIMITS[name]) {
  const number = typeof value === "string" && value.trim() === "" ? NaN : Number(value);
  if (!Number.isFinite(number)) return null;
  const { minimum, maximum, step } = limits;
  const whole = step >= 1 ? Math.round(number) : number;
  return Math.min(maximum, Math.max(minimum, whole));
}

/**
 * Settings that their data set can serve.
 * @param {Settings} settings one of the three experiments
 * @returns {Settings}
 */
export function fitting(settings) {
  const code = settings.cell === OWN ? settings.code : "";
  return { ...settings, code, words: Math.min(settings.words, choice_of(settings).vocabulary) };
}

/** @param {Settings} settings one of the three experiments */
export function choice_of({ data }) {
  return DATASETS[known_dataset(data)];
}

/** What the quick controls show of a document. @param {Experiment} document @returns {Settings} */
export function settings_of(document) {
  return {
    data: data_name(document),
    ...read_cell(document),
    units: read_control(document, "units"),
    embedding: read_control(document, "embedding"),
    words: read_control(document, "words"),
    maxlen: read_control(document, "maxlen"),
    batch: read_control(document, "batch"),
    rate: read_control(document, "rate"),
    seed: read_control(document, "seed"),
  };
}

/** @param {Experiment} document @returns {string} */
function data_name({ data }) {
  const names = /** @type {DatasetName[]} */ (Object.keys(PRESETS));
  return data.task ?? names.find((name) => FACTS.presets[PRESETS[name]].data.set === data.set) ?? data.set;
}

/**
 * The experiment that settings stand for: the one that their data set starts from, with what they change in it.
 * @param {Settings} settings @returns {Experiment}
 */
export function experiment_of(settings) {
  return with_controls(choice_of(settings).document, settings);
}

/**
 * The settings that say all of a document, where there are such: those of the three experiments that links and kept
 * runs name by their settings.
 * @param {Experiment} document with every default filled in, as the engine gives it
 * @returns {Settings | null}
 */
export function page_settings(document) {
  const settings = settings_of(document);
  if (document.weights) return null; // They come from a file, which no setting names.
  if (known_dataset(settings.data) !== settings.data) return null;
  for (const name of /** @type {(keyof typeof LIMITS)[]} */ (Object.keys(LIMITS)))
    if (within_limits(name, settings[name]) !== settings[name]) return null;
  const shown = experiment_of(settings);
  const same = /** @type {const} */ (["data", "model", "compile", "fit"]).every((part) =>
    same_json(document[part], shown[part]),
  );
  return same ? settings : null;
}

/** @param {any} a @param {any} b @returns {boolean} */
function same_json(a, b) {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => same_json(a[key], b[key]));
}

/**
 * Names a run by all that decides its numbers but the learning rate, which may change while it runs.
 * @param {Settings} settings of one of the three experiments
 */
export function run_key(settings) {
  const { data, cell, code, units, embedding, words, maxlen, batch, seed } = settings;
  const sizes = [data, cell, units, embedding, words, maxlen, batch, seed].join("-");
  return cell === OWN ? `${sizes}\n${code}` : sizes;
}
