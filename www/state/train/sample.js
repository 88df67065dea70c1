/**
 * One sample of the experiment that is set up, as it is and as the network receives it.
 */
import { effect, signal } from "@preact/signals-core";
import { failure_from } from "../../engine/rpc.js";
import * as store from "../shared/store.js";
import { engine } from "../shared/connection.js";

/** @typedef {import("../../types/engine.js").Sample} Sample */
/** @typedef {import("../../types/engine.js").Subset} Subset */

export const sample = signal(/** @type {Sample | null} */ (null));

/** Why there is none. */
export const sample_problem = signal("");

/** Whether the panel is open: nothing is asked for before. */
export const sample_wanted = signal(false);

/** Only the latest request counts. */
let asked = 0;

/** @param {Subset} subset @param {number} index */
export async function show_sample(subset, index) {
  const mine = ++asked;
  try {
    const found = await (await engine()).request("sample", { subset, index });
    if (mine !== asked) return;
    sample.value = found;
    sample_problem.value = "";
  } catch (error) {
    if (mine !== asked) return;
    sample.value = null;
    sample_problem.value = failure_from(error).message;
  }
}

// Another network or other data: its first sample.
effect(() => {
  const there = store.setup.value !== null && sample_wanted.value;
  sample.value = null;
  sample_problem.value = "";
  if (there) void show_sample("train", 0);
});
