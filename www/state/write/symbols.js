/** Which gates and states of the writing model are shown, and which unit of them. */
import { computed, signal } from "@preact/signals-core";
import { HUES } from "../../figures/hues.js";
import { NAMES, ROLES } from "../shared/symbols.js";
import { facts } from "./writer.js";

/** @typedef {import("../../types/extra.js").PlacedSymbol} PlacedSymbol */

/**
 * @typedef {object} ShownSymbol
 * @property {PlacedSymbol} place
 * @property {string} name what it is called
 * @property {string} role
 * @property {string} colour name of a token in tokens.css
 * @property {boolean} gate whether it lies between 0 and 1
 */

/** The layer that is shown, by its name; another one is not there. */
export const chosen_layer = signal("");
/** The unit that is looked at, in every figure. */
export const unit = signal(0);

/** The names of the recurrent layers. */
export const layers = computed(() => [...new Set(facts.value?.symbols.map(({ layer }) => layer) ?? [])]);

export const layer = computed(() =>
  layers.value.includes(chosen_layer.value) ? chosen_layer.value : (layers.value[0] ?? ""),
);

/** Gates that a sigmoid makes. */
const GATES = ["i", "f", "o", "z", "r"];

/**
 * The gates and states of the layer that is shown.
 * @type {import("@preact/signals-core").ReadonlySignal<ShownSymbol[]>}
 */
export const shown = computed(() => {
  const own = facts.value?.symbols.filter((place) => place.layer === layer.value) ?? [];
  return own.map((place) => {
    const of_keras = place.class_name !== "Listing" && Object.hasOwn(NAMES, place.symbol);
    return {
      place,
      name: of_keras ? NAMES[place.symbol] : "",
      role: of_keras ? (ROLES[place.symbol]?.role ?? "") : "",
      colour: (of_keras ? HUES[place.symbol] : undefined) ?? "--ink-2",
      gate: of_keras && GATES.includes(place.symbol),
    };
  });
});

/** How many units a layer has. @param {string} name */
export function width_of(name) {
  const own = facts.value?.symbols.filter((place) => place.layer === name) ?? [];
  return (own.find(({ symbol }) => symbol === "h") ?? own.at(-1))?.width ?? 0;
}

/** How many units the layer that is shown has. */
export const units = computed(() => width_of(layer.value));
