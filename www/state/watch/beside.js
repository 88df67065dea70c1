/**
 * The recorded networks on the same text: how the gradient of a SimpleRNN, an LSTM and a GRU goes back through it.
 */
import { signal } from "@preact/signals-core";
import { extra } from "../../engine/extra.js";
import { words_of } from "../../pkg/unrolled.js";
import { page_instance } from "../../engine/page.js";
import * as store from "../shared/store.js";
import { recorded_network } from "../step/recorded.js";

/** @typedef {import("../../figures/log_lines.js").Line} Line */

/** @type {[string, string, string, string][]} the listing, the name, the colour and the dashes of its line */
const CELLS = [
  ["simple_rnn", "SimpleRNN", "--ink-2", "2 3"],
  ["lstm", "LSTM", "--validation", ""],
  ["gru", "GRU", "--gate-g", "7 3"],
];

export const beside = signal(/** @type {{ words: string[], lines: Line[] } | null} */ (null));

/** Reads a text of film reviews with each of them; there is nothing to compare on other data. */
export async function read_beside(/** @type {import("../../types/extra.js").Shown} */ shown) {
  const reads_reviews = store.settings.value.data.startsWith("imdb");
  if (shown.kind !== "text" || !reads_reviews || shown.text.trim() === "") {
    beside.value = null;
    return;
  }
  const [{ trace_recorded }] = await Promise.all([extra(), page_instance()]);
  const words = words_of(shown.text);
  /** @type {Line[]} */
  const lines = [];
  for (const [listing, name, colour, dash] of CELLS) {
    const network = await recorded_network(listing);
    if (!network) continue;
    const { class_name, units, weights, output, vectors, unknown } = network;
    const x = words.flatMap((word) => (Object.hasOwn(vectors, word) ? vectors[word] : unknown));
    const { gradient_norms } = trace_recorded({
      class_name,
      units,
      features: unknown.length,
      x,
      weights,
      output,
    });
    lines.push({ name, colour, dash, values: gradient_norms });
  }
  beside.value = { words, lines };
}
