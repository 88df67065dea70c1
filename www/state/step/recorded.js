/**
 * The networks that were trained for this page and are kept in `www/lessons/`, and how each is introduced.
 */
import { lesson } from "../../engine/lessons.js";
import { count, percent } from "../shared/format.js";

/**
 * @typedef {object} Provenance how a recorded network was made
 * @property {string} command
 * @property {string} date
 * @property {string} data
 * @property {number} seed
 * @property {number} updates
 * @property {number} accuracy on reviews that it was not trained on
 */

/**
 * @typedef {object} RecordedNetwork a small trained network with the vectors of frequent words
 * @property {string} class_name
 * @property {number} units
 * @property {Provenance} provenance
 * @property {[string, number[]][]} weights
 * @property {[string, number[]][]} initial
 * @property {import("../../types/engine.js").ReadBefore} before
 * @property {[number[], number[]]} output
 * @property {string[]} classes
 * @property {{ text: string, label: string }[]} examples ends of reviews that it was not trained on
 * @property {Record<string, number[]>} vectors by word: those of the text that the page opens with, or all
 * @property {number[]} unknown the vector of every other word
 */

/** By the name of the listing: the file in `www/lessons/` and the experiment that makes it. */
export const RECORDED = {
  lstm: { file: "recorded-network", experiment: "demo-lstm" },
  gru: { file: "recorded-gru", experiment: "demo-gru" },
  simple_rnn: { file: "recorded-simple-rnn", experiment: "demo-simple-rnn" },
};

/** @param {string} cell @returns {cell is keyof typeof RECORDED} whether a network with this cell is recorded */
export function is_recorded(cell) {
  return Object.hasOwn(RECORDED, cell);
}

/** Where a recording is kept, for sentences. @param {string} file */
const path_of = (file) => `www/lessons/${file}.json`;

/** What the recorded stepping must hold to be shown. */
const STEPPING = ["description", "diagrams", "positions", "outcome", "values", "explanations", "network"];

/** A stepping of the recorded network, shown until the engine has loaded; null where there is none. */
export const recorded_stepping = () => lesson("recorded-step", STEPPING);

/** What a file must hold to be stepped through. */
const FIELDS = [
  "provenance",
  "weights",
  "initial",
  "before",
  "output",
  "classes",
  "examples",
  "vectors",
  "unknown",
];

/** The file with the vectors of the words that the page does not open with. @param {string} file of a network */
export const words_file = (file) => `${file}-words`;

/**
 * The network of a listing with the vectors that a text needs; null where there is none or a file of it does not come.
 * @param {string} cell @param {string[]} words of the text
 * @returns {Promise<{ network: RecordedNetwork | null, misses?: string }>} and the file that did not come
 */
export async function recorded_network(cell, words) {
  if (!is_recorded(cell)) return { network: null };
  const { file } = RECORDED[cell];
  /** @type {RecordedNetwork | null} */
  const network = await lesson(file, FIELDS);
  if (!network) return { network, misses: path_of(file) };
  if (words.every((word) => Object.hasOwn(network.vectors, word))) return { network };
  const others = await lesson(words_file(file), ["vectors"]);
  if (!others) return { network: null, misses: path_of(words_file(file)) };
  return { network: { ...network, vectors: { ...network.vectors, ...others.vectors } } };
}

/** Fetches the vectors of all other words, before a text is typed. @param {string} cell */
export function expect_text(cell) {
  if (is_recorded(cell)) void lesson(words_file(RECORDED[cell].file), ["vectors"]);
}

/** A network in a menu. @param {RecordedNetwork} network */
export function recorded_title({ class_name, units, provenance }) {
  return `recorded: ${class_name}, ${units} units, ${percent(provenance.accuracy)} on reviews`;
}

/** How a network was made. @param {Pick<RecordedNetwork, "class_name" | "units" | "provenance">} network */
export function recorded_sentence({ class_name, units, provenance }) {
  const { command, date, seed, updates, accuracy } = provenance;
  return (
    `a recorded network, ${class_name} with ${units} units, ${count(updates)} updates, seed ${seed}: ` +
    `right on ${percent(accuracy)} of unseen reviews (${command}, ${date})`
  );
}
