import { html } from "lit";
import { choose_settings } from "../state/choices.js";
import { CELLS, LIMITS, within_limits } from "../state/settings.js";
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
        ${CELLS.length > 1 ? this.#cells() : ""}
        ${NUMBERS.map((name) => this.#number(name))}
      </form>
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
        <input type="number" name=${name} min=${minimum} max=${maximum} step=${step} inputmode="numeric"
          ?disabled=${phase.value === "preparing"} .value=${String(settings.value[name])} @change=${set} />
      </label>
    `;
  }
}

customElements.define("unrolled-settings", Settings);
