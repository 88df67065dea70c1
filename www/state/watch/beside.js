/**
 * Other networks on the same text: how the gradient of a recorded SimpleRNN, LSTM and GRU goes back through it, and
 * that of runs which are kept on this machine.
 */
import { signal } from "@preact/signals-core";
import { extra } from "../../engine/extra.js";
import { words_of } from "../../pkg/unrolled.js";
import { page_instance } from "../../engine/page.js";
import * as store from "../shared/store.js";
import { recorded_network } from "../step/recorded.js";
import { reads_text } from "./shown.js";
import { chosen, lines_of_runs } from "./kept_runs.js";

/** @typedef {import("../../figures/log_lines.js").Line} Line */

/** @type {[string, string, string, string][]} the listing, the name, the colour and the dashes of its line */
const CELLS = [
  ["simple_rnn", "SimpleRNN", "--ink-2", "2 3"],
  ["lstm", "LSTM", "--validation", ""],
  ["gru", "GRU", "--gate-g", "7 3"],
];

export const beside = signal(
  /** @type {{ words: string[], lines: Line[], recorded: boolean } | null} */ (null),
);

let present = 0;

/**
 * Reads a text with each of them; the recorded ones know the words of film reviews only.
 * @param {import("../../types/extra.js").Shown} shown
 */
export async function read_beside(shown) {
  const own = ++present;
  const reviews = store.settings.value.data.startsWith("imdb");
  const wanted = reviews || chosen.value.length > 0;
  if (shown.kind !== "text" || !reads_text.value || !wanted || shown.text.trim() === "") {
    beside.value = null;
    return;
  }
  const [{ trace_recorded }] = await Promise.all([extra(), page_instance()]);
  const words = words_of(shown.text);
  /** @type {Line[]} */
  const lines = [];
  for (const [listing, name, colour, dash] of reviews ? CELLS : []) {
    const { network } = await recorded_network(listing, words);
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
  lines.push(...(await lines_of_runs(shown.text, words.length)));
  if (own === present) beside.value = { words, lines, recorded: reviews };
}
