/**
 * The trained network whose cell is stepped through: the reader's own from the Train view, or the recorded one.
 */
import { effect } from "@preact/signals-core";
import { words_of } from "../../pkg/unrolled.js";
import { count } from "../shared/format.js";
import { KERAS_LISTINGS, OWN, title_of } from "../shared/listing_cell.js";
import { lesson } from "../shared/lessons.js";
import * as store from "../shared/store.js";
import { engine } from "../shared/wire.js";
import { awaited } from "../runs/rebuild.js";

/** @typedef {import("./choice.js").StepChoice} StepChoice */
/** @typedef {import("../../engine/protocol.js").SteppingParts} SteppingParts */

/**
 * @typedef {object} RecordedNetwork `www/lessons/recorded-network.json`: a small trained network with the vectors
 *   of frequent words
 * @property {string} title
 * @property {string} class_name
 * @property {number} units
 * @property {[string, number[]][]} weights
 * @property {[string, number[]][]} initial
 * @property {[number[], number[]]} output
 * @property {Record<string, number[]>} vectors by word
 * @property {number[]} unknown the vector of every other word
 */

/** @returns {Promise<RecordedNetwork | null>} */
const recorded_network = () => lesson("recorded-network");

/**
 * @param {StepChoice} choice
 * @returns {Promise<{ parts: (Omit<SteppingParts, "class_name" | "known" | "step">) | null, sentence: string,
 *   updates?: number }>} `updates` of the reader's own network
 */
export async function trained_parts(choice) {
  const random = choice.input === "sentence" ? "random words, " : "";
  if (choice.weights !== "trained") {
    return {
      parts: null,
      sentence:
        `${random}${choice.weights === "uniform" ? "weights uniform in [0, 1)" : "random weights"}, ` +
        `seed ${choice.seed}`,
    };
  }
  const own = await own_network(choice);
  if (own) return own;
  const kept = choice.input === "sentence" ? await recorded_network() : null;
  if (kept && KERAS_LISTINGS[kept.class_name] === choice.cell && kept.units === choice.units)
    return { parts: embedded(kept, choice.text), sentence: kept.title };
  return { parts: null, sentence: `${random}random weights, seed ${choice.seed}: not trained yet` };
}

/** @param {StepChoice} choice */
async function own_network(choice) {
  const standing = store.status.value === "ready" || store.status.value === "training";
  if (choice.input !== "sentence" || !standing || store.updates.value === 0 || !is_trained(choice))
    return null;
  const parts = await (await engine()).request("stepping_parts", { text: choice.text });
  return {
    parts,
    updates: parts.step,
    sentence:
      `your network, ${title_of(store.settings.value)} with ${parts.units} units after ` +
      `${count(parts.step)} steps`,
  };
}

/** Whether the network of this choice is one that is being rebuilt for a link. @param {StepChoice} choice */
export function awaits_network(choice) {
  return (
    awaited.value !== null &&
    choice.input === "sentence" &&
    choice.weights === "trained" &&
    is_trained(choice)
  );
}

/** Whether the cell that is stepped through is the one behind the page. @param {StepChoice} choice */
function is_trained(choice) {
  const { cell, code } = store.settings.value;
  if (cell === OWN) return choice.cell === OWN && choice.code === code;
  return choice.cell === (KERAS_LISTINGS[cell] ?? cell);
}

/**
 * The words as the recorded network reads them; the page's instance of the engine must be there.
 * @param {RecordedNetwork} network
 * @param {string} text
 */
function embedded(network, text) {
  const words = words_of(text);
  const x = words.flatMap((word) => network.vectors[word] ?? network.unknown);
  return {
    units: network.units,
    words,
    x,
    weights: network.weights,
    initial: network.initial,
    output: network.output,
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
    const name = `${JSON.stringify(store.settings.value)} ${store.updates.value}`;
    if ((known !== "" && name !== known) || (store.updates.value > 0 && known === "")) changed();
    known = name;
  });
}
