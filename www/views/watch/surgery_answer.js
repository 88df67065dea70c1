/**
 * What becomes of the answer when numbers are set by hand: a sentence, the words in their colours, a chart.
 */
import { html, nothing } from "lit";
import "../../figures/value_lines.js";
import { swatch } from "../../figures/color.js";
import { decimal, percent, visible } from "../../state/shared/format.js";
import { chance_of, final_chances, outcome } from "../../state/train/prediction.js";
import { status } from "../../state/shared/store.js";
import { timestep_called } from "../../state/watch/shown.js";

/** @typedef {import("../../types/extra.js").Trace} Trace */

/** The class whose probability is followed; none where answers are numbers. @param {{ before: Trace }} found */
function kind_of({ before }) {
  return before.classes.length > 0 ? outcome(before) : null;
}

/**
 * The change of the answer in a sentence, and the prediction after each word.
 * @param {import("../../types/extra.js").Operated} found
 */
export function answer({ before, after }) {
  const rows = [
    ["without", before],
    ["with changes", after],
  ];
  const kind = kind_of({ before });
  return html`<figure class="answers">
    <figcaption>
      <b>Answer</b
      ><span aria-live=${status.value === "training" ? "off" : "polite"} class="verdict"
        >${verdict(before, after)}</span
      >
    </figcaption>
    ${
      kind === null
        ? nothing
        : rows.map(
            ([name, trace]) =>
              html`<div class="answer-row">
                <span>${name}</span>
                <p>${coloured(/** @type {Trace} */ (trace), kind)}</p>
              </div>`,
          )
    }
  </figure>`;
}

/**
 * The prediction after each word, with changes and without.
 * @param {import("../../types/extra.js").Operated} found
 */
export function course({ before, after }) {
  const kind = kind_of({ before });
  const words = after.tokens.map(({ text }) => text);
  const of = (/** @type {Trace} */ trace) => {
    const width = Math.max(1, Math.round(trace.probabilities.length / Math.max(1, trace.tokens.length)));
    return words.map((_, t) =>
      kind === null ? (trace.probabilities[t * width] ?? NaN) : chance_of(trace, t, kind).chance,
    );
  };
  const same = before.tokens.length === after.tokens.length;
  const [without, changed] = [same ? of(before) : words.map(() => NaN), of(after)];
  // Behind a wrapper there is no prediction before the whole sequence is read.
  if (changed.filter(Number.isFinite).length < Math.min(2, words.length)) return nothing;
  const what = kind === null ? "the output" : `how likely “${visible(before.classes[kind])}” is`;
  const chart = {
    file: "surgery-predictions",
    title: "Prediction with and without changes",
    about:
      `Look for the ${timestep_called.value} at which the lines part, and whether they come together again: ` +
      `${what} after each.`,
    note: `What stands here is ${what} after each ${timestep_called.value}.`,
    across: "after",
    words,
    lines: [
      { name: "without", colour: "--ink-2", dash: "5 3", values: without },
      { name: "with changes", colour: "--state-h", dash: "", values: changed },
    ],
    also: [{ name: "difference", values: changed.map((value, t) => value - without[t]) }],
  };
  return html`<unrolled-value-lines .chart=${chart}></unrolled-value-lines>`;
}

/** @param {Trace} trace @param {number} kind */
function coloured(trace, kind) {
  return trace.tokens.map(({ text }, t) => {
    const { signed: share } = chance_of(trace, t, kind);
    const { background, color } = swatch(Number.isNaN(share) ? 0 : share);
    return html`<span class="coloured" style="background:${background};color:${color}">${text}</span> `;
  });
}

/** @param {Trace} before @param {Trace} after */
function verdict(before, after) {
  if (before.classes.length === 0) {
    const [one, other] = [before, after].map(({ probabilities }) => probabilities[probabilities.length - 1]);
    return `The output changes from ${decimal(one)} to ${decimal(other)}.`;
  }
  const [one, other] = [final_chances(before)[0], final_chances(after)[0]];
  const then = final_chances(after).find(({ index }) => index === one.index)?.chance ?? 0;
  if (one.index === other.index && one.chance === then)
    return `The answer stays “${one.label}”, ${percent(one.chance, 1)}.`;
  if (one.index === other.index)
    return `It stays “${one.label}”: ${percent(one.chance, 1)} without, ${percent(then, 1)} with the changes.`;
  const called = [one, other].map(({ label, chance }) => `“${label}” (${percent(chance, 1)})`);
  return `It changes from ${called.join(" to ")}.`;
}
