import { html, nothing } from "lit";
import { count } from "../../state/shared/format.js";
import { open_shipped } from "../../state/write/shipped.js";
import * as writer from "../../state/write/writer.js";
import { View, with_code } from "../view.js";

/** Ids a second that can be chosen. */
const SPEEDS = [2, 10, 30, 100, 200];

/** The largest seed that is offered. */
const LARGEST_SEED = 999_999;

/** Which model writes, from which beginning, how fast, and how boldly. */
class WriteControls extends View {
  /** @override */
  render() {
    const ready = writer.facts.value !== null;
    const playing = writer.playing.value;
    const unit = writer.facts.value?.unit ?? "character";
    return html`
      <div class="write-bar">
        <div class="buttons">
          <button class="primary" ?disabled=${!ready} @click=${writer.toggle} aria-keyshortcuts="Space">
            ${playing ? "Pause" : "Write"}
          </button>
          <button ?disabled=${!ready} @click=${writer.write_one}>One ${unit}</button>
          <button
            ?disabled=${!ready}
            @click=${begin}
            title="The same beginning, temperature and seed write the same text"
          >
            Begin anew
          </button>
        </div>
        ${this.#temperature()} ${this.#speed(unit)} ${this.#seed()}
      </div>
      ${this.#model()}
      ${
        writer.trouble.value
          ? html`<p class="problem" role="alert">${with_code(writer.trouble.value)}</p>`
          : nothing
      }
    `;
  }

  #temperature() {
    const { minimum, maximum } = writer.LIMITS.temperature;
    const value = writer.temperature.value;
    const set = (/** @type {Event} */ event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      const given = Number(input.value);
      const taken = input.value.trim() === "" || Number.isNaN(given) ? value : given;
      const inside = Math.min(maximum, Math.max(minimum, taken));
      input.value = String(inside);
      void writer.set_temperature(inside);
    };
    return html`<label class="write-temperature">
      <span>Temperature</span>
      <input
        type="range"
        aria-label="Temperature, from 0 to 2"
        min="0"
        max="2"
        step="0.05"
        .value=${String(Math.min(value, 2))}
        @input=${set}
      />
      <input
        type="number"
        name="write-temperature"
        aria-label="Temperature"
        min=${minimum}
        max=${maximum}
        step="0.05"
        .value=${String(value)}
        @change=${set}
      />
    </label>`;
  }

  /** @param {string} unit */
  #speed(unit) {
    return html`<label class="write-speed">
      <span>${unit}s a second</span>
      <select
        name="write-speed"
        @change=${(/** @type {Event} */ event) =>
          writer.set_speed(Number(/** @type {HTMLSelectElement} */ (event.target).value))}
      >
        ${SPEEDS.map(
          (speed) => html`<option value=${speed} ?selected=${speed === writer.speed.value}>${speed}</option>`,
        )}
      </select>
    </label>`;
  }

  #seed() {
    const set = (/** @type {Event} */ event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      const given = Math.round(Number(input.value));
      const taken = input.value.trim() === "" || Number.isNaN(given) ? writer.seed.value : given;
      writer.seed.value = Math.min(LARGEST_SEED, Math.max(0, taken));
      input.value = String(writer.seed.value);
      void begin();
    };
    return html`<label class="write-seed">
      <span>Seed</span>
      <input
        type="number"
        name="write-seed"
        min="0"
        max=${LARGEST_SEED}
        step="1"
        .value=${String(writer.seed.value)}
        @change=${set}
      />
    </label>`;
  }

  #model() {
    const model = writer.model.value;
    const facts = writer.facts.value;
    if (!model || !facts) return html`<p class="caption write-model">Loading the engine and the model …</p>`;
    const { unit, window } = facts;
    const known = window === 1 ? `the last ${unit}` : `the last ${window} ${unit}s`;
    const memory = window
      ? `It knows ${known} and nothing before.`
      : "It carries its state from one to the next.";
    return html`<p class="caption write-model">
      <b>${model.title}</b>: ${model.about} ${count(facts.parameters)} weights, ${count(facts.vocabulary)}
      ${facts.unit}s. ${memory}
      ${
        model.kind === "shipped"
          ? nothing
          : html`<button class="link" @click=${open_shipped}>
              Back to the model that comes with the page
            </button>`
      }
    </p>`;
  }
}

/** The text anew, and it goes on writing. */
async function begin() {
  if (await writer.begin()) await writer.play();
}

customElements.define("unrolled-write-controls", WriteControls);
