/**
 * A model or weights from a file: they become the experiment's model and its first weights. The run before is kept.
 */
import { ask_own } from "../../engine/own.js";
import { failure_from } from "../../engine/rpc.js";
import { keep_weights, kept_weights } from "../data/first_weights.js";
import { kept_file } from "../data/own_files.js";
import { count, quoted } from "../shared/format.js";
import * as store from "../shared/store.js";
import { choose_experiment } from "./choices.js";
import { canonical, key_of, opened, set_of } from "./experiment.js";
import { fetch_dataset } from "./fetch.js";

/** @typedef {import("../../types/engine.js").Experiment} Experiment */

/** Larger files are no networks that a browser trains. */
const LARGEST_FILE = 200_000_000;

/** Whether the arrays of a file are weights of the present model. @param {File} file */
export async function holds_weights(file) {
  if (file.size > LARGEST_FILE) return false;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const experiment = store.experiment.value.document;
  return ask_own("is_weights", { bytes, experiment }).catch(() => false);
}

/** Opens a model, or weights for the present one; what cannot be used is said. @param {File} file */
export async function open_network(file) {
  store.dismiss("network");
  if (file.size > LARGEST_FILE)
    return complain(`“${file.name}” is too large: at most 200 MB can be opened here.`);
  const before = store.experiment.value;
  const { document, from } = before;
  store.notify({ key: "network", kind: "note", text: `Reading “${file.name}” …` });
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const pack = await pack_of(document);
    const read = await ask_own("open", { name: file.name, bytes, experiment: document, pack });
    const { weights: named } = read.experiment;
    const others = await other_weights(document, read.experiment);
    if (others !== "") return complain(`“${file.name}” cannot be used: ${others}`);
    if (read.weights && named)
      await keep_weights({ version: 1, ...named, bytes: read.weights, saved_at: Date.now() });
    // The file that a link asks for: its experiment goes on as it stands.
    const asked = named && named.hash === document.weights?.hash;
    store.route.value = "train";
    const experiment = opened(asked ? document : read.experiment, from);
    const same = key_of(experiment) === key_of(before);
    await choose_experiment(experiment);
    tell(file.name, read.weights !== undefined, read.remarks, same ? null : before);
  } catch (error) {
    complain(
      `“${file.name}” cannot be used: ${sentence(without_name(failure_from(error).message, file.name))}`,
    );
  }
}

/**
 * Why weights of the right shapes are not those that an experiment waits for; empty where it waits for none.
 * @param {Experiment} wanted @param {Experiment} read
 */
async function other_weights({ weights, model }, read) {
  if (!weights || !read.weights || read.weights.hash === weights.hash) return "";
  if (canonical(model) !== canonical(read.model) || (await kept_weights(weights.hash))) return "";
  return (
    `its weights fit the model, but this experiment starts with others, those of “${weights.name}”: their hash ` +
    `is ${read.weights.hash} and not ${weights.hash}. Ask the author of the experiment for that file.`
  );
}

/**
 * The data set of an experiment as the engine loads it; nothing where it is generated or not at hand.
 * @param {Experiment} document @returns {Promise<Uint8Array | undefined>}
 */
export async function pack_of(document) {
  const set = set_of(document);
  if (set) return fetch_dataset(set);
  const { file } = document.data;
  return (file && (await kept_file(file.hash)))?.packed;
}

/**
 * @param {string} name @param {boolean} has_weights @param {string[]} remarks
 * @param {import("./experiment.js").OpenExperiment | null} before what stood here, where it was another run
 */
function tell(name, has_weights, remarks, before) {
  const made = store.updates.value;
  const what = !has_weights
    ? `“${name}” describes a model without weights: they come from the seed.`
    : made > 0
      ? `The run that started with the weights of “${name}” stands at update ${count(made)}; ` +
        "Reset goes back to them."
      : `The network starts with the weights of “${name}”, at update 0: try it on a text, or train it further.`;
  const kept = before ? "The run before is kept." : "";
  const text = [what, ...remarks.map(quoted).map(sentence), kept].filter((part) => part !== "").join(" ");
  const back = () => {
    store.dismiss("network");
    if (before) void choose_experiment(before);
  };
  const actions = before ? [{ label: "Back to the run before", run: back }] : [];
  store.notify({ key: "network", kind: "note", text, actions });
}

/** A message that begins with the name of the file, without it. @param {string} message @param {string} name */
function without_name(message, name) {
  return message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;
}

/** @param {string} message */
function sentence(message) {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

/** @param {string} text */
function complain(text) {
  store.notify({ key: "network", kind: "trouble", text: quoted(text) });
}
