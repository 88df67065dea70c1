/**
 * The hidden states of what is shown and pinned, as paths in one plane.
 */
import { signal } from "@preact/signals-core";
import { failure_from } from "../../engine/rpc.js";
import { analysis_now } from "./analysis.js";

/** @typedef {import("../../types/extra.js").Shown} Shown */
/** @typedef {import("../../types/extra.js").Space} Space */
/** @typedef {import("../../types/extra.js").Trace} Trace */

/** @typedef {{ space: Space, traces: Trace[], layer: string, step: number }} ReadSpace */

export const space = signal(/** @type {ReadSpace | null} */ (null));
/** Why there is none. */
export const without_space = signal("");

/** Reads them anew with the present weights; what is shown comes first. @param {Shown[]} shown @param {string} layer */
export async function read_space(shown, layer) {
  try {
    const { analysis, step } = await analysis_now();
    const found = await analysis.request("space", { shown, layer });
    const traces = [];
    for (const one of shown) traces.push(await analysis.request("trace", { shown: one }));
    space.value = { space: found, traces, layer, step };
    without_space.value = "";
  } catch (error) {
    const { code, message } = failure_from(error);
    if (code === "worker_dead") return; // The next reading starts another worker.
    space.value = null;
    without_space.value = message;
  }
}
