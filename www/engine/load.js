/**
 * Fetching and compiling the engine.
 *
 * The compiled module is made once and shared: the worker trains with one instance, the page draws with another.
 */

import { RELAXED } from "../pkg/builds.js";
import { wants_relaxed } from "./arithmetic.js";

/** A module that uses one 128-bit vector instruction; validating it asks the browser whether it knows them. */
const SIMD_PROBE = new Uint8Array([
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0, // magic number, version
  1,
  5,
  1,
  96,
  0,
  1,
  123, // type section: one function () -> v128
  3,
  2,
  1,
  0, // function section
  10,
  10,
  1,
  8,
  0,
  65,
  0,
  253,
  15,
  253,
  98,
  11, // code: i32.const 0; i8x16.splat; i8x16.popcnt; end
]);

/** A module with one relaxed multiply-add, for the same question. */
const RELAXED_PROBE = new Uint8Array([
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0, // magic number, version
  1,
  5,
  1,
  96,
  0,
  1,
  123, // type section: one function () -> v128
  3,
  2,
  1,
  0, // function section
  10,
  19,
  1,
  17,
  0, // code section: one body without locals
  65,
  1,
  253,
  17,
  65,
  2,
  253,
  17,
  65,
  3,
  253,
  17, // three times i32.const and i32x4.splat
  253,
  133,
  2,
  11, // f32x4.relaxed_madd; end
]);

/** A failure that the page shows as its message. */
export class EngineError extends Error {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.name = "EngineError";
    this.code = code;
  }
}

/** @returns {boolean} whether this browser runs WebAssembly with 128-bit vectors */
export function has_simd() {
  return typeof WebAssembly === "object" && WebAssembly.validate(SIMD_PROBE);
}

/** Whether there is a build with relaxed arithmetic that this browser can run. */
export function has_relaxed() {
  return RELAXED && typeof WebAssembly === "object" && WebAssembly.validate(RELAXED_PROBE);
}

/** Where the build puts the engine. */
const ENGINE_URL = new URL("../pkg/unrolled_bg.wasm", import.meta.url);
/** The build whose matrix products round as the processor likes; the bindings are the same. */
const RELAXED_URL = new URL("../pkg/unrolled_relaxed_bg.wasm", import.meta.url);

/**
 * Compiles the engine, while it downloads where the server says that it is wasm.
 * @param {boolean} [relaxed] the build that is faster on some processors and not reproducible, where `has_relaxed`
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compile_engine(relaxed = false) {
  if (!has_simd()) {
    throw new EngineError(
      "no_simd",
      "This browser cannot run WebAssembly with SIMD, which the engine needs. A current " +
        "Firefox, Chrome, Edge or Safari can; " +
        "until then the recorded example below stays readable.",
    );
  }
  const response = await fetch(relaxed ? RELAXED_URL : ENGINE_URL).catch(() => null);
  if (!response?.ok) {
    throw new EngineError(
      "engine_missing",
      "The engine (www/pkg/unrolled_bg.wasm) could not be fetched. Check the connection, or build it " +
        "with “cargo xtask build”, then reload.",
    );
  }
  // A static host that serves .wasm with another content type is refused streaming, not the module itself.
  const streams = response.headers.get("content-type")?.split(";")[0].trim() === "application/wasm";
  if (streams) return unless_broken(WebAssembly.compileStreaming(response));
  return unless_broken(response.arrayBuffer().then((bytes) => WebAssembly.compile(bytes)));
}

/** @type {Promise<WebAssembly.Module> | null} */
let compiled = null;

/** Whether the page runs the relaxed build. */
export function is_relaxed() {
  return has_relaxed() && wants_relaxed();
}

/**
 * The compiled engine, fetched once for all who need it; a failure is forgotten, so that the next attempt fetches
 * again.
 */
export function engine_module() {
  compiled ??= compile_engine(is_relaxed()).catch((error) => {
    compiled = null;
    throw error;
  });
  return compiled;
}

/** @param {Promise<WebAssembly.Module>} compiling */
async function unless_broken(compiling) {
  try {
    return await compiling;
  } catch {
    throw new EngineError(
      "engine_broken",
      "The engine (www/pkg/unrolled_bg.wasm) arrived damaged. Reload the page; if that does not help, " +
        "build it again with “cargo xtask build”.",
    );
  }
}
