/**
 * What the figures of the trained network show: the gates and states of a cell of Keras, or whatever a listing assigns.
 */
import { computed, signal } from "@preact/signals-core";
import { decimal, percent, signed } from "../shared/format.js";
import { HUES, assign_hues } from "../../figures/hues.js";
import { outline } from "./outline.js";
import { BETWEEN_0_AND_1, GATE_FUNCTIONS, LOOKS, NAMES, ROLES } from "../shared/symbols.js";

/**
 * @typedef {object} SymbolInfo
 * @property {string} symbol
 * @property {string} name
 * @property {string} [spoken] the name where it is read aloud; that of the figure if it has none
 * @property {string} role a word or two: what it does
 * @property {string} colour name of a token in tokens.css
 * @property {boolean} signed whether it can be negative; gates cannot
 * @property {boolean} share whether it lies between 0 and 1, as gates do
 * @property {boolean} [own_scale] whether its colours never share the scale of the other figures
 * @property {(called: string) => string} [look] what to look for, where one timestep is called so
 * @property {(value: number) => string} [says] what one value says of its unit
 */

/** @typedef {import("./outline.js").Outline} Outline */
/** @typedef {import("./outline.js").NamedText} NamedText */
/** @typedef {import("../../types/engine.js").LayerTrace} LayerTrace */

/** Functions whose results are never below zero. */
const POSITIVE = [...BETWEEN_0_AND_1, "relu"];

/** Operations whose results are intermediate values of a gate: hidden unless chosen. */
const ON_THE_WAY = ["split", "product", "same"];

/** Whether intermediate values are shown too. */
export const all_arrays = signal(false);

/** @param {Outline} known @returns {SymbolInfo[]} states last, as for the cells of Keras */
function listing_symbols(known) {
  const hues = assign_hues(known.names, known.states);
  const written = new Map(known.names.map((made) => [made.name, made]));
  const gates = known.names.filter(({ name }) => !known.states.includes(name));
  return [
    ...gates.map((made) => symbol(made, hues.get(made.name) ?? "--ink-2", false)),
    ...known.states.map((name) =>
      symbol(
        written.get(name) ?? { name, text: "", made_by: "", comment: null },
        hues.get(name) ?? "--state-h",
        true,
      ),
    ),
  ];
}

/** @param {NamedText} made @param {string} colour @param {boolean} state @returns {SymbolInfo} */
function symbol({ name, text, made_by, comment }, colour, state) {
  const gate = BETWEEN_0_AND_1.includes(made_by) && !state;
  return {
    symbol: name,
    name: state ? `state${comment ? `, ${comment}` : ""}` : (comment ?? text),
    role: gate ? "gate" : "",
    colour,
    spoken: state ? `state ${name}` : `${name} = ${text}`,
    signed: !POSITIVE.includes(made_by),
    share: BETWEEN_0_AND_1.includes(made_by),
    look: look_of(made_by, state),
    says: (value) => `has ${name} ${gate ? percent(value) : signed(value)}`,
  };
}

/**
 * What to look for in an array of a listing.
 * @param {string} made_by the function that is called last @param {boolean} state
 * @returns {(called: string) => string}
 */
function look_of(made_by, state) {
  if (state)
    return (called) =>
      `Carried on: look for rows that keep one colour over many ${called}s, and for where it changes.`;
  if (GATE_FUNCTIONS.includes(made_by))
    return (called) => `Between 0 and 1: look for ${called}s at which many rows are near one of the two.`;
  if (made_by === "softmax")
    return (called) => `Each column sums to 1: look for ${called}s at which one row takes most of it.`;
  if (made_by === "relu")
    return (called) => `Never below 0: look for rows that are 0 at every ${called}, and so pass nothing on.`;
  if (made_by === "np.tanh")
    return (called) => `Between −1 and 1: look for ${called}s at which many rows are near one of the two.`;
  return (called) => `On the way to the states: look for ${called}s at which many rows change at once.`;
}

const of_listing = computed(() => (outline.value ? listing_symbols(outline.value) : []));

/** Names that are not shown until they are asked for. */
export const hidden_names = computed(() => {
  const known = outline.value;
  if (!known) return [];
  const hues = assign_hues(known.names, known.states);
  return known.names
    .filter(
      ({ name, made_by }) => ON_THE_WAY.includes(made_by) && !hues.has(name) && !known.states.includes(name),
    )
    .map(({ name }) => name);
});

/** Numbers that were looked at. @type {WeakMap<Float32Array, boolean>} */
const looked_at = new WeakMap();

/** Whether all lie between 0 and 1. @param {Float32Array} data */
function are_shares(data) {
  const known = looked_at.get(data) ?? data.every((value) => value >= 0 && value <= 1);
  looked_at.set(data, known);
  return known;
}

/**
 * A gate or state of one of Keras' cells; with another activation than a sigmoid the numbers of a gate may lie outside
 * of 0 to 1.
 * @param {{ name: string, data: Float32Array }} symbol
 * @returns {SymbolInfo}
 */
function keras_symbol({ name: symbol, data }) {
  const name = NAMES[symbol];
  const gate = name.endsWith(" gate") && are_shares(data);
  return {
    symbol,
    name,
    colour: HUES[symbol],
    signed: !gate,
    share: gate,
    look: LOOKS[symbol],
    ...ROLES[symbol],
  };
}

/** The figures of a layer. @param {LayerTrace} layer @returns {SymbolInfo[]} */
export function shown_symbols(layer) {
  if (layer.class_name !== "Listing") return layer.symbols.map(keras_symbol);
  return all_arrays.value
    ? of_listing.value
    : of_listing.value.filter(({ symbol }) => !hidden_names.value.includes(symbol));
}

/** The text behind the `=` and the value, for the explanation of a unit. @param {string} name @param {number} value */
export function written(name, value) {
  const text = outline.value?.names.find((made) => made.name === name)?.text ?? "";
  return { text, value: decimal(value) };
}
