/**
 * The networks whose cell can be stepped through: the reader's own from the Train view, a recorded one, untrained ones.
 */
import { effect, signal } from "@preact/signals-core";
import { words_of } from "../../pkg-stepper/unrolled_stepper.js";
import { count } from "../shared/format.js";
import { KERAS_LISTINGS, OWN, in_sentence, title_of } from "../shared/listing_cell.js";
import { read_sizes } from "../train/places.js";
import * as store from "../shared/store.js";
import { engine } from "../shared/connection.js";
import { awaited } from "../runs/rebuild.js";
import { is_tutorial } from "./choice.js";
import { is_recorded, recorded_network, recorded_sentence, recorded_title } from "./recorded.js";

/** @typedef {import("./choice.js").StepChoice} StepChoice */
/** @typedef {import("./choice.js").TrainedParts} TrainedParts */
/** @typedef {import("./recorded.js").RecordedNetwork} RecordedNetwork */

/**
 * `written`: the model of the Write view
 * @typedef {"recorded" | "yours" | "script" | "written" | "random" | "uniform"} NetworkKind
 */

/**
 * @typedef {object} Network what is stepped through
 * @property {NetworkKind} kind
 * @property {string} sentence whose it is and how it was made
 * @property {{ kind: NetworkKind, title: string }[]} menu what exists for the chosen cell
 * @property {number} [updates] of the reader's own network
 * @property {{ text: string, label: string }[]} examples texts that it was not trained on, with their classes
 * @property {string} [misses] the file of the recorded network that should be shown in its place
 */

/**
 * A model at a place of what it writes in the Write view, once it was brought here.
 * @typedef {object} Brought
 * @property {TrainedParts & { class_name: string }} parts
 * @property {string} title
 * @property {string} sentence
 * @property {string} [code] the listing of its cell, if that is none of Keras' own
 */
export const written = signal(/** @type {Brought | null} */ (null));

/** The model of Write for this choice, also the one that was brought before a reload. @param {StepChoice} choice */
async function brought_for(choice) {
  if (choice.input !== "sentence") return null;
  if (choice.weights === "written") written.value ??= await (await import("./brought.js")).kept_brought();
  const brought = written.value;
  if (brought?.code !== undefined)
    return choice.cell === OWN && choice.code === brought.code ? brought : null;
  return KERAS_LISTINGS[brought?.parts.class_name ?? ""] === choice.cell ? brought : null;
}

/**
 * The network for a choice: the one that was chosen, or where that does not exist the best that does.
 * @param {StepChoice} choice
 * @returns {Promise<Network & { parts: TrainedParts | import("./choice.js").ScriptParts | null }>}
 */
export async function network_for(choice) {
  if (choice.input === "script") return (await import("./script_numbers.js")).script_network(choice);
  const brought = await brought_for(choice);
  const { network: kept, misses } =
    choice.input === "sentence"
      ? await recorded_network(choice.cell, words_of(choice.text))
      : { network: null };
  const yours = has_own(choice);
  const menu = menu_for(choice, kept, yours);
  if (brought) menu.unshift({ kind: "written", title: brought.title });
  if (brought && choice.weights === "written") return { kind: "written", menu, examples: [], ...brought };
  const kind = shown_kind(choice, kept, yours);
  const examples = kept?.examples ?? [];
  if (kind === "recorded" && kept)
    return { kind, menu, examples, parts: embedded(kept, choice.text), sentence: recorded_sentence(kept) };
  // What was recorded are film reviews: no texts for a network that reads newswires.
  if (kind === "yours")
    return { kind, menu, examples: reads_reviews() ? examples : [], ...(await own_network(choice)) };
  const wants_recorded = is_recorded(choice.cell) && ["trained", "recorded"].includes(choice.weights);
  return {
    kind,
    menu,
    examples: [],
    parts: null,
    sentence: untrained_sentence(choice, kind),
    ...(wants_recorded && { misses }),
  };
}

/**
 * @param {string | undefined} file of a recorded network in whose place another one is shown
 * @param {() => void} again
 */
export function tell_missing(file, again) {
  if (!file) return store.dismiss("recorded");
  const text =
    `The recorded network (${file}) could not be loaded; another one is shown. Check the connection, then try ` +
    "again.";
  store.notify({
    key: "recorded",
    kind: "trouble",
    text,
    actions: [{ label: "Try again", run: again }],
  });
}

/** @param {StepChoice} choice @param {RecordedNetwork | null} kept @param {boolean} yours @returns {NetworkKind} */
function shown_kind({ weights, units }, kept, yours) {
  if (weights === "random" || weights === "uniform") return weights;
  if (weights === "recorded") return kept ? "recorded" : yours ? "yours" : "random";
  if (yours) return "yours";
  // A link from before the menu asks for a number of units; it shows the recorded network only if that has as many.
  return kept && (weights === "yours" || kept.units === units) ? "recorded" : "random";
}

/** @param {StepChoice} choice @param {RecordedNetwork | null} kept @param {boolean} yours @returns {Network["menu"]} */
function menu_for(choice, kept, yours) {
  /** @type {Network["menu"]} */
  const menu = [];
  if (kept) menu.push({ kind: "recorded", title: recorded_title(kept) });
  if (yours) menu.push({ kind: "yours", title: `yours: ${age()}` });
  menu.push({ kind: "random", title: "untrained" });
  if (is_tutorial(choice.cell) || choice.input === "uniform" || choice.weights === "uniform")
    menu.push({ kind: "uniform", title: "untrained, uniform in [0, 1) as in tutorial 003" });
  return menu;
}

/** @param {number} units */
const counted_units = (units) => `${units} ${units === 1 ? "unit" : "units"}`;

/**
 * A sentence about a network without its number of units, for a cell in which they mean nothing.
 * @param {string} sentence
 */
export const without_units = (sentence) => sentence.replace(/ with \d+ units?/, "");

/** @param {StepChoice} choice @param {NetworkKind} kind */
function untrained_sentence({ cell, input, units, seed }, kind) {
  // A listing may say how a weight starts, as the IRNN does of U.
  const initial = Object.values(KERAS_LISTINGS).includes(cell) ? "Keras’ initial weights" : "initial weights";
  const weights = kind === "uniform" ? "weights uniform in [0, 1)" : initial;
  const words = input === "sentence" ? "random word vectors, " : "";
  return `an untrained network with ${counted_units(units)}: ${words}${weights}, seed ${seed}`;
}

/** Whether the network of the Train view has been trained and has this cell. @param {StepChoice} choice */
function has_own(choice) {
  const standing = store.status.value === "ready" || store.status.value === "training";
  return choice.input === "sentence" && standing && has_learned() && is_trained(choice);
}

/** Whether the network of the Train view has been trained, here or before it came from a file. */
function has_learned() {
  return store.updates.value > 0 || store.experiment.value.document.weights !== undefined;
}

/** How far the reader's own network has come. */
function age() {
  const { weights } = store.experiment.value.document;
  const made = store.updates.value;
  return made === 0 && weights ? `weights of ${weights.name}` : `update ${count(made)}`;
}

/** Whether the network of the Train view learns from film reviews. */
function reads_reviews() {
  return store.settings.value.data.startsWith("imdb");
}

/** @param {StepChoice} choice */
async function own_network(choice) {
  const parts = await (await engine()).request("stepping_parts", { text: choice.text });
  const { weights } = store.experiment.value.document;
  const age =
    parts.step === 0 && weights
      ? `and the weights of ${weights.name}`
      : `after ${count(parts.step)} ${parts.step === 1 ? "update" : "updates"}`;
  // A text that is longer than what the network reads at once is cut.
  const cut = parts.words.length < words_of(choice.text).length;
  return {
    parts: { ...parts, excerpt: /** @type {const} */ ({ kind: cut ? "cut" : "whole" }) },
    updates: parts.step,
    sentence: `your network, ${in_sentence(title_of(store.settings.value))} with ${counted_units(parts.units)} ${age}`,
  };
}

/** Whether the network of this choice is one that is being rebuilt for a link. @param {StepChoice} choice */
export function awaits_network(choice) {
  return (
    awaited.value !== null &&
    choice.input === "sentence" &&
    (choice.weights === "trained" || choice.weights === "yours") &&
    is_trained(choice)
  );
}

/** Whether the cell that is stepped through is the one behind the page. @param {StepChoice} choice */
function is_trained(choice) {
  const { cell, code } = store.settings.value;
  if (cell === OWN) return choice.cell === OWN && choice.code === code;
  const sizes = read_sizes(store.experiment.value.document);
  return choice.cell === (KERAS_LISTINGS[cell] ?? cell) && choice.sizes === sizes;
}

/**
 * The words as the recorded network reads them; the page's instance of the engine must be there.
 * @param {RecordedNetwork} network
 * @param {string} text
 * @returns {TrainedParts}
 */
function embedded(network, text) {
  const words = words_of(text);
  return {
    ...network,
    words,
    known: words.map((word) => Object.hasOwn(network.vectors, word)),
    x: words.flatMap((word) =>
      Object.hasOwn(network.vectors, word) ? network.vectors[word] : network.unknown,
    ),
  };
}

/**
 * Calls `changed` when the Train view's network has changed and is not being trained.
 * @param {() => void} changed
 */
export function on_network_change(changed) {
  let known = "";
  effect(() => {
    if (store.status.value !== "ready" || store.route.value !== "step") return;
    const { weights } = store.experiment.value.document;
    const name = `${JSON.stringify(store.settings.value)} ${weights?.hash} ${store.updates.value}`;
    if ((known !== "" && name !== known) || (has_learned() && known === "")) changed();
    known = name;
  });
}
