/**
 * Numbers inside the shown layer that a reader has set, the words that were changed, and what becomes of the answer.
 */
import { computed, signal } from "@preact/signals-core";
import { failure_from } from "../../engine/rpc.js";
import * as store from "../shared/store.js";
import { analysis_now } from "./analysis.js";
import { shown } from "./shown.js";

/** @typedef {import("../../types/extra.js").Change} Change */
/** @typedef {import("../../types/extra.js").Operated} Operated */
/** @typedef {import("../../types/extra.js").Shown} Shown */

/** What was done so far: the changes of numbers, and the text if its words are others. */
/** @typedef {{ changes: Change[], text: string | null }} Done */

/** @type {Done} */
const NOTHING = { changes: [], text: null };

export const done = signal(NOTHING);
/** What stood before each step. */
const earlier = signal(/** @type {Done[]} */ ([]));
export const can_undo = computed(() => earlier.value.length > 0);

export const operated = signal(/** @type {Operated | null} */ (null));
/** Why the last change could not be made. */
export const trouble = signal("");

/** @param {Done} next @param {boolean} [goes_on] whether it continues the last step, as while dragging */
function make(next, goes_on = false) {
  if (!goes_on) earlier.value = [...earlier.value, done.value];
  done.value = next;
}

/** Whether two changes set the same numbers. @param {Change} one @param {Change} other */
function is_same_place(one, other) {
  const place = (/** @type {Change} */ { symbol, unit, when }) =>
    JSON.stringify([symbol, unit ?? null, when]);
  return place(one) === place(other);
}

/** Sets numbers; a change of the same numbers before is replaced. @param {Change} change */
export function set(change) {
  const { changes, text } = done.value;
  const last = changes[changes.length - 1];
  const goes_on = last !== undefined && is_same_place(last, change);
  const others = changes.filter((other) => !is_same_place(other, change));
  make({ changes: [...others, change], text }, goes_on);
}

/** Takes one change back. @param {Change} change */
export function take_back(change) {
  make({ ...done.value, changes: done.value.changes.filter((other) => other !== change) });
}

/** Other words. @param {string} text */
export function change_words(text) {
  const one = shown.value;
  const same = one.kind === "text" && one.text.trim() === text.trim();
  make({ ...done.value, text: same ? null : text });
}

export function undo() {
  const last = earlier.value[earlier.value.length - 1];
  if (!last) return;
  earlier.value = earlier.value.slice(0, -1);
  done.value = last;
}

export function all_back() {
  if (done.value !== NOTHING) make(NOTHING);
}

/** Another sequence or layer: nothing is changed in it yet. */
export function begin_anew() {
  earlier.value = [];
  done.value = NOTHING;
  operated.value = null;
  trouble.value = "";
}

/** Reads what is shown with the changes and without, by the network as it is now. */
export async function operate() {
  const layer = store.shown_layer.peek()?.name;
  const original = shown.peek();
  if (layer === undefined || (original.kind === "text" && original.text.trim() === "")) return;
  const { changes, text } = done.value;
  /** @type {Shown} */
  const changed = text === null ? original : { kind: "text", text };
  try {
    const { analysis } = await analysis_now();
    const found = await analysis.request("operate", { original, shown: changed, layer, changes });
    operated.value = found;
    trouble.value = "";
  } catch (error) {
    const { code, message } = failure_from(error);
    if (code === "worker_dead") return; // The next change starts another worker.
    trouble.value = message;
  }
}
