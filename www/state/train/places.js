/**
 * Places of an experiment document that the quick controls read and write. A control is there where the document has
 * one place for it, whatever else it says.
 */
import { KERAS_LISTINGS, OWN, recurrent_layer } from "../shared/listing_cell.js";

/** @typedef {import("../../types/engine.js").Experiment} Experiment */
/** @typedef {import("../../types/engine.js").KerasObject} KerasObject */
/** @typedef {"units" | "embedding" | "words" | "maxlen" | "batch" | "rate" | "seed"} ControlName */

const LAYERS = "/model/config/layers";

/** Options that every recurrent layer has: they stay when the cell changes. */
const SHARED_OPTIONS = ["return_sequences", "go_backwards", "stateful", "dropout", "recurrent_dropout"];

/** @param {Experiment} document @returns {KerasObject[]} */
export function layers_of(document) {
  return document.model.config.layers ?? [];
}

/** @param {KerasObject} layer */
export function is_recurrent(layer) {
  return layer.class_name === "Listing" || Object.hasOwn(KERAS_LISTINGS, layer.class_name);
}

/**
 * JSON pointers of each control, all of which hold the same number.
 * @param {Experiment} document @returns {Partial<Record<ControlName, string[]>>}
 */
export function places_of(document) {
  const layers = layers_of(document);
  const shapes = layers.flatMap(({ config }, k) =>
    ["batch_shape", "batch_input_shape"]
      .filter((key) => Array.isArray(config[key]))
      .map((key) => ({ at: `${LAYERS}/${k}/config/${key}`, shape: config[key] })),
  );
  const cell = sole(layers, is_recurrent);
  const table = sole(layers, ({ class_name }) => class_name === "Embedding");
  const { optimizer } = document.compile;
  const { reading } = document.data;
  return {
    ...(cell !== null && { units: [`${LAYERS}/${cell}/config/units`] }),
    ...(table !== null && { embedding: [`${LAYERS}/${table}/config/output_dim`] }),
    ...(reading.as === "words" && table !== null && words_places(layers, table, reading, shapes)),
    batch: ["/fit/batch_size", ...shapes.filter(({ shape }) => shape[0] !== null).map(({ at }) => `${at}/0`)],
    ...(typeof optimizer !== "string" &&
      typeof optimizer.config?.learning_rate === "number" && {
        rate: ["/compile/optimizer/config/learning_rate"],
      }),
    seed: ["/fit/seed"],
  };
}

/**
 * @param {KerasObject[]} layers @param {number} table
 * @param {{ num_words: number, maxlen: number }} reading
 * @param {{ at: string, shape: unknown[] }[]} shapes
 */
function words_places(layers, table, { num_words, maxlen }, shapes) {
  const { config } = layers[table];
  const at = `${LAYERS}/${table}/config`;
  const lengths = shapes.filter(({ shape }) => shape[1] === maxlen).map((found) => `${found.at}/1`);
  return {
    ...(config.input_dim === num_words && { words: ["/data/reading/num_words", `${at}/input_dim`] }),
    maxlen: [
      "/data/reading/maxlen",
      ...(config.input_length === undefined ? [] : [`${at}/input_length`]),
      ...lengths,
    ],
  };
}

/** Where the only recurrent layer that is no part of another one stands. @param {Experiment} document */
export function cell_place(document) {
  return sole(layers_of(document), is_recurrent);
}

/** @param {KerasObject[]} layers @param {(layer: KerasObject) => boolean} holds @returns {number | null} */
function sole(layers, holds) {
  const found = layers.flatMap((layer, k) => (holds(layer) ? [k] : []));
  return found.length === 1 ? found[0] : null;
}

/** @param {Experiment} document @param {string} pointer @returns {any} */
export function read_place(document, pointer) {
  return keys_of(pointer).reduce((value, key) => value?.[key], /** @type {any} */ (document));
}

/** Changes `document`. @param {Experiment} document @param {string} pointer @param {unknown} value */
export function write_place(document, pointer, value) {
  const keys = keys_of(pointer);
  const last = keys.pop() ?? "";
  const parent = keys.reduce((found, key) => found?.[key], /** @type {any} */ (document));
  if (parent) parent[last] = value;
}

/** @param {string} pointer */
function keys_of(pointer) {
  return pointer
    .slice(1)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** @param {Experiment} document @param {ControlName} name @returns {number} NaN where there is no such place */
export function read_control(document, name) {
  const [place] = places_of(document)[name] ?? [];
  return place === undefined ? NaN : Number(read_place(document, place));
}

/**
 * The cell of the document's recurrent layer, of the first one where there are several; empty where there is none.
 * @param {Experiment} document @returns {{ cell: string, code: string }}
 */
export function read_cell(document) {
  const found = layers_of(document)
    .map((layer) => (is_recurrent(layer) ? layer : inner_of(layer)))
    .find((layer) => layer !== null && is_recurrent(layer));
  if (!found) return { cell: "", code: "" };
  if (found.class_name !== "Listing") return { cell: found.class_name, code: "" };
  const { name, cell, source } = found.config;
  return source === undefined ? { cell: cell ?? name, code: "" } : { cell: OWN, code: source };
}

/** Sizes that the document's cell has in place of those of its listing: `d_state:8`. @param {Experiment} document */
export function read_sizes(document) {
  const sizes = layers_of(document).find(is_recurrent)?.config.sizes ?? {};
  return Object.entries(sizes)
    .map((chosen) => chosen.join(":"))
    .join(",");
}

/** The layer inside a wrapper. @param {KerasObject} layer @returns {KerasObject | null} */
function inner_of({ config }) {
  return config?.layer ?? null;
}

/**
 * The document with other numbers, or with another cell in place of its only recurrent layer.
 * @param {Experiment} document
 * @param {Partial<Record<ControlName, number>> & { cell?: string, code?: string, sizes?: Record<string, number> }}
 *   changed
 * @returns {Experiment}
 */
export function with_controls(document, changed) {
  const made = structuredClone(document);
  const places = places_of(document);
  for (const name of /** @type {ControlName[]} */ (Object.keys(places))) {
    const value = changed[name];
    if (value !== undefined) for (const place of places[name] ?? []) write_place(made, place, value);
  }
  const at = cell_place(document);
  if (at === null || (changed.cell === undefined && changed.code === undefined)) return made;
  const layers = layers_of(made);
  const before = layers[at].config;
  const present = read_cell(document);
  const cell = changed.cell ?? present.cell;
  const code = cell === OWN ? (changed.code ?? present.code) : "";
  const { sizes } = changed;
  const same = !sizes || JSON.stringify(sizes) === JSON.stringify(before.sizes ?? {});
  if (cell === present.cell && code === present.code && same) return made;
  const layer = recurrent_layer({ cell, code, units: before.units, ...(sizes && { sizes }) });
  for (const option of SHARED_OPTIONS)
    if (before[option]) Object.assign(layer.config, { [option]: before[option] });
  layers[at] = layer;
  return made;
}
