/**
 * Building a model: the list of layers of the document, changed in place. A list that cannot be trained yet is a draft;
 * the network behind the page stays what it was until the list can be trained.
 */
import { computed, effect, signal } from "@preact/signals-core";
import { page_instance } from "../../engine/page.js";
import { failure_from } from "../../engine/rpc.js";
import { experiment_catalogue, survey_experiment } from "../../pkg/unrolled.js";
import { texts_for, texts_given } from "../shared/listing_source.js";
import * as store from "../shared/store.js";
import { key_of, opened } from "./experiment.js";
import { is_recurrent, layers_of, read_place, write_place } from "./places.js";
import { choose } from "./run.js";

/** @typedef {import("../../types/engine.js").Catalogue} Catalogue */
/** @typedef {import("../../types/engine.js").ClassFacts} ClassFacts */
/** @typedef {import("../../types/engine.js").Experiment} Experiment */
/** @typedef {import("../../types/engine.js").KerasObject} KerasObject */
/** @typedef {import("../../types/engine.js").OptionFacts} OptionFacts */
/** @typedef {import("../../types/engine.js").Survey} Survey */

/** Layers and optimizers with their options, as the engine has them; null until it is there. */
export const catalogue = signal(/** @type {Catalogue | null} */ (null));

/** A document that cannot be trained as it is. */
export const draft = signal(/** @type {Experiment | null} */ (null));

/** What the engine says of a document that it cannot read. */
export const problem = signal("");

/** The layer whose options are shown, by its place in the list. */
export const shown_options = signal(/** @type {number | null} */ (null));

/** Shows the options of a layer, and brings them into sight. @param {number} at */
export function open_layer(at) {
  shown_options.value = at;
  queueMicrotask(() =>
    document.querySelector(`.model-layer[data-at="${at}"]`)?.scrollIntoView({ block: "nearest" }),
  );
}

/** The document that is edited. */
export const edited = computed(() => draft.value ?? store.experiment.value.document);

/** Shapes, parameters and troubles of the edited model; null until the engine is there. */
export const survey = computed(() => {
  if (!catalogue.value) return null;
  void texts_given.value;
  try {
    return survey_experiment(edited.value);
  } catch {
    return null; // `problem` says why.
  }
});

let key = "";
effect(() => {
  const present = key_of(store.experiment.value);
  if (present !== key) discard();
  key = present;
});

// With the engine; why it is not there is said by the run.
effect(() => {
  void store.setup.value;
  page_instance().then(
    () => (catalogue.value ??= experiment_catalogue()),
    () => null,
  );
});

/** Back to the network that is trained. */
export function discard() {
  draft.value = null;
  problem.value = "";
}

/** @param {"layers" | "optimizers" | "schedules"} list @param {string} class_name @returns {ClassFacts | undefined} */
export function facts_of(list, class_name) {
  return catalogue.value?.[list].find((known) => known.class_name === class_name);
}

/**
 * Makes the document another run if it can be trained, else a draft that says what is missing.
 * @param {Experiment} document
 */
export async function put(document) {
  problem.value = "";
  try {
    await texts_for(document);
    if (survey_experiment(document).trouble) {
      draft.value = document;
      return;
    }
  } catch (error) {
    problem.value = failure_from(error).message;
    draft.value = document;
    return;
  }
  draft.value = null;
  await choose(opened(document, store.experiment.value.from));
}

/** Changes a copy of the edited document. @param {(document: Experiment) => void} change */
export async function edit(change) {
  const document = structuredClone(edited.value);
  change(document);
  await put(document);
}

/** @param {string} pointer @param {unknown} value */
export async function set_place(pointer, value) {
  await edit((document) => write_place(document, pointer, value));
}

/** The engine's own way out of a trouble. @param {import("../../types/engine.js").Mend} mend */
export async function apply_mend({ pointer, value }) {
  await edit((document) => {
    if (value) return write_place(document, pointer, value);
    // What has Keras' default is left out, as in the documents of the project.
    const at = pointer.lastIndexOf("/");
    delete read_place(document, pointer.slice(0, at))[pointer.slice(at + 1)];
  });
}

/** A change of the list of layers. @param {(layers: KerasObject[]) => void} change */
async function change_layers(change) {
  await edit((document) => change(layers_of(document)));
}

/** A name that no layer has: `lstm`, `lstm_1`, … @param {KerasObject[]} layers @param {string} class_name */
function free_name(layers, class_name) {
  const wanted = facts_of("layers", class_name)?.name ?? class_name.toLowerCase();
  const taken = layers.map((layer) => layer.config.name ?? facts_of("layers", layer.class_name)?.name);
  let name = wanted;
  for (let k = 1; taken.includes(name); k++) name = `${wanted}_${k}`;
  return name;
}

/** @param {number} at @param {string} class_name */
export async function add_layer(at, class_name) {
  const { reading } = edited.value.data;
  await change_layers((layers) => {
    const required = structuredClone(facts_of("layers", class_name)?.required ?? {});
    if (class_name === "Embedding" && "num_words" in reading) required.input_dim = reading.num_words;
    layers.splice(at, 0, { class_name, config: { name: free_name(layers, class_name), ...required } });
  });
}

/** @param {number} at */
export async function remove_layer(at) {
  await change_layers((layers) => layers.splice(at, 1));
}

/** @param {number} at @param {number} by −1 towards the input, 1 towards the output */
export async function move_layer(at, by) {
  await change_layers((layers) => layers.splice(at + by, 0, ...layers.splice(at, 1)));
}

/** @param {number} at */
export async function duplicate_layer(at) {
  await change_layers((layers) => {
    const copy = structuredClone(layers[at]);
    copy.config.name = free_name(layers, copy.class_name);
    layers.splice(at + 1, 0, copy);
  });
}

/**
 * The layer at a place of the list, or the one inside of it.
 * @param {KerasObject[]} layers @param {number} at @param {number} depth how many wrappers are around it
 */
function layer_at(layers, at, depth) {
  let layer = layers[at];
  for (let k = 0; k < depth; k++) layer = layer.config.layer;
  return layer;
}

/**
 * An option; one that has its default value is left out, as it was.
 * @param {number} at @param {number} depth @param {OptionFacts} facts @param {unknown} value
 */
export async function set_option(at, depth, facts, value) {
  await change_layers((layers) => {
    const { class_name, config } = layer_at(layers, at, depth);
    const required = facts_of("layers", class_name)?.required ?? {};
    if (value === facts.default && !(facts.name in required)) delete config[facts.name];
    else config[facts.name] = value;
  });
}

/**
 * Other sizes than the listing of a layer names.
 * @param {number} at @param {number} depth @param {Record<string, unknown>} sizes
 */
export async function set_sizes(at, depth, sizes) {
  await change_layers((layers) => void (layer_at(layers, at, depth).config.sizes = sizes));
}

/**
 * Another class in place of a layer, with the options that both have.
 * @param {number} at @param {number} depth @param {string} class_name
 */
export async function change_class(at, depth, class_name) {
  const facts = facts_of("layers", class_name);
  if (!facts) return;
  await change_layers((layers) => {
    const layer = layer_at(layers, at, depth);
    const before = layer.config;
    const kept = facts.options.filter(({ name, kind }) => before[name] !== undefined && kind !== "layer");
    layer.class_name = class_name;
    layer.config = {
      ...(depth === 0 && { name: free_name(layers.toSpliced(at, 1), class_name) }),
      ...structuredClone(facts.required),
      ...Object.fromEntries(kept.map(({ name }) => [name, before[name]])),
    };
  });
}

/** A recurrent layer inside a Bidirectional, or out of it again. @param {number} at */
export async function turn_both_ways(at) {
  await change_layers((layers) => {
    const { class_name, config } = layers[at];
    const others = layers.toSpliced(at, 1);
    if (class_name === "Bidirectional") {
      const { layer } = config;
      layers[at] = { ...layer, config: { ...layer.config, name: free_name(others, layer.class_name) } };
    } else if (is_recurrent(layers[at])) {
      const inner = { ...config };
      delete inner.name; // The two directions have names of their own.
      const wrapped = { class_name, config: inner };
      layers[at] = {
        class_name: "Bidirectional",
        config: { name: free_name(others, "Bidirectional"), layer: wrapped },
      };
    }
  });
}
