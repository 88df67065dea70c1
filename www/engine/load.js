/**
 * Fetching and compiling the modules of the engine: the stepper, the engine that trains, and what few readers need.
 *
 * A compiled module is made once and shared: the worker trains with one instance, the page draws with another.
 */

import { RELAXED } from "../pkg/builds.js";
import { wants_relaxed } from "./arithmetic.js";
import { EngineError } from "./rpc.js";

/** A module that uses one 128-bit vector instruction; validating it asks the browser whether it knows them. */
// prettier-ignore
const SIMD_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, // magic number, version
  1, 5, 1, 96, 0, 1, 123, // type section: one function () -> v128
  3, 2, 1, 0, // function section
  10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11, // code: i32.const 0; i8x16.splat; i8x16.popcnt; end
]);

/** A module with one relaxed multiply-add, for the same question. */
// prettier-ignore
const RELAXED_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, // magic number, version
  1, 5, 1, 96, 0, 1, 123, // type section: one function () -> v128
  3, 2, 1, 0, // function section
  10, 19, 1, 17, 0, // code section: one body without locals
  65, 1, 253, 17, 65, 2, 253, 17, 65, 3, 253, 17, // three times i32.const and i32x4.splat
  253, 133, 2, 11, // f32x4.relaxed_madd; end
]);

/** @returns {boolean} whether this browser runs WebAssembly with 128-bit vectors */
export function has_simd() {
  return typeof WebAssembly === "object" && WebAssembly.validate(SIMD_PROBE);
}

/** Whether there is a build with relaxed arithmetic that this browser can run. */
export function has_relaxed() {
  return RELAXED && typeof WebAssembly === "object" && WebAssembly.validate(RELAXED_PROBE);
}

/** Where the build puts the stepper: what the Step view needs of the engine. */
const STEPPER_URL = new URL("../pkg-stepper/unrolled_stepper_bg.wasm", import.meta.url);
/** Where the build puts the engine that trains. */
const ENGINE_URL = new URL("../pkg/unrolled_bg.wasm", import.meta.url);
/** The build whose matrix products round as the processor likes; the bindings are the same. */
const RELAXED_URL = new URL("../pkg/unrolled_relaxed_bg.wasm", import.meta.url);
/** The module with what few readers need: other programs' files, language models that write, benchmarks. */
const EXTRA_URL = new URL("../pkg-extra/unrolled_extra_bg.wasm", import.meta.url);
/** The same with relaxed arithmetic; only `cargo xtask build --bench` makes it. */
const RELAXED_EXTRA_URL = new URL("../pkg-extra/unrolled_extra_relaxed_bg.wasm", import.meta.url);

/**
 * Compiles the engine.
 * @param {boolean} [relaxed] the build that is faster on some processors and not reproducible, where `has_relaxed`
 */
export function compile_engine(relaxed = false) {
  return compile(relaxed ? RELAXED_URL : ENGINE_URL);
}

/** Compiles the module with what few readers need. @param {boolean} [relaxed] with relaxed arithmetic */
export function compile_extra(relaxed = false) {
  return compile(relaxed ? RELAXED_EXTRA_URL : EXTRA_URL);
}

/**
 * Compiles a module, while it downloads where the server says that it is wasm.
 * @param {URL} url
 * @returns {Promise<WebAssembly.Module>}
 */
async function compile(url) {
  if (!has_simd()) {
    throw new EngineError(
      "no_simd",
      "This browser cannot run WebAssembly with SIMD, which the engine needs. A current " +
        "Firefox, Chrome, Edge or Safari can; " +
        "until then the recorded example below stays readable.",
    );
  }
  const file = url.pathname.slice(url.pathname.lastIndexOf("/www/") + 1);
  const response = await fetch(url).catch(() => null);
  if (!response?.ok) {
    throw new EngineError(
      "engine_missing",
      `The engine (${file}) could not be fetched. Check the connection, or build it ` +
        "with “cargo xtask build”, then reload.",
    );
  }
  // A static host that serves .wasm with another content type is refused streaming, not the module itself.
  const streams = response.headers.get("content-type")?.split(";")[0].trim() === "application/wasm";
  const compiling = streams
    ? WebAssembly.compileStreaming(response)
    : response.arrayBuffer().then((bytes) => WebAssembly.compile(bytes));
  return compiling.catch(() => {
    throw new EngineError(
      "engine_broken",
      `The engine (${file}) arrived damaged. Reload the page; if that does not help, ` +
        "build it again with “cargo xtask build”.",
    );
  });
}

/** Whether the page runs the relaxed build. */
export function is_relaxed() {
  return has_relaxed() && wants_relaxed();
}

/**
 * Does something once for all who need its result; a failure is forgotten, so that the next attempt tries again.
 * @template T
 * @param {() => Promise<T>} work @returns {() => Promise<T>}
 */
export function once(work) {
  /** @type {Promise<T> | null} */
  let done = null;
  return () => {
    done ??= work().catch((error) => {
      done = null;
      throw error;
    });
    return done;
  };
}

/** The compiled engine that trains. */
export const engine_module = once(() => compile_engine(is_relaxed()));

/** The compiled stepper. */
export const stepper_module = once(() => compile(STEPPER_URL));
