import { html, nothing } from "lit";
import { brief, count, fine } from "../../state/shared/format.js";
import * as pairs from "../../state/write/pairs.js";
import { View, with_code } from "../view.js";

/** Is it more than a bigram? The same last word after two different texts. */
class WritePairs extends View {
  /** @override */
  render() {
    return html`
      <section aria-labelledby="write-pairs-title">
        <h2 id="write-pairs-title">Is it more than a bigram?</h2>
        <p class="hint">
          Tutorial 002 trains an LSTM on pairs of words: it reads one word, from a state of zeros, and
          predicts the next. Whatever stood before that word, the prediction is the same: all that it has
          learned could be written down as one table of which word follows which. Two texts that end with the
          same word show it; a model that carries its state tells them apart. Both models that are asked here
          learn from Moby Dick.
        </p>
        <div class="write-histories">
          ${history("First text", pairs.first)} ${history("Second text", pairs.second)}
          <button class="primary" ?disabled=${pairs.busy.value} @click=${pairs.ask}>
            ${pairs.busy.value ? "Asking …" : "Ask both models"}
          </button>
        </div>
        ${
          pairs.trouble.value
            ? html`<p class="problem" role="alert">${with_code(pairs.trouble.value)}</p>`
            : nothing
        }
        <div class="write-compared">${pairs.answers.value.map(answer)}</div>
      </section>
    `;
  }
}

/** @param {string} label @param {typeof pairs.first} text */
function history(label, text) {
  return html`<label>
    <span>${label}</span>
    <input
      type="text"
      .value=${text.value}
      @change=${(/** @type {Event} */ event) =>
        (text.value = /** @type {HTMLInputElement} */ (event.target).value)}
    />
  </label>`;
}

/** @param {import("../../state/write/pairs.js").Asked} asked */
function answer({ name, title, updates, compared }) {
  const { first, second, same, largest_difference } = compared;
  const ends = first.read.at(-1) === second.read.at(-1);
  return html`<section aria-label=${title}>
    <h3>${title}</h3>
    <p class="verdict">
      ${
        same
          ? html`<b>The same prediction after both texts</b>, in every digit of every probability.`
          : html`<b>Different predictions</b>: the probabilities of one word differ by up to
              ${fine(largest_difference)}.`
      }
      ${ends ? nothing : "The two texts do not end with the same word that the model knows."}
    </p>
    <table>
      <thead>
        <tr>
          <th scope="col">after <q>…${first.read.slice(-3).join("")}</q></th>
          <th scope="col">after <q>…${second.read.slice(-3).join("")}</q></th>
        </tr>
      </thead>
      <tbody>
        ${first.likeliest.map(
          (likely, k) =>
            html`<tr>
              <td>${word(likely)}</td>
              <td>${word(second.likeliest[k])}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="caption">
      ${
        updates === 0
          ? "Untrained, with its first weights: what it says comes next means nothing yet."
          : `After update ${count(updates)} of your run.`
      }
      <button class="link" @click=${() => pairs.train_one(name)}>
        ${updates === 0 ? "Train it" : "Train it further"}</button
      >, then ask again.
    </p>
  </section>`;
}

/** @param {import("../../types/extra.js").Likely} likely */
function word({ piece, probability }) {
  return html`<span>${piece.trim()}</span> <i>${brief(100 * probability)} %</i>`;
}

customElements.define("unrolled-write-pairs", WritePairs);
