import { html, nothing } from "lit";
import { choose_data, choose_settings } from "../state/choices.js";
import { CELLS, DATASETS, LIMITS, within_limits } from "../state/settings.js";
import { phase, settings } from "../state/store.js";
import { View } from "./view.js";

const NUMBERS = /** @type {("units" | "embedding" | "words" | "maxlen" | "batch" | "seed")[]} */ (
  ["units", "embedding", "words", "maxlen", "batch", "seed"]
);

/** The network's sizes and its seed: changing one starts another run, the present one is kept. */
class Settings extends View {
  /** @override */
  render() {
    return html`
      <form class="settings" @submit=${(/** @type {Event} */ event) => event.preventDefault()}>
        ${this.#sizes()} ${CELLS.length > 1 ? this.#cells() : nothing}
        ${NUMBERS.map((name) => this.#number(name))}
      </form>
    `;
  }

  /** The sizes in which the texts of this subject come. */
  #sizes() {
    const { subject } = DATASETS[settings.value.data];
    const sizes = Object.values(DATASETS).filter((data) => data.subject === subject);
    if (sizes.length === 1) return nothing;
    return html`
      <fieldset class="choice">
        <legend>Reviews</legend>
        ${sizes.map(
          ({ name, size }) => html`
            <label>
              <input type="radio" name="size" .checked=${settings.value.data === name} @change=${() => choose_data(name)} />
              <span>${size}</span>
            </label>
          `,
        )}
      </fieldset>
    `;
  }

  #cells() {
    return html`
      <fieldset class="choice">
        <legend>Cell</legend>
        ${CELLS.map(
          ({ name, label }) => html`
            <label>
              <input type="radio" name="cell" .checked=${settings.value.cell === name} @change=${() => choose_settings({ cell: name })} />
              <span>${label}</span>
            </label>
          `,
        )}
      </fieldset>
    `;
  }

  /** @param {typeof NUMBERS[number]} name */
  #number(name) {
    const { minimum, maximum, step, label } = LIMITS[name];
    const set = (/** @type {Event} */ event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      const value = within_limits(name, input.value);
      input.value = String(value ?? settings.value[name]);
      if (value !== null && value !== settings.value[name]) void choose_settings({ [name]: value });
    };
    return html`
      <label>
        <span>${label}</span>
        <input type="number" name=${name} min=${minimum} max=${name === "words" ? DATASETS[settings.value.data].vocabulary : maximum} step=${step} inputmode="numeric"
          ?disabled=${phase.value === "preparing"} .value=${String(settings.value[name])} @change=${set} />
      </label>
    `;
  }
}

customElements.define("unrolled-settings", Settings);
