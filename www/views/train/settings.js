import { html, nothing } from "lit";
import { has_relaxed, is_relaxed } from "../../engine/load.js";
import { choose_arithmetic, choose_data, choose_settings } from "../../state/train/choices.js";
import { DECADES, KERAS_LISTINGS, LIBRARY, OWN, listing_name } from "../../state/shared/listing_cell.js";
import { choose_own, step_through, steps_refused, trained_code } from "../../state/shared/own_cell.js";
import { count, quoted } from "../../state/shared/format.js";
import { set_of } from "../../state/train/experiment.js";
import { cell_place, places_of } from "../../state/train/places.js";
import { DATASETS, LIMITS, known_dataset, page_settings, within_limits } from "../../state/train/settings.js";
import { experiment, settings, setup, status } from "../../state/shared/store.js";
import { new_seed } from "../new_seed.js";
import { View } from "../view.js";

/** @typedef {"data" | "model" | "training"} Group */

/** The numbers of each group; those of the data stand in `data.js`. @type {Record<Group, (keyof typeof LIMITS)[]>} */
const NUMBERS = { data: [], model: ["units", "embedding"], training: ["batch"] };

/** Quick controls: changing one starts another run, the present one is kept. */
class Settings extends View {
  /** @override */
  static properties = { group: { type: String }, was_set: { state: true } };

  constructor() {
    super();
    /** @type {Group} */
    this.group = "model";
    /** A field whose number was not taken as it was typed. @type {{ name: string, text: string } | null} */
    this.was_set = null;
  }

  /** @override */
  render() {
    const places = places_of(experiment.value.document);
    return html`
      <form class="settings" @submit=${(/** @type {Event} */ event) => event.preventDefault()}>
        ${this.group === "data" ? html`${this.#about()} ${this.#sizes()}` : nothing}
        ${this.group === "model" ? html`${this.#cells()} ${this.#others()}` : nothing}
        ${NUMBERS[this.group].filter((name) => name in places).map((name) => this.#number(name))}
        ${this.group === "training" ? html`${this.#seed()} ${this.#arithmetic()}` : nothing}
      </form>
    `;
  }

  /** What is learned from, and what for. */
  #about() {
    const { document } = experiment.value;
    const known = setup.value;
    return html`<p class="about-data">
        <span>${set_of(document)?.label ?? generated(document)}</span>
        <b>${known ? `${count(known.train)} + ${count(known.validation)}` : ""}</b>
      </p>
      ${document.about === "" ? nothing : html`<p class="caption">${quoted(document.about)}</p>`}`;
  }

  #seed() {
    return html`<div class="field-and-button">
      ${this.#number("seed")} ${new_seed((seed) => choose_settings({ seed }), status.value === "preparing")}
    </div>`;
  }

  /** The sizes of the data sets of this subject, where nothing else would change with the size. */
  #sizes() {
    if (!page_settings(experiment.value.document)) return nothing;
    const { subject } = DATASETS[known_dataset(settings.value.data)];
    const sizes = Object.values(DATASETS).filter((data) => data.subject === subject);
    if (sizes.length === 1) return nothing;
    return html`
      <fieldset class="choice">
        <legend>Reviews</legend>
        ${sizes.map(
          ({ name, size }) => html`
            <label>
              <input
                type="radio"
                name="size"
                .checked=${settings.value.data === name}
                @change=${() => choose_data(name)}
              />
              <span>${size}</span>
            </label>
          `,
        )}
      </fieldset>
    `;
  }

  #cells() {
    if (cell_place(experiment.value.document) === null) return nothing;
    return html`
      <fieldset class="choice">
        <legend>Cell</legend>
        ${Object.keys(KERAS_LISTINGS).map(
          (name) => html`
            <label>
              <input
                type="radio"
                name="cell"
                .checked=${settings.value.cell === name}
                @change=${() => choose_settings({ cell: name })}
              />
              <span>${name}</span>
            </label>
          `,
        )}
        ${this.#own()}
      </fieldset>
    `;
  }

  /** The reader's own cell, by its name, once it was brought here. */
  #own() {
    if (trained_code.value === "") return nothing;
    const name = listing_name(trained_code.value);
    return html`<label class="own-cell">
      <input
        type="radio"
        name="cell"
        aria-label=${name}
        .checked=${settings.value.cell === OWN}
        @change=${choose_own}
      />
      <span title=${name}><u>${name}</u></span></label
    >`;
  }

  /** The cells that are listings of the project, and the button to the Step view. */
  #others() {
    const refused = steps_refused();
    return html`<div class="other-cells">
      ${cell_place(experiment.value.document) === null ? nothing : this.#library()}
      <button
        type="button"
        ?disabled=${refused !== ""}
        title=${refused === "" ? nothing : refused}
        @click=${step_through}
      >
        Step through it
      </button>
      ${refused === "" ? nothing : html`<small class="hint">${refused}.</small>`}
    </div>`;
  }

  #library() {
    const { cell } = settings.value;
    const other = LIBRARY.includes(cell);
    return html`<select
      aria-label="Other cells"
      class=${other ? "on" : ""}
      ?disabled=${status.value === "preparing"}
      @change=${(/** @type {Event} */ event) =>
        choose_settings({ cell: /** @type {HTMLSelectElement} */ (event.target).value })}
    >
      <option value="" ?selected=${!other} disabled>Other cells</option>
      ${DECADES.map(
        ({ decade, cells }) =>
          html`<optgroup label=${decade}>
            ${cells.map(({ name, label }) => html`<option value=${name} ?selected=${cell === name}>${label}</option>`)}
          </optgroup>`,
      )}
    </select>`;
  }

  /** Offered where the relaxed build exists and the browser can run it. */
  #arithmetic() {
    if (!has_relaxed()) return nothing;
    const effect =
      "Products are rounded as the processor likes: up to a sixth faster on some, and the last digits may " +
      "differ from one machine to the next. The page loads anew; the run is kept.";
    return html`<label class="arithmetic" title=${effect}>
      <input
        type="checkbox"
        name="relaxed"
        .checked=${is_relaxed()}
        ?disabled=${status.value === "preparing"}
        @change=${(/** @type {Event} */ event) =>
          choose_arithmetic(/** @type {HTMLInputElement} */ (event.target).checked)}
      />
      <span>Relaxed arithmetic: faster, not reproducible</span>
    </label>`;
  }

  /** @param {keyof typeof LIMITS} name */
  #number(name) {
    const { minimum, maximum, step, label } = limits_of(name);
    const set = (/** @type {Event} */ event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      const given = input.value.trim();
      const limited = within_limits(name, given, limits_of(name));
      const value = limited ?? settings.value[name];
      input.value = String(value);
      const differs = limited === null || Number(given) !== value;
      this.was_set = differs
        ? {
            name,
            text: `${count(minimum)} to ${count(maximum)}: ${limited === null ? "stays" : "set to"} ${count(value)}`,
          }
        : null;
      if (value !== settings.value[name]) void choose_settings({ [name]: value });
    };
    const said = this.was_set?.name === name ? this.was_set.text : "";
    return html`
      <label>
        <span>${label}</span>
        <input
          type="number"
          name=${name}
          min=${minimum}
          max=${maximum}
          step=${step}
          inputmode="numeric"
          ?disabled=${status.value === "preparing"}
          .value=${String(settings.value[name])}
          @input=${() => (this.was_set = null)}
          @change=${set}
          @blur=${this.#blur}
        />
        ${said ? html`<small class="was-set" role="status">${said}</small>` : nothing}
      </label>
    `;
  }

  /** What was done stays to be read after the field is left, but not for ever. */
  #blur() {
    const shown = this.was_set;
    if (shown) setTimeout(() => this.was_set === shown && (this.was_set = null), READ_MS);
  }
}

/** @param {import("../../types/engine.js").Experiment} document */
function generated({ data }) {
  return data.task ? `Generated: ${data.task.replaceAll("_", " ")}` : "Your own data";
}

/**
 * The limits of a number. A document may go beyond those of the page: what it says is inside.
 * @param {keyof typeof LIMITS} name
 */
function limits_of(name) {
  const { minimum, maximum, ...rest } = LIMITS[name];
  const present = settings.value[name];
  const largest = name === "words" ? (set_of(experiment.value.document)?.vocabulary ?? maximum) : maximum;
  return { ...rest, minimum: Math.min(minimum, present), maximum: Math.max(largest, present) };
}

/** As long as a short line is shown. */
const READ_MS = 6000;

customElements.define("unrolled-settings", Settings);
