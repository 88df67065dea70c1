/**
 * Reading the probabilities of a trace: which class is shown, and how sure the network is after each word.
 */

import { visible } from "../shared/format.js";

/** @typedef {import("../../engine/protocol.js").Trace} Trace */

/** @param {Trace} trace @returns {number} probabilities given for each word: 1 for a single sigmoid output */
function width(trace) {
  const words = trace.tokens.filter((token) => token.kept).length;
  return words === 0 ? 1 : Math.round(trace.probabilities.length / words);
}

/**
 * The class whose probability the words show: with two classes the second ("positive"), else the one predicted at the
 * end.
 * @param {Trace} trace
 * @returns {number}
 */
export function outcome(trace) {
  if (trace.classes.length <= 2) return trace.classes.length - 1;
  return final_chances(trace)[0]?.index ?? 0;
}

/**
 * How likely a class is after word `t`. `signed` is what the diverging map draws: with two classes zero means
 * undecided, with more it means impossible.
 * @param {Trace} trace @param {number} t @param {number} shown @returns {{ chance: number, signed: number }}
 */
export function chance_of(trace, t, shown) {
  const classes = width(trace);
  const chance = classes === 1 ? trace.probabilities[t] : trace.probabilities[t * classes + shown];
  return { chance, signed: trace.classes.length <= 2 ? 2 * chance - 1 : chance };
}

/**
 * All classes after the last word, the likeliest first.
 * @param {Trace} trace
 * @returns {{ label: string, chance: number, index: number }[]}
 */
export function final_chances(trace) {
  const classes = width(trace);
  const last = trace.probabilities.length - classes;
  return trace.classes
    .map((label, index) => {
      const single = trace.probabilities[last];
      const chance = classes > 1 ? trace.probabilities[last + index] : index === 1 ? single : 1 - single;
      return { label: visible(label), chance, index };
    })
    .sort((one, other) => other.chance - one.chance);
}
