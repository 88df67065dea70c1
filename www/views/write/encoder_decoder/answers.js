import { html, nothing } from "lit";
import { percent, visible } from "../../../state/shared/format.js";
import * as run from "../../../state/write/encoder_decoder.js";
import { View } from "../../view.js";

/** The mark at the end of an answer. */
export const END = "⏎";

/** @typedef {import("../../../types/extra.js").Answer} Answer */

/** Answers to sources that are held out, and to one of the reader's own. */
class PairAnswers extends View {
  /** @override */
  render() {
    const { own, answers } = run;
    return html`
      <h3>Answers</h3>
      <form class="pair-own" @submit=${asked}>
        <label>
          <span>A source of your own</span>
          <input
            type="text"
            name="pair-source"
            autocomplete="off"
            maxlength=${run.facts.value?.longest_source}
          />
        </label>
        <button>Ask</button>
      </form>
      <div class="pair-answers" tabindex="0" role="group" aria-label="Answers">
        <table>
          <thead>
            <tr>
              <th scope="col">read</th>
              <th scope="col">written</th>
              <th scope="col">right</th>
            </tr>
          </thead>
          <tbody>
            ${own.value ? this.#row(own.value) : nothing} ${answers.value.map((one) => this.#row(one))}
          </tbody>
        </table>
      </div>
      <p class="caption">
        The first ${answers.value.length} of those that it is never trained on. Characters that stand where
        they should are green, all others red and underlined; ${END} is the mark of the end.
      </p>
    `;
  }

  /** @param {Answer} answer */
  #row(answer) {
    const { source, written, expected, is_right } = answer;
    const here = run.answer.value === answer;
    return html`<tr class=${here ? "here" : ""}>
      <th scope="row">
        <button class="link" aria-pressed=${here} @click=${() => look_at(answer)}>${source}</button>
      </th>
      <td class="pair-written">${written.map(character)}</td>
      <td class=${verdict_class(is_right)}>
        ${is_right === null ? "" : is_right ? "✓" : html`✗ <span>${expected}</span>`}
        <span class="unseen"
          >${is_right === null ? "not known" : is_right ? "right" : "is right; the answer is wrong"}</span
        >
      </td>
    </tr>`;
  }
}

/** @param {boolean | null} is_right */
const verdict_class = (is_right) => (is_right === null ? "" : is_right ? "right" : "wrong");

/** @param {Answer["written"][number]} one */
function character({ text, probability, is_right }) {
  const shown = text === "" ? END : visible(text);
  return html`<span class=${verdict_class(is_right)} title="probability ${percent(probability, 1)}"
    >${shown}</span
  >`;
}

/** @param {Answer} answer */
function look_at({ source, written }) {
  run.looked_at.value = source;
  run.row.value = Math.min(run.row.value, written.length - 1);
}

/** @param {SubmitEvent} event */
function asked(event) {
  event.preventDefault();
  const input = /** @type {HTMLFormElement} */ (event.currentTarget).querySelector("input");
  const source = input?.value.trim() ?? "";
  if (source === "") return;
  run.trouble.value = "";
  run.looked_at.value = source;
  void run.ask(source);
}

customElements.define("unrolled-pair-answers", PairAnswers);
