import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { decade_plotter } from "../../engine/plots.js";
import { swatch } from "../../figures/color.js";
import { count, decimal, percent } from "../../state/shared/format.js";
import * as store from "../../state/shared/store.js";
import { type_text } from "../../state/train/choices.js";
import { chance_of, final_chances, outcome } from "../../state/train/prediction.js";
import { pinned_traces } from "../../state/watch/live.js";
import { choose_sample, choose_text, key_of, pinned, shown, unpin } from "../../state/watch/shown.js";
import { View } from "../view.js";

/** @typedef {import("../../types/extra.js").Shown} Shown */
/** @typedef {import("../../types/extra.js").Trace} Trace */
/** @typedef {import("../../types/extra.js").Token} Token */

/** Of longer texts the last words are shown. */
const WORDS_SHOWN = 30;

/** Height of the strip of gradients, in CSS pixels. */
const STRIP = 14;

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
        Pinned, as the network reads them now. Below each word stands how strongly the answer depends on the
        state after it: the length of the gradient, on a scale of powers of ten.
      </p>`;
  }

  /** @param {Shown} one */
  #row(one) {
    const key = key_of(one);
    const trace = pinned_traces.value.get(key);
    const name = one.kind === "text" ? `“${one.text}”` : name_of_sample(one);
    const here = key === key_of(shown.value);
    return html`<li class=${here ? "here" : ""} aria-current=${here ? "true" : nothing}>
      <button type="button" class="pinned" @click=${() => choose(one)} title="Show ${name} in the figures">
        <span class="unseen">Show ${name} in the figures</span>
        ${trace ? this.#words(trace) : html`<span class="waiting">${name}</span>`}
      </button>
      <b class="answer">${trace ? answer_of(trace) : nothing}</b>
      <button type="button" class="quiet" @click=${() => unpin(one)} aria-label="Unpin ${name}">×</button>
    </li>`;
  }

  /** @param {Trace} trace */
  #words(trace) {
    const words = trace.tokens.filter((token) => token.kept);
    const norms = norms_of(trace, words.length);
    const heights = norms && plotter.value?.gradient_heights(norms);
    const from = Math.max(0, words.length - WORDS_SHOWN);
    const which = outcome(trace);
    return html`<span class="strip" aria-hidden="true">
      ${from > 0 ? html`<i class="earlier">${count(from)} earlier</i>` : nothing}
      ${words.slice(from).map((word, k) => {
        const t = from + k;
        const { signed } = trace.classes.length > 0 ? chance_of(trace, t, which) : { signed: NaN };
        const { background, color } = swatch(Number.isNaN(signed) ? 0 : signed);
        const height = heights ? Math.max(1, STRIP * heights[t]) : 0;
        return html`<span
          ><span class="word" style="background:${background};color:${color}">${word.text}</span
          ><i style="height:${height.toFixed(1)}px"></i
        ></span>`;
      })}
    </span>`;
  }
}

/** @param {Extract<Shown, { kind: "sample" }>} sample */
function name_of_sample({ subset, index }) {
  return `${subset === "train" ? "training" : "validation"} sample ${count(index + 1)}`;
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
