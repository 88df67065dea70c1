/**
 * The page's own instance of the engine, for charts: the same compiled module as in the worker.
 */
import init, { draw_history } from "../pkg/unrolled.js";
import { engine_module } from "../state/wire.js";

/** @type {Promise<unknown> | null} */
let started = null;

/** @returns {Promise<typeof draw_history>} */
export async function history_plotter() {
  started ??= engine_module().then((module) => init({ module_or_path: module }));
  await started;
  return draw_history;
}
