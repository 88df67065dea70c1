import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { decade_plotter } from "../../engine/plots.js";
import { scientific } from "../../figures/decades.js";
import { count, decimal, percent, visible } from "../../state/shared/format.js";
import * as store from "../../state/shared/store.js";
import { type_text } from "../../state/train/choices.js";
import { chance_of, final_chances, outcome } from "../../state/train/prediction.js";
import { save_numbers } from "../../state/watch/figure_files.js";
import { pinned_traces } from "../../state/watch/live.js";
import {
  choose_sample,
  choose_text,
  key_of,
  pinned,
  shown,
  measured,
  timestep_called,
  unpin,
} from "../../state/watch/shown.js";
import { TABLE_SIGN, show_table } from "../table.js";
import { View } from "../view.js";
import "./strip.js";

/** @typedef {import("../../types/extra.js").Shown} Shown */
/** @typedef {import("../../types/extra.js").Trace} Trace */
/** @typedef {import("../../types/extra.js").Token} Token */

/** Longer texts are cut where they name a button. */
const LONGEST_NAME = 48;

/** The engine's function for the heights, once the page has its instance. */
const plotter = signal(/** @type {Awaited<ReturnType<typeof decade_plotter>> | null} */ (null));

/** What is pinned, each with its words, its prediction and the strip of its gradient, as the network is now. */
class Pins extends View {
  /** @override */
  connectedCallback() {
    super.connectedCallback();
    decade_plotter().then(
      (found) => (plotter.value = found),
      () => null, // What is wrong with the engine is said where it is loaded.
    );
  }

  /** @override */
  render() {
    if (pinned.value.length === 0) return nothing;
    return html`<ol class="pins" aria-label="Pinned">
        ${pinned.value.map((one) => this.#row(one))}
      </ol>
      <p class="caption">
        Pinned, as the network reads them now; a long one scrolls inside. Look for the tallest bars: below
        each ${timestep_called.value} stands how strongly the answer depends on the state after it, the length
        of the gradient on a scale of powers of ten.
      </p>`;
  }

  /** @param {Shown} one */
  #row(one) {
    const key = key_of(one);
    const trace = pinned_traces.value.get(key);
    const name = name_of(one);
    const here = key === key_of(shown.value);
    return html`<li class=${here ? "here" : ""} aria-current=${here ? "true" : nothing}>
      <div class="pinned" @click=${() => choose(one)}>
        ${
          trace
            ? html`<unrolled-strip .words=${words_of(trace)} .name=${name}></unrolled-strip>`
            : html`<span class="waiting">${name}</span>`
        }
      </div>
      <b class="answer">${trace ? answer_of(trace) : nothing}</b>
      <span class="of-pin">
        <button
          type="button"
          class="quiet"
          @click=${() => choose(one)}
          aria-label="Show ${name} in the figures"
        >
          Show
        </button>
        ${trace ? files(trace, name) : nothing}
        <button type="button" class="quiet" @click=${() => unpin(one)} aria-label="Unpin ${name}">×</button>
      </span>
    </li>`;
  }
}

/** @param {Trace} trace @param {string} name */
function files(trace, name) {
  return html`<button
      type="button"
      class="quiet"
      @click=${() => show_table(table_of(trace, name, true))}
      aria-label="${name} as a table"
      title="Table"
    >
      ${TABLE_SIGN}
    </button>
    <button
      type="button"
      class="quiet"
      @click=${() => save_numbers(table_of(trace, name, false), "pinned")}
      aria-label="${name} as CSV"
    >
      CSV
    </button>`;
}

/** What it is called. @param {Shown} one */
function name_of(one) {
  if (one.kind === "text")
    return `“${one.text.length > LONGEST_NAME ? `${one.text.slice(0, LONGEST_NAME - 1)}…` : one.text}”`;
  return `${one.subset === "train" ? "training" : "validation"} sample ${count(one.index + 1)}`;
}

/** @param {Trace} trace @returns {import("./strip.js").StripWord[]} */
function words_of(trace) {
  const words = trace.tokens.filter((token) => token.kept);
  const norms = norms_of(trace, words.length);
  const heights = norms && plotter.value?.gradient_heights(norms);
  const which = outcome(trace);
  return words.map(({ text }, t) => {
    const { signed } = trace.classes.length > 0 ? chance_of(trace, t, which) : { signed: NaN };
    return { text, signed, height: heights ? heights[t] : 0 };
  });
}

/** The numbers of all words. @param {Trace} trace @param {string} title @param {boolean} rounded */
function table_of(trace, title, rounded) {
  const words = trace.tokens.filter((token) => token.kept);
  const norms = norms_of(trace, words.length);
  const classes = trace.classes.length > 0;
  const which = outcome(trace);
  const width = trace.probabilities.length / Math.max(1, words.length);
  const after = (/** @type {number} */ t) =>
    classes ? chance_of(trace, t, which).chance : trace.probabilities[t * width];
  const called = timestep_called.value;
  return {
    title,
    note: `The gradient is that of ${measured.value.text} with respect to the state after each step: its length.`,
    head: [called, classes ? `probability of “${visible(trace.classes[which])}”` : "answer", "gradient"],
    rows: words.map(({ text }, t) => [
      text,
      Number.isNaN(after(t)) ? "" : rounded ? decimal(after(t), 4) : String(after(t)),
      norms ? (rounded ? scientific(norms[t]) : String(norms[t])) : "",
    ]),
  };
}

/**
 * The gradient of the shown layer, or of the first that has a state for each word.
 * @param {Trace} trace @param {number} words
 */
function norms_of(trace, words) {
  const able = trace.layers.filter(({ gradient_norms }) => gradient_norms.length === words);
  const name = store.shown_layer.value?.name;
  return (able.find((layer) => layer.name === name) ?? able[0])?.gradient_norms ?? null;
}

/** @param {Trace} trace */
function answer_of(trace) {
  const best = final_chances(trace)[0];
  if (best) return `${best.label} ${percent(best.chance)}`;
  return decimal(trace.probabilities[trace.probabilities.length - 1] ?? NaN, 2);
}

/** @param {Shown} one */
function choose(one) {
  if (one.kind === "sample") return choose_sample(one);
  choose_text();
  type_text(one.text);
}

customElements.define("unrolled-pins", Pins);
