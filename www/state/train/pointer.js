/**
 * One cursor, word and unit, for all figures: what the keyboard does to it.
 */
import { signal } from "@preact/signals-core";
import * as store from "../shared/store.js";
import { row_of, unit_order } from "../watch/order.js";

/** Counts how often a reader has asked for the number under the cursor, by a key or a click. */
export const asked = signal(0);

/** @type {Record<string, [number, number]>} key to the move in words and units */
const MOVES = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
  Home: [-Infinity, 0],
  End: [Infinity, 0],
};

/**
 * @param {number} words
 * @param {number} units moves of the cursor
 * @returns {boolean} whether there is something to move over
 */
export function move(words, units) {
  const layer = store.shown_layer.value;
  const count = store.kept_words.value.length;
  if (!layer || count === 0) return false;
  const from = store.cursor.value ?? { t: words > 0 ? -1 : 0, u: 0 };
  store.hovered.value = null;
  const order = unit_order.value;
  const row = clamp(row_of(from.u, order) + units, layer.units - 1);
  store.selected.value = { t: clamp(from.t + words, count - 1), u: order ? order[row] : row };
  return true;
}

/** @param {number} value @param {number} maximum */
function clamp(value, maximum) {
  return Math.max(0, Math.min(maximum, value));
}

/** Arrow keys on a figure: words and units. @param {KeyboardEvent} event */
export function figure_key(event) {
  if (event.key === "Escape") {
    store.selected.value = null;
    store.hovered.value = null;
    return;
  }
  const by = MOVES[event.key];
  if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!move(by[0], by[1])) return;
  event.preventDefault();
  asked.value += 1;
}

/** The pointer is over a word, or over one unit of it. @param {{ t: number, u?: number }} place */
export function hover({ t, u = store.cursor.value?.u ?? 0 }) {
  const before = store.hovered.value;
  if (before?.t !== t || before?.u !== u) store.hovered.value = { t, u };
}

/** The pointer has left the figure. */
export function leave() {
  store.hovered.value = null;
}

/** A word, or one unit of it, is chosen. @param {{ t: number, u?: number }} place */
export function choose_place({ t, u = store.cursor.value?.u ?? 0 }) {
  store.selected.value = { t, u };
  asked.value += 1;
}
