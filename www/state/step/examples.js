/**
 * Texts that a network was not trained on, with their true labels.
 */
import { choose_step } from "./step.js";

/** Which is drawn next: all come in turn, none twice before the others. */
let next = 0;

/** Reads the next of `examples`, with its true label. @param {{ text: string, label: string }[]} examples */
export function draw_example(examples) {
  const { text, label } = examples[next % examples.length];
  next += 1;
  choose_step({ input: "sentence", text, target: label === "positive" ? 1 : 0 });
}
