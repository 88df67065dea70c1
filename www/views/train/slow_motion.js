import { html, nothing } from "lit";
import { count, fine } from "../../state/shared/format.js";
import { forget_slow, show_phase, slow } from "../../state/train/insight.js";
import { slow_motion } from "../../state/train/training.js";
import { View } from "../view.js";

/** @typedef {import("../../types/engine.js").UpdatePhase} Phase */

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
    const done = phases.slice(0, shown.at + 1);
    return html`
      <section aria-labelledby="slow-title" class="slow" @keydown=${this.#key}>
        <h2 id="slow-title">One update in slow motion</h2>
        <p class="caption">
          The update has been made and is counted; this is what happened in it, phase by phase.
        </p>
        <ol class="layers" aria-label="Layers">
          ${this.#end("Batch", ["batch"], phase, `${count(shown.update.samples.length)} samples`)}
          ${phases.filter(({ kind }) => kind === "forward").map(({ layer }) => this.#layer(layer ?? "", phase, done))}
          ${this.#end("Loss", ["loss", "clipping", "update"], phase, loss_in(done))}
        </ol>
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
      </section>
    `;
  }

  /** The box of the present phase stays in sight where the layers are wider than the page. @override */
  updated() {
    const list = this.querySelector(".layers");
    const here = /** @type {HTMLElement | null} */ (list?.querySelector(".here"));
    if (list && here) list.scrollLeft = here.offsetLeft - (list.clientWidth - here.offsetWidth) / 2;
  }

  /**
   * The batch in front, or loss and update behind.
   * @param {string} name
   * @param {string[]} kinds
   * @param {Phase} phase
   * @param {string} text
   */
  #end(name, kinds, phase, text) {
    const here = kinds.includes(phase.kind);
    return html`<li class="end ${here ? "here" : ""}" aria-current=${here ? "step" : nothing}>
      <b>${here ? NAMES[phase.kind] : name}</b><span>${text}</span>
    </li>`;
  }

  /** @param {string} layer @param {Phase} phase @param {Phase[]} done */
  #layer(layer, phase, done) {
    const here = phase.layer === layer;
    const forward = done.find((other) => other.kind === "forward" && other.layer === layer);
    const backward = done.find((other) => other.kind === "backward" && other.layer === layer);
    const direction = here ? phase.kind : "";
    return html`<li class="${here ? "here" : ""} ${direction}" aria-current=${here ? "step" : nothing}>
      <b>${layer}</b>
      <span>${forward ? `(${forward.shape.join(", ")})` : " "}</span>
      <span class="out">${forward ? `output ${fine(forward.figures[0].value)}` : " "}</span>
      <span class="back">${backward ? `gradient ${fine(backward.figures[0].value)}` : " "}</span>
    </li>`;
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

/** The loss, once it is computed. @param {Phase[]} done */
function loss_in(done) {
  const loss = done.find(({ kind }) => kind === "loss");
  return loss ? fine(loss.figures[0].value) : " ";
}

customElements.define("unrolled-slow-motion", SlowMotion);
