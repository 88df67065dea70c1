/**
 * The extra module of the engine, with what few readers need (Keras code, files of other programs, benchmarks): it is
 * fetched when it is first asked for.
 */
import { compile_extra } from "./load.js";

/** @typedef {typeof import("../pkg-extra/unrolled_extra.js")} Extra */

/** @type {Promise<Extra> | null} */
let started = null;

/** Its functions, when they can be called. */
export function extra() {
  started ??= start().catch((error) => {
    started = null; // The next attempt fetches again.
    throw error;
  });
  return started;
}

/** @returns {Promise<Extra>} */
async function start() {
  const [bindings, module] = await Promise.all([import("../pkg-extra/unrolled_extra.js"), compile_extra()]);
  await bindings.default({ module_or_path: module });
  return bindings;
}
