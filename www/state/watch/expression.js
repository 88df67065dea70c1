/**
 * A line that a reader types in the names of the shown layer: its values along what is shown, and the mean of them
 * along training. The other worker computes it with the weights of the run.
 */
import { effect, signal, untracked } from "@preact/signals-core";
import { failure_from } from "../../engine/rpc.js";
import * as store from "../shared/store.js";
import { analysis_now } from "./analysis.js";
import { key_of, shown } from "./shown.js";

/** @typedef {import("../../types/extra.js").Watched} Watched */

/** @typedef {{ line: string, layer: string, of: string, step: number, watched: Watched }} Answer */

/** @typedef {{ step: number, mean: number }} Point */

const KEPT_AS = "unrolled:watched-line";

/** With more points every second one is dropped. */
const MOST_POINTS = 400;

/** The line as it was typed last, kept for the next visit. */
export const line = signal(kept());

/** What the engine says to it. */
export const answer = signal(/** @type {Answer | null} */ (null));

/** The mean of its values after some of the updates, while it was looked at. */
export const course = signal(/** @type {Point[]} */ ([]));

/** Why it cannot be computed at all. */
export const refused = signal("");

function kept() {
  try {
    return localStorage.getItem(KEPT_AS) ?? "";
  } catch {
    return ""; // This browser lets the page keep nothing.
  }
}

/** @param {string} text */
export function type_line(text) {
  line.value = text;
  try {
    localStorage.setItem(KEPT_AS, text);
  } catch (error) {
    console.info("The line could not be kept on this machine:", error);
  }
}

/** What the points of the course are about. */
let subject = "";

/** Another network: its course begins anew. */
effect(() => {
  void store.setup.value;
  untracked(() => {
    course.value = [];
    answer.value = null;
  });
});

/** Computes the line for what is shown, with the present weights. */
export async function compute() {
  const layer = store.shown_layer.peek()?.name;
  const one = shown.peek();
  if (layer === undefined || (one.kind === "text" && one.text.trim() === "")) return;
  const text = line.peek();
  const network = store.setup.peek();
  try {
    const { analysis, step } = await analysis_now();
    const watched = await analysis.request("expression", { shown: one, layer, text });
    if (network !== store.setup.peek() || text !== line.peek()) return;
    answer.value = { line: text, layer, of: key_of(one), step, watched };
    refused.value = "";
    add_point(JSON.stringify([text, layer, key_of(one)]), step, watched.computed?.mean);
  } catch (error) {
    const { code, message } = failure_from(error);
    if (code === "worker_dead") return; // The next line starts another worker.
    answer.value = null;
    refused.value = message;
  }
}

/** @param {string} about @param {number} step @param {number | undefined} mean */
function add_point(about, step, mean) {
  const before = about === subject ? course.peek().filter((point) => point.step < step) : [];
  subject = about;
  if (mean === undefined) {
    course.value = before;
    return;
  }
  const all = [...before, { step, mean }];
  course.value = all.length <= MOST_POINTS ? all : all.filter((_, k) => k % 2 === 0 || k === all.length - 1);
}
