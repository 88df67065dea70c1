import { html, nothing } from "lit";
import { swatch } from "../../figures/color.js";
import { count, decimal, percent } from "../../state/shared/format.js";
import { type_text } from "../../state/train/choices.js";
import { choose_place, figure_key, hover, leave } from "../../state/train/pointer.js";
import { chance_of, final_chances, outcome } from "../../state/train/prediction.js";
import { set_of } from "../../state/train/experiment.js";
import * as store from "../../state/shared/store.js";
import { View } from "../view.js";

/** With more words than this the probability under each word is left out. */
const WORDS_WITH_NUMBERS = 24;

/** Classes listed with their probabilities. */
const TOP = 4;

/** The typed text, every word coloured by the prediction after it, and the prediction itself. */
class Sentence extends View {
  /** @override */
  render() {
    const examples = set_of(store.experiment.value.document)?.texts ?? [];
    const trace = store.trace.value;
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
      ${trace ? this.#read(trace) : this.#nothing_read()}
    `;
  }

  #nothing_read() {
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
    const shown = outcome(trace);
    const first_kept = trace.tokens.findIndex((token) => token.kept);
    const before = Math.max(0, first_kept);
    const behind = trace.tokens.length - words.length - before;
    const numbers = words.length <= WORDS_WITH_NUMBERS && has_predictions(trace);
    return html`
      <div class="reading">
        <div>
          <ol
            class="words ${numbers ? "numbered" : ""}"
            tabindex="0"
            aria-label="Words, coloured by the prediction after each; arrow keys move"
            @keydown=${figure_key}
          >
            ${skipped(before)}
            ${words.map((word, t) => this.#word(word, t, chance_of(trace, t, shown), numbers))}
            ${skipped(behind)}
          </ol>
          ${this.#notes(trace.classes[shown])}
        </div>
        ${this.#prediction(trace, shown)}
      </div>
    `;
  }

  /** What the colours say, and what else there is to know about this reading. @param {string} shown */
  #notes(shown) {
    const trace = store.trace.value;
    const origin = store.origin.value;
    const waiting = origin?.from === "recording" && origin.text !== store.text.value;
    const note = waiting
      ? "These are the recorded words; your text is read as soon as the engine runs."
      : store.text_note.value;
    const { reading } = store.experiment.value.document.data;
    const before = reading.as === "words" && reading.padding === "pre";
    const start = reading.as === "words" && reading.start;
    const padding = before ? reading.maxlen - store.kept_words.value.length - (start ? 1 : 0) : 0;
    return html`
      ${note ? html`<p class="hint" role="status">${note}</p>` : nothing}
      <p class="caption">
        ${
          trace && has_predictions(trace)
            ? `Colour and number: the probability of “${shown}” after each word.`
            : nothing
        }
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
   * @param {number} t
   * @param {{ chance: number, signed: number }} after
   * @param {boolean} numbers
   */
  #word(word, t, after, numbers) {
    const { background, color } = swatch(Number.isNaN(after.signed) ? 0 : after.signed);
    const here = store.cursor.value?.t === t;
    return html`
      <li
        class=${here ? "here" : ""}
        aria-current=${here ? "true" : nothing}
        @pointerenter=${() => hover({ t })}
        @pointerleave=${leave}
        @click=${() => choose_place({ t })}
      >
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

  /** @param {import("../../engine/protocol.js").Trace} trace @param {number} shown */
  #prediction(trace, shown) {
    const chances = final_chances(trace).slice(0, TOP);
    const best = chances[0];
    return html`
      <div class="prediction">
        <p class="verdict" data-figure="prediction">
          <b>${best.label}</b> <span>${percent(best.chance)}</span>
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

/** Words that are not read, where they stand. @param {number} number */
function skipped(number) {
  return number > 0 ? html`<li class="cut">${count(number)} skipped</li>` : nothing;
}

customElements.define("unrolled-sentence", Sentence);
