import { html, nothing } from "lit";
import { CELLS } from "../../generated/cells.js";
import * as step from "../../state/step/step.js";
import {
  DEFAULT_CHOICE,
  OWN,
  TUTORIAL,
  SEED,
  UNITS,
  is_tutorial,
  with_size,
} from "../../state/step/choice.js";
import { DECADES } from "../../state/shared/listing_cell.js";
import { note_typed, script, show_script } from "../../state/step/draft.js";
import { new_seed } from "../new_seed.js";
import { View } from "../view.js";
import "./notes.js";

/** Cells with a button of their own; the others are in the menu. */
const FIRST = CELLS.filter(({ keras }) => keras !== null);

/** @typedef {import("../../state/step/choice.js").StepChoice} StepChoice */

/** Pause after the last key before what was typed is used. */
const TYPING_PAUSE_MS = 200;

/** A network in one or two words. @type {Record<import("../../state/step/trained.js").NetworkKind, string>} */
const KINDS = {
  recorded: "recorded",
  yours: "yours",
  script: "your script’s",
  written: "of Write",
  random: "untrained",
  uniform: "untrained",
};

/** Which text that no network was trained on is drawn next: all come in turn, none twice before the others. */
let next_example = 0;

/** Reads the next of `examples`, with its true label. @param {{ text: string, label: string }[]} examples */
function draw_example(examples) {
  const { text, label } = examples[next_example % examples.length];
  next_example += 1;
  step.choose_step({ input: "sentence", text, target: label === "positive" ? 1 : 0 });
}

/** What is stepped through: the cell, its input, its weights, its size. */
class Setup extends View {
  /** @override */
  static properties = { note: { state: true }, opened: { state: true } };

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;

  constructor() {
    super();
    /** What was put in place of a number that cannot be chosen. */
    this.note = "";
    /** Whether all fields are shown where there is no room for them beside each other. */
    this.opened = false;
  }

  /** @override */
  render() {
    step.version.value;
    const kind = step.network.value?.kind;
    const untrained = kind === "random" || kind === "uniform";
    return html`<div class="chosen ${this.opened ? "opened" : ""}">
      ${this.#fold()} ${kind === "written" ? nothing : this.#input()} ${this.#network()}
      ${untrained ? this.#numbers() : nothing}
    </div>`;
  }

  /** The options of a menu come and go; only when they are there can one of them be shown. @override */
  updated() {
    const menus = /** @type {NodeListOf<HTMLSelectElement>} */ (this.querySelectorAll("select[data-value]"));
    for (const menu of menus) menu.value = menu.dataset.value ?? "";
  }

  /** What is stepped through in one line, and the button that shows all fields: on a phone. */
  #fold() {
    const { input, text, numbers } = step.choice.value;
    const read = {
      sentence: `“${text}”`,
      numbers,
      uniform: "100 × 32 random numbers",
      script: "what your script reads",
    }[input];
    const network = step.network.value?.kind;
    return html`<button
      class="fold"
      aria-expanded=${this.opened ? "true" : "false"}
      @click=${() => (this.opened = !this.opened)}
    >
      <span>${network === "written" ? "A text of Write" : read}</span
      ><span>${network ? KINDS[network] : ""}</span><b>${this.opened ? "Close" : "Change"}</b>
    </button>`;
  }

  #input() {
    const { input, text, numbers, target } = step.choice.value;
    return html`
      <label class="field-of"
        ><span>Input</span>
        <select
          class="narrow"
          aria-label="Input"
          @change=${(/** @type {Event} */ event) => choose_input(/** @type {HTMLSelectElement} */ (event.target).value)}
        >
          <option value="sentence" ?selected=${input === "sentence"}>a sentence</option>
          <option value="numbers" ?selected=${input === "numbers"}>numbers</option>
          <option value="uniform" ?selected=${input === "uniform"}>tutorial 003: 100 × 32 random</option>
          ${
            script.value || input === "script"
              ? html`<option value="script" ?selected=${input === "script"}>your script’s</option>`
              : nothing
          }
        </select></label
      >
      ${input === "sentence" ? this.#typed("The sentence", text, (typed) => ({ text: typed })) : nothing}
      ${input === "sentence" ? unseen_review() : nothing}
      ${
        input === "numbers" || input === "script"
          ? html`${input === "numbers" ? this.#typed("The numbers", numbers, (typed) => ({ numbers: typed })) : nothing}
              <label class="field-of small"
                ><span>next comes</span
                ><input
                  type="number"
                  step="any"
                  .value=${String(target)}
                  @change=${(/** @type {Event} */ event) => choose_next(event, target)}
              /></label>`
          : nothing
      }
      ${input === "numbers" || input === "script" ? nothing : true_label(target)}
    `;
  }

  /** What exists for the chosen cell; what is shown is what is selected. */
  #network() {
    const shown = step.network.value;
    if (!shown) return nothing;
    return html`<label class="field-of"
      ><span>Network</span>
      <select
        class="network"
        aria-label="Network"
        data-value=${shown.kind}
        @change=${(/** @type {Event} */ event) => {
          this.note = "";
          step.choose_step({
            weights: /** @type {import("../../state/step/trained.js").NetworkKind} */ (
              /** @type {HTMLSelectElement} */ (event.target).value
            ),
          });
        }}
      >
        ${shown.menu.map(
          ({ kind, title }) => html`<option value=${kind} ?selected=${kind === shown.kind}>${title}</option>`,
        )}
      </select></label
    >`;
  }

  /** Size and seed of an untrained network. */
  #numbers() {
    const { units, sizes, seed } = step.choice.value;
    const { sizes: named = [], without_units } = step.stepping.value?.description.cell ?? {};
    return html`
      ${without_units ? nothing : this.#size("Units", units, (chosen) => ({ units: chosen }))}
      ${named.map(([name, size]) =>
        this.#size(name, size, (chosen) => ({ sizes: with_size(sizes, name, chosen) })),
      )}
      <label class="field-of small seed"
        ><span>Seed</span
        ><input
          type="number"
          min=${SEED.minimum}
          max=${SEED.maximum}
          .value=${String(seed)}
          @change=${(/** @type {Event} */ event) =>
            step.choose_step({ seed: this.#whole(event, "Seed", SEED, seed) })}
      /></label>
      ${new_seed((seed) => step.choose_step({ seed }))}
      <span class="bounded" role="status">${this.note}</span>
    `;
  }

  /**
   * The field of a size.
   * @param {string} label @param {number} present
   * @param {(chosen: number) => Partial<StepChoice>} changed
   */
  #size(label, present, changed) {
    return html`<label class="field-of small"
      ><span>${label}</span
      ><input
        type="number"
        min=${UNITS.minimum}
        max=${UNITS.maximum}
        .value=${String(present)}
        @change=${(/** @type {Event} */ event) =>
          step.choose_step(changed(this.#whole(event, label, UNITS, present)))}
    /></label>`;
  }

  /**
   * The number that was typed, inside of its limits; what was put in its place is said.
   * @param {Event} event
   * @param {string} label
   * @param {{ minimum: number, maximum: number }} limits
   * @param {number} present stays where no number was typed
   */
  #whole(event, label, { minimum, maximum }, present) {
    const typed = value_of(event).trim();
    const wanted = typed === "" ? NaN : Number(typed);
    const taken = Number.isFinite(wanted)
      ? Math.max(minimum, Math.min(maximum, Math.round(wanted)))
      : present;
    const input = /** @type {HTMLInputElement} */ (event.target);
    input.value = String(taken);
    this.note =
      taken === wanted ? "" : `${label}: a whole number from ${minimum} to ${maximum}; set to ${taken}.`;
    return taken;
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
    note_typed(changed);
    this.#typing = setTimeout(() => {
      note_typed(null);
      step.choose_step(changed);
    }, TYPING_PAUSE_MS);
  }
}

/** The class that the text belongs to: the loss is what the network pays for it. @param {number} target */
function true_label(target) {
  const description = step.stepping.value?.description;
  const named = description?.classes ?? [];
  const many = description?.said === "classes";
  const classes = many || named.length === 2 ? named : ["class 0", "class 1"];
  const chosen = many ? Math.max(0, Math.min(classes.length - 1, Math.trunc(target))) : target >= 0.5 ? 1 : 0;
  const order = classes.map((_, k) => k);
  if (!many) order.reverse();
  return html`<label class="field-of"
    ><span>True label</span>
    <select
      data-value=${chosen}
      @change=${(/** @type {Event} */ event) => step.choose_step({ target: Number(value_of(event)) })}
    >
      ${order.map((k) => html`<option value=${k} ?selected=${k === chosen}>${classes[k]}</option>`)}
    </select></label
  >`;
}

/** Draws the end of a review that the network has not been trained on, with its true label. */
function unseen_review() {
  const shown = step.network.value;
  if (!shown || shown.examples.length === 0) return nothing;
  return html`<button
    class="quiet"
    title="The end of a review that the recorded network was not trained on, with its true label"
    @click=${() => draw_example(shown.examples)}
  >
    An unseen review
  </button>`;
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
          ${DECADES.map(
            ({ decade, cells }) =>
              html`<optgroup label=${decade}>
                ${cells.map(
                  ({ name, label }) =>
                    html`<option value=${name} ?selected=${cell === name}>${label}</option>`,
                )}
              </optgroup>`,
          )}
        </select></label
      >
    `;
  }
}

/** @param {Event} event */
const value_of = (event) => /** @type {HTMLInputElement} */ (event.target).value;

/**
 * The number that comes next; where none was typed, the present one stays.
 * @param {Event} event @param {number} present
 */
function choose_next(event, present) {
  const typed = value_of(event).trim();
  const input = /** @type {HTMLInputElement} */ (event.target);
  if (typed === "") input.value = String(present);
  else step.choose_step({ target: Number(typed) });
}

/** @param {string} name */
function choose_cell(name) {
  show_script(false);
  step.editing.value = false;
  step.choose_step({
    ...(is_tutorial(name) ? tutorial_settings() : usual_settings()),
    cell: name,
    sizes: "",
  });
}

/** The reader's settings while a tutorial's stand in their place. @type {Partial<StepChoice> | null} */
let set_aside = null;

/** Tutorial 003 brings its own input, size and weights; the reader's come back when she leaves it. */
function tutorial_settings() {
  const { units, input, weights, cell } = step.choice.value;
  if (input !== "uniform") set_aside = { units, input, weights, cell };
  return TUTORIAL;
}

/** @returns {Partial<StepChoice>} what stood before the tutorial; nothing if no tutorial is chosen */
function usual_settings() {
  if (step.choice.value.input !== "uniform") return {};
  const { units, input, weights } = set_aside ?? DEFAULT_CHOICE;
  return { units, input, weights };
}

/** The own cell begins with the text that is on the page. */
function write_own() {
  show_script(false);
  step.editing.value = true;
  if (step.level.value === 0) step.level.value = 1; // The overview shows no code.
  step.choose_step({ ...usual_settings(), cell: OWN });
}

/** @param {string} input */
function choose_input(input) {
  if (input === "uniform") step.choose_step(tutorial_settings());
  else if (step.choice.value.input === "uniform")
    step.choose_step({
      ...usual_settings(),
      cell: set_aside?.cell ?? DEFAULT_CHOICE.cell,
      input: /** @type {import("../../state/step/choice.js").InputKind} */ (input),
    });
  else step.choose_step({ input: /** @type {import("../../state/step/choice.js").InputKind} */ (input) });
}

customElements.define("unrolled-step-setup", Setup);
customElements.define("unrolled-step-cells", CellChoice);
