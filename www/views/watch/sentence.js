import { effect } from "@preact/signals-core";
import { html, nothing } from "lit";
import { swatch } from "../../figures/color.js";
import { capital, count, decimal, percent, visible } from "../../state/shared/format.js";
import { type_text } from "../../state/train/choices.js";
import { choose_place, figure_key, hover, leave } from "../../state/train/pointer.js";
import { chance_of, final_chances, outcome } from "../../state/train/prediction.js";
import { samples_called, set_of } from "../../state/train/experiment.js";
import { show_text } from "../../state/train/reading.js";
import * as store from "../../state/shared/store.js";
import {
  MOST_PINNED,
  choose_sample,
  choose_text,
  is_pinned,
  pin,
  pinned,
  reads_text,
  shown,
  timestep_called,
} from "../../state/watch/shown.js";
import { sample_wanted } from "../../state/train/sample.js";
import { wanted_answer } from "../../state/watch/facts.js";
import { View } from "../view.js";

/** With more words than this the probability under each word is left out. */
const WORDS_WITH_NUMBERS = 24;

/** Classes listed with their probabilities. */
const TOP = 4;

/** Numbers of an answer that are listed. */
const NUMBERS = 8;

/** A text or a sample, every word coloured by the prediction after it, and the prediction itself. */
class Sentence extends View {
  /** @type {(() => void) | null} */
  #stop = null;
  /** The word that is marked. @type {Element | null} */
  #marked = null;

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#stop = effect(() => this.#mark(store.cursor.value?.t));
  }

  /** @override */
  disconnectedCallback() {
    this.#stop?.();
    super.disconnectedCallback();
  }

  /** @override */
  updated() {
    this.#mark(store.cursor.peek()?.t);
  }

  /** Marks the word under the cursor; the others are not drawn again for it. @param {number | undefined} t */
  #mark(t) {
    const here = t === undefined ? null : (this.querySelectorAll(".words li:not(.cut)")[t] ?? null);
    if (here === this.#marked) return;
    this.#marked?.classList.remove("here");
    this.#marked?.removeAttribute("aria-current");
    here?.classList.add("here");
    here?.setAttribute("aria-current", "true");
    this.#marked = here;
  }

  /** @override */
  render() {
    const trace = store.trace.value;
    const kind = shown.value.kind;
    return html`
      ${this.#which(kind)} ${kind === "text" ? this.#typed() : nothing}
      ${trace ? this.#read(trace) : this.#nothing_read(kind)}
    `;
  }

  /** A text of one's own or a sample, and the pin. @param {"text" | "sample"} kind */
  #which(kind) {
    const full = pinned.value.length >= MOST_PINNED;
    const there = is_pinned(shown.value);
    return html`<div class="sample-which shown-which">
      ${
        reads_text.value
          ? html`<fieldset class="choice small">
              <legend class="unseen">What is read</legend>
              ${choice("own text", kind === "text", to_text)}
              ${choice("sample", kind === "sample", () => choose_sample({ subset: "validation", index: 0 }))}
            </fieldset>`
          : nothing
      }
      ${kind === "sample" ? this.#samples() : nothing}
      <button
        type="button"
        class="pin"
        ?disabled=${there || full || !store.trace.value}
        title=${about_pin(there, full)}
        @click=${pin}
      >
        ${there ? "Pinned" : "Pin"}
      </button>
    </div>`;
  }

  #samples() {
    const one = shown.value;
    if (one.kind !== "sample") return nothing;
    const { subset, index } = one;
    const setup = store.setup.value;
    const all = setup ? (subset === "train" ? setup.train : setup.validation) : 0;
    const called = samples_called(store.experiment.value.document);
    const place = `${count(index + 1)} of ${count(all)} ${subset === "train" ? "training" : "validation"} ${called}`;
    if (!reads_text.value && sample_wanted.value) return html`<span>The sample above: ${place}</span>`;
    const go = (/** @type {number} */ to) => choose_sample({ subset, index: to });
    return html`
      <fieldset class="choice small">
        <legend class="unseen">Sample of</legend>
        ${choice("training", subset === "train", () => choose_sample({ subset: "train", index: 0 }), "watch-subset")}
        ${choice(
          "validation",
          subset === "validation",
          () => choose_sample({ subset: "validation", index: 0 }),
          "watch-subset",
        )}
      </fieldset>
      <button type="button" ?disabled=${index === 0} @click=${() => go(index - 1)}>Previous</button>
      <button type="button" ?disabled=${index >= all - 1} @click=${() => go(index + 1)}>Next</button>
      <button type="button" @click=${() => go(Math.floor(Math.random() * Math.max(1, all)))}>Any</button>
      <span>${place}</span>
    `;
  }

  #typed() {
    const examples = set_of(store.experiment.value.document)?.texts ?? [];
    return html`
      <div class="typed">
        <label for="text" class="unseen">A text of your own</label>
        <textarea
          id="text"
          rows="1"
          spellcheck="false"
          placeholder="Type a text of your own"
          .value=${store.text.value}
          @input=${(/** @type {InputEvent} */ event) =>
            type_text(/** @type {HTMLTextAreaElement} */ (event.target).value)}
        ></textarea>
        <p class="examples">
          ${examples.length > 0 ? html`<span>Examples:</span>` : nothing}
          ${examples.map(
            (example) => html`<button class="quiet" @click=${() => type_text(example)}>${example}</button>`,
          )}
        </p>
      </div>
    `;
  }

  /** @param {"text" | "sample"} kind */
  #nothing_read(kind) {
    if (kind === "sample")
      return html`<p class="hint" role="status">
        ${store.text_note.value || "The sample appears with the network."}
      </p>`;
    const message =
      store.text.value.trim() === ""
        ? "Type a sentence or choose one above: the network reads it word by word, and each word takes the " +
          "colour of the prediction after it."
        : store.text_note.value || "The network has not read this text yet.";
    return html`<p class="hint" role="status">${message}</p>`;
  }

  /** @param {import("../../engine/protocol.js").Trace} trace */
  #read(trace) {
    const words = store.kept_words.value;
    const which = outcome(trace);
    const first_kept = trace.tokens.findIndex((token) => token.kept);
    const before = Math.max(0, first_kept);
    const behind = trace.tokens.length - words.length - before;
    const numbers = words.length <= WORDS_WITH_NUMBERS && has_predictions(trace);
    const called = timestep_called.value;
    return html`
      <div class="reading">
        <div>
          <ol
            class="words ${numbers ? "numbered" : ""}"
            tabindex="0"
            aria-label="${capital(called)}s, coloured by the prediction after each; arrow keys move"
            @keydown=${figure_key}
          >
            ${skipped(before)} ${words.map((word, t) => this.#word(word, after(trace, t, which), numbers, t))}
            ${skipped(behind)}
          </ol>
          ${this.#notes(trace, which, numbers)}
        </div>
        ${trace.classes.length > 0 ? this.#prediction(trace, which) : this.#numbers(trace)}
      </div>
    `;
  }

  /**
   * What the colours say, and what else there is to know about this reading.
   * @param {import("../../engine/protocol.js").Trace} trace @param {number} which @param {boolean} numbers
   */
  #notes(trace, which, numbers) {
    const origin = store.origin.value;
    const waiting = origin?.from === "recording" && origin.text !== store.text.value;
    const note = waiting
      ? "These are the recorded words; your text is read as soon as the engine runs."
      : store.text_note.value;
    const { reading } = store.experiment.value.document.data;
    const before = reading.as === "words" && reading.padding === "pre";
    const start = reading.as === "words" && reading.start;
    const wanted = wanted_answer(shown.value);
    const padding = before ? reading.maxlen - store.kept_words.value.length - (start ? 1 : 0) : 0;
    return html`
      ${note ? html`<p class="hint" role="status">${note}</p>` : nothing}
      <p class="caption">
        ${wanted === "" ? nothing : html`Wanted answer: <b>${wanted}</b>. `}
        ${has_predictions(trace) ? colours_say(trace, which, numbers) : nothing}
        ${
          padding > 0
            ? html`Before the first word the network reads ${count(padding)}
              ${padding === 1 ? "empty place" : "empty places"}${start ? " and the start mark" : ""}, as in
              training.`
            : nothing
        }
      </p>
    `;
  }

  /**
   * @param {import("../../types/engine.js").Token} word
   * @param {{ chance: number, signed: number }} after
   * @param {boolean} numbers
   * @param {number} t
   */
  #word(word, after, numbers, t) {
    const { background, color } = swatch(Number.isNaN(after.signed) ? 0 : after.signed);
    return html`
      <li @pointerenter=${() => hover({ t })} @pointerleave=${leave} @click=${() => choose_place({ t })}>
        <span
          class="word ${word.known ? "" : "unknown"}"
          style="background:${background};color:${color}"
          title=${word.known ? nothing : "not in the vocabulary: read as “unknown”"}
          >${word.text}</span
        >
        ${numbers ? html`<span class="after">${decimal(after.chance, 2).replace(/^0/, "")}</span>` : nothing}
      </li>
    `;
  }

  /** The answer of a network that predicts numbers. @param {import("../../engine/protocol.js").Trace} trace */
  #numbers({ probabilities }) {
    const width = Math.max(1, Math.round(probabilities.length / Math.max(1, store.kept_words.value.length)));
    const last = [...probabilities.slice(-width)];
    const more = last.length > NUMBERS ? ` and ${count(last.length - NUMBERS)} more` : "";
    return html`<div class="prediction">
      <p class="verdict" data-figure="prediction">
        <b
          >${last
            .slice(0, NUMBERS)
            .map((value) => decimal(value, 2))
            .join(" ")}</b
        >
        <span>${more}</span>
      </p>
    </div>`;
  }

  /** @param {import("../../engine/protocol.js").Trace} trace @param {number} shown */
  #prediction(trace, shown) {
    const chances = final_chances(trace).slice(0, TOP);
    const best = chances[0];
    return html`
      <div class="prediction">
        <p class="verdict" data-figure="prediction">
          <b>${/^\d/.test(best.label) ? `“${best.label}”` : best.label}</b>
          <span>${percent(best.chance)}</span>
        </p>
        <ol>
          ${chances.map(
            ({ label, chance, index }) => html`
              <li class=${index === shown ? "shown" : ""}>
                <span>${label}</span><i style="width:${(100 * chance).toFixed(1)}%"></i
                ><b>${decimal(chance, 2)}</b>
              </li>
            `,
          )}
        </ol>
      </div>
    `;
  }
}

/**
 * Whether the model can be asked after every word, and not only after the last.
 * @param {import("../../engine/protocol.js").Trace} trace
 */
function has_predictions({ probabilities }) {
  return !Number.isNaN(probabilities[0]);
}

/**
 * The prediction after a timestep: a probability, or where answers are numbers the first of them, which has no colour.
 * @param {import("../../engine/protocol.js").Trace} trace @param {number} t @param {number} which
 */
function after(trace, t, which) {
  if (trace.classes.length > 0) return chance_of(trace, t, which);
  const width = trace.probabilities.length / Math.max(1, store.kept_words.value.length);
  return { chance: trace.probabilities[t * width], signed: 0 };
}

/** @param {import("../../engine/protocol.js").Trace} trace @param {number} which @param {boolean} numbers are shown */
function colours_say({ classes }, which, numbers) {
  const called = timestep_called.value;
  if (classes.length === 0) return numbers ? `Below each ${called}: the answer after it. ` : "";
  const what = numbers ? "Colour and number" : "Colour";
  return `${what}: the probability of “${visible(classes[which])}” after each ${called}. `;
}

/**
 * @param {string} text @param {boolean} checked @param {() => void} choose @param {string} [name] of the group
 */
function choice(text, checked, choose, name = "watch-kind") {
  return html`<label
    ><input type="radio" name=${name} .checked=${checked} @change=${choose} /><span>${text}</span></label
  >`;
}

/** @param {boolean} there @param {boolean} full */
function about_pin(there, full) {
  if (there) return "It is pinned";
  return full
    ? `At most ${MOST_PINNED} can be pinned: unpin one`
    : "Keeps it in sight below, beside others, while training runs";
}

/** The text that was typed last. */
function to_text() {
  choose_text();
  void show_text();
}

/** Words that are not read, where they stand. @param {number} number */
function skipped(number) {
  return number > 0 ? html`<li class="cut">${count(number)} skipped</li>` : nothing;
}

customElements.define("unrolled-sentence", Sentence);
