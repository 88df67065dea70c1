import { html, nothing } from "lit";
import { count } from "../../state/shared/format.js";
import { steps_refused } from "../../state/shared/own_cell.js";
import { forget_slow, show_phase, slow } from "../../state/train/insight.js";
import { open_sample } from "../../state/train/open_sample.js";
import { slow_motion } from "../../state/train/training.js";
import { View } from "../view.js";

/** What each kind of phase is called. */
const NAMES = {
  batch: "Batch",
  forward: "Forward",
  loss: "Loss",
  backward: "Backward",
  clipping: "Clipping",
  update: "Update",
};

/** One update, phase by phase: the layers with what has been computed so far, and a sentence. */
class SlowMotion extends View {
  /** @override */
  render() {
    const shown = slow.value;
    if (!shown) return nothing;
    const { phases } = shown.update;
    const phase = phases[shown.at];
    return html`
      <section aria-labelledby="slow-title" class="slow" @keydown=${this.#key}>
        <h2 id="slow-title">One update in slow motion</h2>
        <p class="caption">
          The update has been made and is counted; this is what happened in it, phase by phase. Its loss is
          that of one batch; the mean loss above is that of the last updates.
        </p>
        <div class="steps">
          <button ?disabled=${shown.at === 0} @click=${() => show_phase(shown.at - 1)}>Back</button>
          <button
            class="primary"
            ?disabled=${shown.at === phases.length - 1}
            @click=${() => show_phase(shown.at + 1)}
          >
            Next phase
          </button>
          <label>
            <span class="unseen">Phase</span>
            <input
              type="range"
              min="0"
              max=${phases.length - 1}
              .value=${String(shown.at)}
              aria-valuetext="${NAMES[phase.kind]} ${phase.layer ?? ""}"
              @input=${(/** @type {InputEvent} */ event) =>
                show_phase(Number(/** @type {HTMLInputElement} */ (event.target).value))}
            />
          </label>
          <span class="place">${NAMES[phase.kind]}, phase ${shown.at + 1} of ${phases.length}</span>
          <button @click=${slow_motion}>Next update</button>
          <button class="quiet" @click=${forget_slow}>Close</button>
        </div>
        <div class="slow-shown">
          <unrolled-stack .slow=${true}></unrolled-stack>
          <div>
            <p class="sentence" role="status">${phase.sentence}</p>
            <dl class="figures">
              ${phase.figures.map(
                ({ name, shown: printed }) =>
                  html`<div>
                    <dt>${name}</dt>
                    <dd>${printed}</dd>
                  </div>`,
              )}
            </dl>
            ${this.#sample(shown.update.samples)}
          </div>
        </div>
      </section>
    `;
  }

  /** The first sample of the batch, which can be followed through the cell. @param {number[]} samples */
  #sample(samples) {
    const refused = steps_refused();
    if (refused !== "") return html`<p class="caption">${refused}.</p>`;
    return html`<p class="slow-sample">
      <button @click=${() => open_sample(samples[0])}>Open this sample inside the cell</button>
      <span class="caption"
        >Training sample ${count(samples[0])}, the first of the batch, with the weights after this
        update.</span
      >
    </p>`;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const shown = slow.value;
    if (!shown || /** @type {HTMLElement} */ (event.target).tagName === "INPUT") return;
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    show_phase(shown.at + by);
    event.preventDefault();
  }
}

customElements.define("unrolled-slow-motion", SlowMotion);
