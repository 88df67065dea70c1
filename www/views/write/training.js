import { html, nothing } from "lit";
import "../../figures/history.js";
import { count, decimal } from "../../state/shared/format.js";
import * as store from "../../state/shared/store.js";
import { every } from "../../state/train/lines.js";
import { layers_in_words } from "../../state/train/experiment.js";
import { pace } from "../../state/train/insight.js";
import { reset, toggle } from "../../state/train/training.js";
import { lines } from "../../state/write/lines.js";
import * as training from "../../state/write/training.js";
import { View } from "../view.js";

/** After how many updates a line can be written. */
const EVERY = [10, 50, 200, 1000];

/** A language model of one's own: which one, how well it predicts, and the lines that it wrote on the way. */
class WriteTraining extends View {
  /** @override */
  render() {
    return html`
      <section aria-labelledby="write-training-title">
        <h2 id="write-training-title">Train one</h2>
        ${this.#kinds()}
        ${training.trains_text.value ? [this.#run(), this.#reached(), this.#lines()] : this.#none()}
      </section>
    `;
  }

  #kinds() {
    const own = training.own_text.value;
    return html`<div class="write-kinds" role="group" aria-label="Which language model">
        ${training.KINDS.map(
          ({ name, title, about }) => html`
            <button aria-pressed=${training.kind.value === name} @click=${() => training.choose_kind(name)}>
              <b>${title}</b><span>${about}</span>
            </button>
          `,
        )}
        <button @click=${training.continue_shipped}>
          <b>Train the small one further</b><span>from the weights with which it comes</span>
        </button>
      </div>
      ${own && training.kind.value ? this.#texts(own.name) : nothing}
      <details class="own-text">
        <summary>A text of your own</summary>
        <div @dragover=${(/** @type {Event} */ event) => event.preventDefault()} @drop=${dropped}>
          <label>
            <span>Paste a text, or drop a file here: up to 5 MB. It stays on this machine.</span>
            <textarea name="write-own-text" rows="4"></textarea>
          </label>
          <div class="buttons">
            <button @click=${pasted}>Learn from this text</button>
            <label class="file">
              <span>or choose a file</span>
              <input type="file" name="write-own-file" accept=".txt,.md,text/plain" @change=${chosen_file} />
            </label>
          </div>
        </div>
      </details>`;
  }

  /** Which text it learns from. @param {string} own the name of the reader's */
  #texts(own) {
    return html`<label class="write-source">
      <span>Learns from</span>
      <select
        name="write-source"
        @change=${(/** @type {Event} */ event) =>
          training.choose_kind(
            training.kind.value,
            /** @type {HTMLSelectElement} */ (event.target).value === "own",
          )}
      >
        <option value="own" ?selected=${training.reads_own.value}>${own}</option>
        <option value="moby-dick" ?selected=${!training.reads_own.value}>Moby Dick</option>
      </select>
    </label>`;
  }

  #none() {
    return html`<p class="caption">
      The network behind the page is no language model now: choose one of these. The present run is kept.
    </p>`;
  }

  #run() {
    const status = store.status.value;
    const is_training = status === "training";
    const able = is_training || status === "ready";
    const { document } = store.experiment.value;
    const updates = store.updates.value;
    const setup = store.setup.value;
    const epochs = setup ? updates / setup.steps_per_epoch : 0;
    return html`
      <p class="write-run">
        <b>${document.title}</b>
        <span>${layers_in_words(document)}</span>
      </p>
      <div class="buttons">
        <button class="primary" ?disabled=${!able} @click=${toggle}>
          ${is_training ? "Pause training" : "Train"}
        </button>
        <button ?disabled=${!able} @click=${training.let_it_write}>Let it write</button>
        <button ?disabled=${!able || is_training || updates === 0} @click=${reset}>Reset</button>
        <label>
          <span>a line after every</span>
          <select
            name="write-every"
            @change=${(/** @type {Event} */ event) =>
              (every.value = Number(/** @type {HTMLSelectElement} */ (event.target).value))}
          >
            ${EVERY.map(
              (updates) =>
                html`<option value=${updates} ?selected=${updates === every.value}>
                  ${count(updates)}
                </option>`,
            )}
          </select>
          <span>updates</span>
        </label>
      </div>
      <p class="caption" role="status" aria-live=${is_training ? "off" : "polite"}>
        ${
          status === "preparing"
            ? `${store.preparing.value} …`
            : html`Update <b>${count(updates)}</b>, ${decimal(epochs, 2)} epochs${this.#pace()}.`
        }
      </p>
    `;
  }

  #pace() {
    const speed = pace.value?.pace;
    if (!speed) return nothing;
    const { as } = store.experiment.value.document.data.reading;
    const called = as === "characters" ? "characters" : "words";
    return html`, ${count(Math.round(speed.tokens_per_second ?? speed.samples_per_second))} ${called} a second`;
  }

  /** Loss, bits and perplexity, beside what counting reaches. */
  #reached() {
    const { model, counting } = training.reached.value;
    const called = store.experiment.value.document.data.reading.as === "characters" ? "character" : "word";
    const row = (/** @type {import("../../state/write/training.js").Reached} */ { name, about, loss }) =>
      html`<tr>
        <th scope="row">${name}<span>${about}</span></th>
        <td>${decimal(loss, 3)}</td>
        <td>${decimal(loss / Math.LN2, 3)}</td>
        <td>${Math.exp(loss) < 1000 ? decimal(Math.exp(loss), 1) : count(Math.round(Math.exp(loss)))}</td>
      </tr>`;
    return html`
      <div class="write-reached">
        <div class="table" tabindex="0" role="group" aria-label="How well it predicts">
          <table>
            <thead>
              <tr>
                <th scope="col">How well it predicts the next ${called}</th>
                <th scope="col">loss, nats</th>
                <th scope="col">bits a ${called}</th>
                <th scope="col">perplexity</th>
              </tr>
            </thead>
            <tbody>
              ${model.map(row)}
            </tbody>
            <tbody>
              <tr class="head">
                <th scope="rowgroup" colspan="4">Counting instead, judged on the validation text</th>
              </tr>
              ${counting.map(row)}
            </tbody>
          </table>
        </div>
        <unrolled-history kind="loss"></unrolled-history>
      </div>
      <p class="caption">
        The loss is the mean of −ln p, p being the probability that the model gave to what came next. Divided
        by ln 2 it is a number of bits; e to its power is the perplexity: as hard as choosing among so many
        that are equally likely. Lower is better.
      </p>
    `;
  }

  #lines() {
    const all = lines.value;
    if (all.length === 0)
      return html`<p class="caption">
        While it is trained it writes a line here every so many updates, so that one sees it learn.
      </p>`;
    return html`
      <h3 id="write-lines-title">What it wrote on the way</h3>
      <ol class="write-lines" tabindex="0" aria-labelledby="write-lines-title">
        ${all.map(
          ({ step, line, weights }) =>
            html`<li>
              <button
                class="link"
                title="Let it write with the weights that it had then"
                @click=${() => training.write_with(weights, step)}
              >
                <span>${count(step)}</span><q>${line}</q>
              </button>
            </li>`,
        )}
      </ol>
      <p class="caption">
        After how many updates, and what it added then, always with the same random numbers at temperature
        0.7. A click lets it write above with the weights of that update.
      </p>
    `;
  }
}

/** @param {DragEvent} event */
function dropped(event) {
  event.preventDefault();
  event.stopPropagation();
  const file = event.dataTransfer?.files[0];
  if (file) void take_file(file);
}

/** @param {Event} event */
function chosen_file(event) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const file = input.files?.[0];
  if (file) void take_file(file);
  input.value = ""; // The same file can be chosen again.
}

/** @param {File} file */
async function take_file(file) {
  // A file that is too large is not read.
  const read = file.size <= training.LARGEST_TEXT ? await file.arrayBuffer() : new ArrayBuffer(file.size);
  await training.take_text(file.name, new Uint8Array(read));
}

/** @param {Event} event */
function pasted(event) {
  const box = /** @type {HTMLElement} */ (event.currentTarget).closest("details")?.querySelector("textarea");
  void training.take_text("pasted text", new TextEncoder().encode(box?.value ?? ""));
}

customElements.define("unrolled-write-training", WriteTraining);
