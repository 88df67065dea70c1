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
 * @property {Record<string, number[]>} vectors by word
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

/** Where the network of a listing is kept, for sentences. @param {string} cell with a recorded network */
export const file_of = (cell) =>
  `www/lessons/${RECORDED[/** @type {keyof typeof RECORDED} */ (cell)].file}.json`;

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

/** @param {string} cell @returns {Promise<RecordedNetwork | null>} */
export async function recorded_network(cell) {
  return is_recorded(cell) ? await lesson(RECORDED[cell].file, FIELDS) : null;
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
