import { html, nothing } from "lit";
import { count, decimal, percent } from "../../state/shared/format.js";
import { type_text } from "../../state/train/choices.js";
import { judge_now, judging, mistakes } from "../../state/train/insight.js";
import { samples_called } from "../../state/train/experiment.js";
import * as store from "../../state/shared/store.js";
import { choose_text } from "../../state/watch/shown.js";
import { View } from "../view.js";

/** @typedef {import("../../types/engine.js").Mistakes} Mistakes */
/** @typedef {import("../../types/engine.js").Judgement} Judgement */

/** With more classes the columns are narrow. */
const FEW_CLASSES = 4;

/** Matrices of more classes do not fit; their figures stand in the table of classes. */
const MATRIX_CLASSES = 12;

/** What the network gets wrong on the validation samples. */
class MistakesView extends View {
  /** @override */
  render() {
    const setup = store.setup.value;
    if (!setup || setup.validation === 0) return nothing;
    const found = mistakes.value;
    const named = samples_called(store.experiment.value.document);
    const stale = !found || found.step !== store.updates.value;
    const busy = judging.value || store.status.value === "training";
    return html`
      <section aria-label="Mistakes">
        <p class="caption judged-when">
          ${
            found
              ? `After update ${count(found.step)}, on the ${count(found.samples)} validation ${named}.`
              : `What the network gets wrong on ${count(setup.validation)} validation ${named}, after each evaluation.`
          }
          ${
            stale
              ? html`<button class="quiet" ?disabled=${busy} @click=${judge_now}>
                  ${judging.value ? "Predicting …" : "Predict them now"}
                </button>`
              : nothing
          }
        </p>
        <div class="judged-set" tabindex="0" role="group" aria-label="Samples and classes">
          ${found ? html`${this.#worst(found)}${this.#matrix(found)}` : nothing}
        </div>
      </section>
    `;
  }

  /** @param {Mistakes} found */
  #worst(found) {
    const numbers = found.classes.length === 0 && found.worst[0]?.probability === null;
    return html`
      <div>
        <h3>${numbers ? "Largest errors" : "Largest loss"} after update ${count(found.step)}</h3>
        ${found.worst.length === 0 ? html`<p class="hint">Nothing is wrong.</p>` : what_dots_are(found.worst)}
        <ol class="judgements">
          ${found.worst.map((sample) => this.#sample(sample))}
        </ol>
        ${this.#changed(found)}
      </div>
    `;
  }

  /** @param {Mistakes} found */
  #changed(found) {
    if (found.before === null) return nothing;
    return html`
      <details>
        <summary>
          ${count(found.changed_count)} predictions changed from update ${count(found.before)} to
          ${count(found.step)}
        </summary>
        <ol class="judgements">
          ${found.changed.map((sample) => this.#sample(sample))}
        </ol>
      </details>
    `;
  }

  /** @param {Judgement} sample */
  #sample(sample) {
    const { index, label, predicted, before, probability, loss, text } = sample;
    const sure = probability === null ? "" : ` (${percent(probability, 1)})`;
    const earlier = before === null ? "" : `; one validation earlier ${before}`;
    const sentence = `Label ${label}, predicted ${predicted}${sure}${earlier}`;
    const what = html`
      <span class="excerpt">${text ? end_of(text) : `Validation sample ${count(index)}`}</span>
      <span class="judged">${sentence} <b title="loss of this sample">${decimal(loss, 2)}</b></span>
    `;
    return html`<li>
      ${
        text
          ? html`<button type="button" title="Opens this text in “Try a text”" @click=${() => open(text)}>
              ${what}
            </button>`
          : html`<div>${what}</div>`
      }
    </li>`;
  }

  /** @param {Mistakes} found */
  #matrix(found) {
    const { classes, confusion, figures } = found;
    if (classes.length === 0) return nothing;
    const largest = Math.max(1, ...confusion);
    return html`
      <div class="scroll" tabindex="0" role="group" aria-label="Classes">
        ${
          classes.length <= MATRIX_CLASSES
            ? html`
                <h3>Label and prediction</h3>
                <table class=${classes.length > FEW_CLASSES ? "confusion many" : "confusion"}>
                  <thead>
                    <tr>
                      <th>label ↓ predicted →</th>
                      ${classes.map((name) => html`<th scope="col">${name}</th>`)}
                    </tr>
                  </thead>
                  <tbody>
                    ${classes.map(
                      (name, row) =>
                        html`<tr>
                          <th scope="row">${name}</th>
                          ${classes.map((_, column) => {
                            const cell = confusion[row * classes.length + column];
                            const share = Math.round((60 * cell) / largest);
                            return html`<td class=${row === column ? "right" : ""} style="--share:${share}%">
                              ${count(cell)}
                            </td>`;
                          })}
                        </tr>`,
                    )}
                  </tbody>
                </table>
              `
            : nothing
        }
        <h3>Each class</h3>
        <table class="classes">
          <thead>
            <tr>
              <th>class</th>
              <th>precision</th>
              <th>recall</th>
              <th>F1</th>
              <th>samples</th>
            </tr>
          </thead>
          <tbody>
            ${figures.map(
              ({ name, precision, recall, f1, support }) =>
                html`<tr>
                  <th scope="row">${name}</th>
                  <td>${decimal(precision, 2)}</td>
                  <td>${decimal(recall, 2)}</td>
                  <td>${decimal(f1, 2)}</td>
                  <td>${count(support)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    `;
  }
}

/** How the engine writes a word that the network does not know. */
const UNKNOWN = "…";

/** Words of a long text that a list shows. */
const SHOWN_WORDS = 14;

/** What “…” stands for in these texts. @param {Judgement[]} samples */
function what_dots_are(samples) {
  const texts = samples.map(({ text }) => text ?? "");
  const cut = texts.some((text) => text.split(" ").length > SHOWN_WORDS);
  const unknown = texts.some((text) => text.split(" ").slice(-SHOWN_WORDS).includes(UNKNOWN));
  if (!cut && !unknown) return nothing;
  const parts = [
    cut ? "“[…]”: earlier words, not shown" : "",
    unknown ? "“…”: a word outside the vocabulary" : "",
  ];
  return html`<p class="caption">${parts.filter((part) => part !== "").join("; ")}.</p>`;
}

/** The last words, which a recurrent network has read last. @param {string} text */
function end_of(text) {
  const words = text.split(" ");
  return words.length > SHOWN_WORDS ? `[…] ${words.slice(-SHOWN_WORDS).join(" ")}` : text;
}

/** The text in “Try a text”, where every word can be followed through the cell. @param {string} text */
function open(text) {
  choose_text();
  type_text(text);
  const field = /** @type {HTMLTextAreaElement | null} */ (document.querySelector("#text"));
  field?.focus();
  field?.scrollIntoView({ block: "center" });
}

customElements.define("unrolled-mistakes", MistakesView);
