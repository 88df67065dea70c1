import { html, nothing } from "lit";
import { percent } from "../../state/shared/format.js";
import { CELLS } from "../../generated/cells.js";
import * as step from "../../state/step/step.js";
import { OWN, TUTORIAL, SEED, UNITS } from "../../state/step/choice.js";
import { new_seed } from "../new_seed.js";
import { View } from "../view.js";

/** Cells with a button of their own; the others are in the menu. */
const FIRST = CELLS.filter(({ keras }) => keras !== null);
const OTHERS = CELLS.filter(({ keras }) => keras === null);

/** Pause after the last key before what was typed is used. */
const TYPING_PAUSE_MS = 200;

/** Share of saturated states from which a note says so. */
const SATURATED = 0.2;

/** What is stepped through: the cell, its input, its weights, its size. */
class Setup extends View {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;

  /** @override */
  render() {
    return html` <div class="chosen">${this.#input()} ${this.#weights()} ${this.#numbers()}</div> `;
  }

  #input() {
    const { input, text, numbers, target } = step.choice.value;
    return html`
      <label class="field-of"
        ><span>Input</span>
        <select
          class="narrow"
          @change=${(/** @type {Event} */ event) => choose_input(/** @type {HTMLSelectElement} */ (event.target).value)}
        >
          <option value="sentence" ?selected=${input === "sentence"}>a sentence</option>
          <option value="numbers" ?selected=${input === "numbers"}>numbers</option>
          <option value="uniform" ?selected=${input === "uniform"}>tutorial 003: 100 × 32 random</option>
        </select></label
      >
      ${input === "sentence" ? this.#typed("The sentence", text, (typed) => ({ text: typed })) : nothing}
      ${
        input === "numbers"
          ? html`${this.#typed("The numbers", numbers, (typed) => ({ numbers: typed }))}
              <label class="field-of small"
                ><span>next comes</span
                ><input
                  type="number"
                  step="any"
                  .value=${String(target)}
                  @change=${(/** @type {Event} */ event) => step.choose_step({ target: Number(value_of(event)) })}
              /></label>`
          : nothing
      }
      ${
        input === "numbers"
          ? nothing
          : html`<label class="field-of"
              ><span>answer</span>
              <select
                @change=${(/** @type {Event} */ event) =>
                  step.choose_step({ target: Number(/** @type {HTMLSelectElement} */ (event.target).value) })}
              >
                <option value="1" ?selected=${target >= 0.5}>yes</option>
                <option value="0" ?selected=${target < 0.5}>no</option>
              </select></label
            >`
      }
    `;
  }

  #weights() {
    const { weights } = step.choice.value;
    return html`<label class="field-of"
      ><span>Weights</span>
      <select
        class="narrow"
        @change=${(/** @type {Event} */ event) =>
          step.choose_step({
            weights: /** @type {import("../../state/step/choice.js").WeightKind} */ (
              /** @type {HTMLSelectElement} */ (event.target).value
            ),
          })}
      >
        <option value="trained" ?selected=${weights === "trained"}>trained</option>
        <option value="random" ?selected=${weights === "random"}>random, as in Keras</option>
        <option value="uniform" ?selected=${weights === "uniform"}>uniform [0, 1), as in tutorial 003</option>
      </select></label
    >`;
  }

  #numbers() {
    const { units, seed } = step.choice.value;
    const whole = (
      /** @type {Event} */ event,
      /** @type {number} */ minimum,
      /** @type {number} */ maximum,
    ) => Math.max(minimum, Math.min(maximum, Math.round(Number(value_of(event)) || minimum)));
    return html`
      <label class="field-of small"
        ><span>Units</span
        ><input
          type="number"
          min=${UNITS.minimum}
          max=${UNITS.maximum}
          .value=${String(units)}
          @change=${(/** @type {Event} */ event) =>
            step.choose_step({ units: whole(event, UNITS.minimum, UNITS.maximum) })}
      /></label>
      <label class="field-of small seed"
        ><span>Seed</span
        ><input
          type="number"
          min=${SEED.minimum}
          max=${SEED.maximum}
          .value=${String(seed)}
          @change=${(/** @type {Event} */ event) =>
            step.choose_step({ seed: whole(event, SEED.minimum, SEED.maximum) })}
      /></label>
      ${new_seed((seed) => step.choose_step({ seed }))}
    `;
  }

  /**
   * A line of text that is used after a pause.
   * @param {string} label
   * @param {string} value
   * @param {(typed: string) => Partial<import("../../state/step/choice.js").StepChoice>} changed
   */
  #typed(label, value, changed) {
    return html`<input
      class="typed"
      type="text"
      aria-label=${label}
      spellcheck="false"
      .value=${value}
      @input=${(/** @type {Event} */ event) => this.#type(changed(value_of(event)))}
    />`;
  }

  /** @param {Partial<import("../../state/step/choice.js").StepChoice>} changed */
  #type(changed) {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => step.choose_step(changed), TYPING_PAUSE_MS);
  }
}

/** Where the numbers come from. */
class Origin extends View {
  /** @override */
  render() {
    return step.provenance.value ? html`<p>Shown: ${step.provenance.value}</p>` : nothing;
  }
}

/** What cannot be done, what is saturated, what was changed. */
class Notes extends View {
  /** @override */
  render() {
    step.version.value;
    const saturation = step.stepping.value?.outcome.saturation ?? 0;
    const edits = step.stepping.value?.outcome.edits ?? [];
    const last = edits[edits.length - 1];
    return html`
      ${step.trouble.value ? html`<p class="note wrong" role="alert">${step.trouble.value}.</p>` : nothing}
      ${
        saturation >= SATURATED
          ? html`<p class="note">
              <b>${percent(saturation)} of all |h| are 1</b>: tanh is saturated there, and hardly any gradient
              gets through.
            </p>`
          : nothing
      }
      ${
        last
          ? html`<p class="note changed">
              ${edits.length === 1 ? "1 number" : `${edits.length} numbers`} changed, last ${written(last)}.
              <button
                class="quiet"
                aria-pressed=${step.difference.value}
                @click=${() => (step.difference.value = !step.difference.value)}
              >
                ${step.difference.value ? "Show the values" : "Show the difference"}
              </button>
              <button class="quiet" @click=${step.undo_change}>Undo</button>
            </p>`
          : nothing
      }
    `;
  }
}

/** Which cell. */
class CellChoice extends View {
  /** @override */
  render() {
    const { cell } = step.choice.value;
    const other = cell !== OWN && !FIRST.some(({ name }) => name === cell);
    return html`
      <fieldset class="choice cells">
        <legend class="unseen">Cell</legend>
        ${FIRST.map(
          ({ name, title }) =>
            html`<label
              ><input
                type="radio"
                name="step-cell"
                .checked=${cell === name}
                @change=${() => choose_cell(name)}
              /><span>${title}</span></label
            >`,
        )}
        <label
          ><input type="radio" name="step-cell" .checked=${cell === OWN} @change=${write_own} /><span
            >Your own</span
          ></label
        >
      </fieldset>
      <label class="more"
        ><span class="unseen">Other cells</span>
        <select
          class="narrow ${other ? "on" : ""}"
          @change=${(/** @type {Event} */ event) => choose_cell(/** @type {HTMLSelectElement} */ (event.target).value)}
        >
          <option value="" ?selected=${!other} disabled>Other cells</option>
          ${OTHERS.map(({ name, title }) => html`<option value=${name} ?selected=${cell === name}>${title}</option>`)}
        </select></label
      >
    `;
  }
}

/** @param {Event} event */
const value_of = (event) => /** @type {HTMLInputElement} */ (event.target).value;

/** `W[3, 23]`. @param {import("../../state/step/stepping.js").Edit} edit */
function written({ part, name, index, timestep }) {
  const { parameters } = part === "cell" ? session_cell() : session_output();
  const parameter = parameters.find((known) => known.name === name);
  const columns = parameter?.shape[1];
  const address =
    columns === undefined
      ? `${name}[${index}]`
      : `${name}[${Math.floor(index / columns)}, ${index % columns}]`;
  return parameter?.role === "weight" ? address : `${address} at timestep ${timestep + 1}`;
}

const session_cell = () =>
  /** @type {import("../../state/step/stepping.js").Stepping} */ (step.stepping.value).description.cell;
const session_output = () =>
  /** @type {import("../../state/step/stepping.js").Stepping} */ (step.stepping.value).description.output;

/** @param {string} name */
function choose_cell(name) {
  step.editing.value = false;
  if (name === "tutorial_003" || name === "tutorial_003_bug") step.choose_step({ ...TUTORIAL, cell: name });
  else step.choose_step({ cell: name });
}

/** The own cell begins with the text that is on the page. */
function write_own() {
  step.editing.value = true;
  step.choose_step({ cell: OWN });
}

/** @param {string} input */
function choose_input(input) {
  if (input === "uniform") step.choose_step({ ...TUTORIAL });
  else step.choose_step({ input: /** @type {import("../../state/step/choice.js").InputKind} */ (input) });
}

customElements.define("unrolled-step-setup", Setup);
customElements.define("unrolled-step-cells", CellChoice);
customElements.define("unrolled-step-origin", Origin);
customElements.define("unrolled-step-notes", Notes);
