/**
 * The experiment behind the Train view: a document and the name of the one that it started from.
 */
import { FACTS } from "../../generated/experiments.js";
import { count } from "../shared/format.js";
import { OWN, title_of } from "../shared/listing_cell.js";
import { is_recurrent, layers_of, places_of, write_place } from "./places.js";
import { choice_of, experiment_of, page_settings, run_key } from "./settings.js";

/** @typedef {import("../../types/engine.js").Experiment} Experiment */
/** @typedef {import("./settings.js").Settings} Settings */

/** @typedef {{ from: string, document: Experiment }} OpenExperiment `from`: the name of the document it started from */

/** @param {Settings} settings @returns {OpenExperiment} */
export function opened_by(settings) {
  return { from: choice_of(settings).preset, document: experiment_of(settings) };
}

/** @param {Experiment} document @param {string} from @returns {OpenExperiment} */
export function opened(document, from) {
  const settings = page_settings(document);
  return { document, from: settings ? choice_of(settings).preset : from };
}

/**
 * Names a run by all that decides its numbers but the learning rate, which may change while it runs.
 * @param {OpenExperiment} experiment @returns {string}
 */
export function key_of({ document }) {
  const settings = page_settings(document);
  if (settings) return run_key(settings);
  const { data, model, compile, fit, weights } = structuredClone(document);
  const deciding = /** @type {Experiment} */ ({ data, model, compile, fit, ...(weights && { weights }) });
  for (const place of places_of(document).rate ?? []) write_place(deciding, place, null);
  delete (/** @type {any} */ (deciding.fit).epochs);
  return canonical(deciding);
}

/** JSON with sorted keys. @param {unknown} value @returns {string} */
export function canonical(value) {
  return JSON.stringify(value, (_, part) =>
    part === null || typeof part !== "object" || Array.isArray(part)
      ? part
      : Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1))),
  );
}

/** What is known of the packed set; null for generated data and a reader's own. @param {Experiment} document */
export function set_of({ data }) {
  return Object.hasOwn(FACTS.sets, data.set) ? FACTS.sets[data.set] : null;
}

/** Whether a text is read word by word, so that one can be typed. @param {Experiment} document */
export function reads_words({ data }) {
  return data.reading.as === "words";
}

/** Whether the answers are the ids that come next in a long text. @param {Experiment} document */
export function is_language_model({ data }) {
  return ["characters", "word_ids", "word_pairs"].includes(data.reading.as);
}

/** Whether an answer is right or wrong; a number is only nearer or farther. @param {Experiment} document */
export function has_accuracy({ compile }) {
  return compile.loss.endsWith("crossentropy");
}

/** What one sample is called, in the plural. @param {Experiment} document */
export function samples_called(document) {
  switch (document.data.reading.as) {
    case "characters":
    case "word_ids":
      return "windows";
    case "word_pairs":
      return "pairs of words";
    case "sequences":
      return "sequences";
    default:
      return set_of(document)?.label.split(" ").at(-1) ?? "texts";
  }
}

/** The option of a layer that says how wide its output is. */
const WIDTHS = ["units", "output_dim", "filters", "pool_size", "n", "rate", "activation"];

/** “Embedding 32 → Bidirectional LSTM 16 → Dense 1”. @param {Experiment} document */
export function layers_in_words(document) {
  const shown = layers_of(document).filter(({ class_name }) => class_name !== "InputLayer");
  return shown.map(layer_in_words).join(" → ");
}

/** @param {import("../../types/engine.js").KerasObject} layer @returns {string} */
export function layer_in_words({ class_name, config }) {
  if (config.layer) return `${class_name} ${layer_in_words(config.layer)}`;
  const name = class_name === "Listing" ? listing_title(config) : class_name;
  const width = WIDTHS.map((key) => config[key]).find((value) => value !== undefined);
  return width === undefined
    ? name
    : `${name} ${typeof width === "number" && width >= 1 ? count(width) : width}`;
}

/** @param {Record<string, any>} config */
function listing_title({ name, cell, source }) {
  return title_of(source === undefined ? { cell: cell ?? name, code: "" } : { cell: OWN, code: source });
}

/** Why the cell cannot be stepped through, or nothing. @param {Experiment} document @param {number} largest */
export function why_no_steps(document, largest) {
  const layers = layers_of(document).filter(({ class_name }) => class_name !== "InputLayer");
  const [first, cell, last] = layers;
  const fits =
    layers.length === 3 &&
    first.class_name === "Embedding" &&
    is_recurrent(cell) &&
    !cell.config.return_sequences &&
    last.class_name === "Dense";
  if (!reads_words(document) || !fits)
    return "Only an embedding, one recurrent layer and a dense layer that read words can be stepped through";
  return cell.config.units > largest ? `Cells of at most ${largest} units can be stepped through` : "";
}
