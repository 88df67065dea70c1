/**
 * Gradients through time of what is shown: the two parts of the gradient, the map of which prediction depends on which
 * state, and the recurrent kernels. The other worker computes them, the map in slices that can be stopped.
 */
import { signal } from "@preact/signals-core";
import { failure_from } from "../../engine/rpc.js";
import * as store from "../shared/store.js";
import { analysis_now } from "./analysis.js";

/** @typedef {import("../../types/extra.js").Shown} Shown */
/** @typedef {import("../../types/extra.js").PathNorms} PathNorms */
/** @typedef {import("../../types/extra.js").KernelBlock} KernelBlock */

/**
 * @typedef {object} FeltMap
 * @property {number} timesteps
 * @property {number} done rows that are there
 * @property {number} step the update that it stands after
 * @property {boolean} stopped whether the reader has stopped it
 * @property {Map<string, Float64Array>} layers for each layer `[timesteps × timesteps]`: row t, column k; NaN where it
 *   is not known yet, or where k is behind t
 */

/** Longest that the worker is busy at a stretch. */
const SLICE_MS = 40;

export const paths = signal(/** @type {PathNorms[]} */ ([]));
export const kernels = signal(/** @type {KernelBlock[]} */ ([]));
export const felt = signal(/** @type {FeltMap | null} */ (null));
/** Why there is no map. */
export const refused = signal("");

/** The reading that is going on: an older one ends when it sees another. */
let present = 0;

/** Reads everything anew for what is shown, with the present weights. @param {Shown} shown */
export async function read_gradients(shown) {
  const own = ++present;
  const is_past = () => own !== present;
  try {
    const { analysis, step } = await analysis_now();
    const parts = await analysis.request("paths", { shown });
    const blocks = await analysis.request("kernels", null);
    if (is_past()) return;
    paths.value = parts;
    kernels.value = blocks;
    await analysis.request("begin_felt", { shown });
    refused.value = "";
    /** @type {FeltMap | null} */
    let map = null;
    for (;;) {
      if (is_past()) return;
      const { done, all, rows } = await analysis.request("felt_for", { budget_ms: SLICE_MS });
      if (is_past()) return;
      map ??= { timesteps: all, done: 0, step, stopped: false, layers: new Map() };
      for (const row of rows) keep(map, row);
      felt.value = map = { ...map, done };
      if (done === all) return;
    }
  } catch (error) {
    const { code, message } = failure_from(error);
    if (is_past() || code === "worker_dead") return; // The next reading starts another worker.
    refused.value = message;
    felt.value = null;
  }
}

/** Stops the map; what is there stays. */
export function stop_map() {
  present += 1;
  const map = felt.peek(); // Whoever stops it need not hear of every row.
  if (map) felt.value = { ...map, stopped: true };
}

/** @param {FeltMap} map @param {import("../../types/extra.js").FeltRow} row */
function keep({ layers, timesteps }, { t, layers: found }) {
  for (const { layer, norms } of found) {
    let values = layers.get(layer);
    if (!values) layers.set(layer, (values = new Float64Array(timesteps ** 2).fill(NaN)));
    values.set(norms, t * timesteps);
  }
}

/** The map of the layer that is shown; nothing while none of its rows is there. */
export function shown_map() {
  const map = felt.value;
  const layer = store.shown_layer.value?.name;
  const values = layer === undefined ? undefined : map?.layers.get(layer);
  return map && values ? { ...map, values } : null;
}
