/** What a language model writes while it is trained. */
import { signal } from "@preact/signals-core";
import { is_language_model } from "./experiment.js";

/** After how many updates it writes a line. */
export const every = signal(50);

/**
 * The lines that are wanted; nothing where the experiment is no language model.
 * @param {import("../../types/engine.js").Experiment} document
 * @returns {import("../../engine/protocol.js").Lines | null}
 */
export function lines_of(document) {
  const { as } = document.data.reading;
  if (!is_language_model(document)) return null;
  const length = as === "characters" ? 90 : 18;
  return { every: every.value, text: "the ", length, temperature: 0.7, seed: 0 };
}
