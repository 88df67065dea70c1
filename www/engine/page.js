/**
 * The page's own instance of the engine, for charts and for stepping: the same compiled module as in the worker.
 */
import init from "../pkg/unrolled.js";
import { engine_module } from "./load.js";

/** @type {Promise<unknown> | null} */
let started = null;

/** Resolves when the instance can be called. */
export function page_instance() {
  started ??= engine_module()
    .then((module) => init({ module_or_path: module }))
    .catch((error) => {
      started = null; // The next attempt fetches again.
      throw error;
    });
  return started;
}
