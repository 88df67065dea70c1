/** Takes layers of the writing model to the Step view, at a place of its text. */
import { count, visible } from "../shared/format.js";
import { UNITS } from "../step/choice.js";
import { layers, width_of } from "./symbols.js";
import { show_in_step } from "./to_step.js";
import * as writer from "./writer.js";

/** @typedef {import("../../types/extra.js").TakenApart} TakenApart */

/** So many ids are stepped through where the model carries its states, the last of them the one that was chosen. */
const STEPS = 8;

/**
 * The layers from which on the model can be stepped through, the lowest first; why there is none, where there is none.
 * @returns {{ names: string[], why: string }}
 */
export function ways_in() {
  const all = layers.value;
  const fits = (/** @type {string} */ name) => width_of(name) <= UNITS.maximum;
  const from = all.findLastIndex((name) => !fits(name)) + 1;
  // A window that is read anew for each position gives the outputs of the lowest layer for its last one alone.
  const names = writer.facts.value?.window === null ? all.slice(from) : from === 0 ? all.slice(0, 1) : [];
  if (names.length > 0 || all.length === 0) return { names, why: "" };
  const wide = all[from - 1];
  const why = `Layers of at most ${UNITS.maximum} units can be stepped through; ${wide} has ${count(width_of(wide))}.`;
  return { names, why };
}

/** @param {string} layer the lowest that is stepped through @param {number} at the position at which stepping ends */
export async function step_into(layer, at) {
  if (writer.playing.value) await writer.pause();
  const { text } = writer;
  // What came next is the answer; the last position has none yet.
  if (at + 1 >= text.count) await writer.write_one();
  const asked = { layer, at, steps: Math.min(STEPS, at + 1 - text.first) };
  await writer.attempt(async (worker) => {
    const taken = await worker.request("parts", asked);
    const words = taken.parts.words.map(visible);
    const called = writer.facts.value?.unit === "word" ? "word" : "character";
    const text_of_it = words.join(called === "word" ? " " : "");
    show_in_step({
      parts: {
        ...taken.parts,
        words,
        classes: taken.parts.classes.map(visible),
        called,
        excerpt: taken.excerpt,
      },
      listing: taken.listing,
      target: taken.next,
      title: `of Write: “${text_of_it}”`,
      sentence: sentence_of(taken, at),
      what: "The model",
    });
  });
}

/** Whose it is, where in the text, and what x is. @param {TakenApart} taken @param {number} at */
function sentence_of({ layers: stepped, reads, first, anew }, at) {
  const called = writer.facts.value?.unit ?? "character";
  const where = first === at ? `${called} ${at + 1}` : `${called}s ${first + 1} to ${at + 1}`;
  const which =
    stepped.length === 1
      ? `layer ${stepped[0]}`
      : `layers ${stepped.slice(0, -1).join(", ")} and ${stepped.at(-1)}`;
  const x =
    reads === null ? `x is the embedding’s vector of the ${called}` : `x is what the layer ${reads} gave`;
  const before = anew ? "; the model carries no state and begins at zero" : "";
  return `${which} of the model of Write at ${where} of its text; ${x}${before}`;
}
