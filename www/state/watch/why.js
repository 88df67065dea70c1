/**
 * Which timesteps made the network say so: asked for what is shown, in slices, with the weights at the beginning.
 */
import { signal } from "@preact/signals-core";
import { failure_from } from "../../engine/rpc.js";
import { analysis_now } from "./analysis.js";
import { key_of, shown } from "./shown.js";

/** @typedef {import("../../types/extra.js").Influence} Influence */
/** @typedef {{ of: string, step: number, done: number, all: number, influence: Influence | null }} Weighed */

/** Longest that the worker is busy at a stretch. */
const SLICE_MS = 25;

export const weighed = signal(/** @type {Weighed | null} */ (null));

/** Why it was not done. */
export const weighing_problem = signal("");

let present = 0;

/** Asks anew, for what is shown with the present weights. */
export async function weigh() {
  const own = ++present;
  const one = shown.peek();
  weighing_problem.value = "";
  try {
    const { analysis, step } = await analysis_now();
    await analysis.request("begin_influence", { shown: one });
    for (;;) {
      if (own !== present) return;
      const { done, all, influence } = await analysis.request("influence_for", { budget_ms: SLICE_MS });
      if (own !== present) return;
      weighed.value = { of: key_of(one), step, done, all, influence: influence ?? null };
      if (done === all) return;
    }
  } catch (error) {
    const { code, message } = failure_from(error);
    if (own !== present) return;
    weighed.value = null;
    weighing_problem.value = code === "worker_dead" ? "" : message;
  }
}

/** What is computed is not wanted any more. */
export function stop_weighing() {
  present += 1;
  weighed.value = null;
}
