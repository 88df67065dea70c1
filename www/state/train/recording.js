/**
 * The recorded example: a trace of a trained network, shown until the engine has set up the reader's own network, and
 * only where that is the same network before its training.
 */
import { lesson } from "../../engine/lessons.js";
import { key_of } from "./experiment.js";
import { DATASETS, run_key } from "./settings.js";
import * as store from "../shared/store.js";

/**
 * @typedef {object} Recording `www/lessons/recorded-trace.json`, written by the engine.
 * @property {string} text
 * @property {string} title where it comes from
 * @property {import("../../types/engine.js").Token[]} tokens
 * @property {string[]} classes
 * @property {number[]} probabilities
 * @property {{ name: string, class_name: string, units: number, goes_backwards: boolean,
 *   gradient_norms: number[],
 *   symbols: { name: string, data: number[], minimum: number, maximum: number }[] }[]} layers
 */

/** What the file must hold to be shown. */
const FIELDS = ["tokens", "classes", "probabilities", "layers"];

export async function show_recording() {
  if (key_of(store.experiment.value) !== run_key(DATASETS.imdb.defaults)) return;
  const recording = /** @type {Recording | null} */ (await lesson("recorded-trace", FIELDS));
  if (!recording) return; // Without the example the page starts with an empty figure; nothing else depends on it.
  if (store.origin.value || store.text.value !== recording.text) return;
  store.trace.value = {
    tokens: recording.tokens,
    classes: recording.classes,
    probabilities: Float32Array.from(recording.probabilities),
    layers: recording.layers.map((layer) => ({
      ...layer,
      gradient_norms: Float32Array.from(layer.gradient_norms),
      symbols: layer.symbols.map((symbol) => ({ ...symbol, data: Float32Array.from(symbol.data) })),
    })),
  };
  store.origin.value = { from: "recording", title: recording.title, text: recording.text };
}
