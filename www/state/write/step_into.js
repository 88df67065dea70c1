/** Takes the cell of the writing model to the Step view, at a place of its text. */
import { KERAS_LISTINGS } from "../shared/listing_cell.js";
import { visible } from "../shared/format.js";
import { route } from "../shared/store.js";
import { UNITS } from "../step/choice.js";
import { keep_brought } from "../step/brought.js";
import { choose_step } from "../step/step.js";
import { written } from "../step/trained.js";
import { layer, layers, shown, units } from "./symbols.js";
import * as writer from "./writer.js";

/** So many characters are stepped through, the last of them the one that was chosen. */
const STEPS = 8;

/** Why the cell cannot be stepped through; empty where it can. */
export function why_not() {
  const facts = writer.facts.value;
  const cell = shown.value[0]?.place.class_name ?? "";
  if (!facts || facts.unit !== "character" || facts.window !== null)
    return "Only models of characters that carry their state can be stepped through.";
  const last = layers.value.at(-1);
  if (layer.value !== last)
    return `Stepping shows the layer before the output, with what it reads: choose the layer ${last} below.`;
  if (!Object.hasOwn(KERAS_LISTINGS, cell))
    return "Only models whose last recurrent layer is an LSTM, GRU or SimpleRNN can be stepped through.";
  return units.value > UNITS.maximum ? `Cells of at most ${UNITS.maximum} units can be stepped through.` : "";
}

/** @param {number} at the position at which stepping ends */
export async function step_into(at) {
  if (writer.playing.value) await writer.pause();
  const { text } = writer;
  // What came next is the answer; the last character has none yet.
  if (at + 1 >= text.count) await writer.write_one();
  const from = Math.max(text.first, at + 1 - STEPS);
  await writer.attempt(async (worker) => {
    const parts = await worker.request("parts", { from, to: at + 1 });
    const next = text.pieces[at + 1 - text.first];
    const target = Math.max(0, parts.classes.indexOf(next));
    const words = parts.words.map(visible);
    const brought = {
      parts: { ...parts, words, classes: parts.classes.map(visible) },
      title: `of Write: “${words.join("")}”`,
      sentence: `the model of Write at characters ${from + 1} to ${at + 1} of its text`,
    };
    written.value = brought;
    void keep_brought(brought);
    const cell = KERAS_LISTINGS[parts.class_name];
    choose_step({ cell, input: "sentence", sizes: "", weights: "written", target });
    route.value = "step";
  });
}
