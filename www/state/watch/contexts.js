/**
 * Where in the data a unit fires: a search of the other worker, in slices, that can be cancelled.
 */
import { signal } from "@preact/signals-core";
import { failure_from } from "../../engine/rpc.js";
import { analysis_now } from "./analysis.js";

/** @typedef {import("../../types/extra.js").Wanted} Wanted */
/** @typedef {import("../../types/extra.js").ContextsProgress} ContextsProgress */
/** @typedef {{ wanted: Wanted, step: number, progress: ContextsProgress, running: boolean }} Found */

/** Longest that the worker is busy at a stretch. */
const SLICE_MS = 40;

export const contexts = signal(/** @type {Found | null} */ (null));

/** Why there are none. */
export const search_problem = signal("");

let present = 0;

/** @param {Wanted} wanted */
export async function search(wanted) {
  const own = ++present;
  search_problem.value = "";
  try {
    const { analysis, step } = await analysis_now();
    await analysis.request("begin_contexts", { wanted });
    for (;;) {
      if (own !== present) return;
      const progress = await analysis.request("contexts_for", { budget_ms: SLICE_MS });
      if (own !== present) return;
      const running = progress.done < progress.all;
      contexts.value = { wanted, step, progress, running };
      if (!running) return;
    }
  } catch (error) {
    const { code, message } = failure_from(error);
    if (own !== present) return;
    contexts.value = null;
    if (code !== "worker_dead") search_problem.value = message;
  }
}

/** What was found until then stays. */
export function cancel_search() {
  present += 1;
  if (contexts.value) contexts.value = { ...contexts.value, running: false };
}
