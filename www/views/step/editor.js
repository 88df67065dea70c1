import { html, nothing } from "lit";
import { check_listing } from "../../pkg-stepper/unrolled_stepper.js";
import { CELLS } from "../../generated/cells.js";
import { stepper_instance } from "../../engine/page.js";
import { capital, fine } from "../../state/shared/format.js";
import { train_cell } from "../../state/shared/own_cell.js";
import { listing_source } from "../../state/shared/listing_source.js";
import * as step from "../../state/step/step.js";
import { View, with_code } from "../view.js";
import { draft_of, keep_draft, keep_script, script, show_script } from "../../state/step/draft.js";
import { bring_said_into_sight, once_drawn } from "./in_sight.js";

/** @typedef {import("../../state/step/step.js").Diagnostic} Diagnostic */
/** @typedef {import("../../types/engine.js").Check} Gradient */
/** @typedef {import("../../types/stepper.js").Checked} Checked */
/** @typedef {import("../../state/step/script.js").LiveScript} LiveScript */
/** @typedef {import("./script_holes.js").Filled} Filled */

/** Mistakes that are written below the text; each is told where it is marked. */
const MOST_SAID = 4;

/** Pause after the last key before the listing is checked. */
const TYPING_PAUSE_MS = 120;

/**
 * Whether a text is a whole script: with a loop, and with lines outside of functions that set something up.
 * @param {string} code
 */
function is_script(code) {
  const has_loop = /^[ \t]*(for|while)\s.+:/m.test(code);
  const sets_up = /^(for|while)\s|^[A-Za-z_][^\n(=]*=(?!=)(?!\s*lambda)/m.test(code);
  return has_loop && sets_up && !/^def step\w*\(x\b/m.test(code);
}

/** What comments of a listing may say. */
const COMMENTS = html`<details class="caption">
  <summary>Comments that say more</summary>
  <p>On a line of its own, above the function or in it; Python passes over it.</p>
  <ul>
    <li>
      <code># size: d_state = 16</code> names a size, which then has a field of its own in the row of the
      input.
    </li>
    <li>
      <code># shape: A = (units, d_state)</code> gives a state or weight its shape: of features, units, whole
      numbers and named sizes.
    </li>
    <li>
      <code># init: A = np.log(np.arange(1, d_state + 1))</code> gives its first numbers: a formula, in which
      <code>random</code> is uniform in [0, 1), or one of Keras’ initializers, as in
      <code># init: U = identity</code>.
    </li>
    <li><code># fixed: A, B</code> names weights that are not trained.</li>
  </ul>
</details>`;

/** The reader's own cell: edited here, checked while it is typed, used as soon as it is accepted. */
class Editor extends View {
  /** @override */
  static properties = {
    checked: { state: true },
    typed: { state: true },
    script: { state: true },
    filled: { state: true },
  };

  /** @type {import("@codemirror/view").EditorView | null} */
  #view = null;
  /** @type {((found: Diagnostic[]) => void) | null} */
  #mark = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;

  constructor() {
    super();
    /** @type {Checked | null} */
    this.checked = null;
    /** The text that the last check was made of, and the text as it is now. @type {{ checked: string, now: string }} */
    this.typed = { checked: "", now: "" };
    /** The script in the editor, if it is one and runs. @type {LiveScript | null} */
    this.script = null;
    /** What stands for the open names of pseudo-code in the editor. @type {Filled | null} */
    this.filled = null;
  }

  /** @override */
  render() {
    if (!step.editing.value) {
      return html`<p class="edit">
        <button @click=${() => (step.editing.value = true)}>Edit the listing</button> ${this.#train()}
        ${script.value ? html`<button @click=${() => show_script(true)}>Back to the script</button>` : nothing}
      </p>`;
    }
    return html`
      <div class="heading">
        <h2>your cell</h2>
        <select
          class="narrow"
          aria-label="Begin with another listing"
          @change=${(/** @type {Event} */ event) => this.#begin(event)}
        >
          <option value="">Begin with …</option>
          ${CELLS.map(({ name, title }) => html`<option value=${name}>${title}</option>`)}
        </select>
        <button
          ?disabled=${!this.#is_current}
          title=${this.#is_current ? nothing : "Only a text that is accepted can be stepped through"}
          @click=${this.#step_through}
        >
          Step through it
        </button>
        ${this.#train()}
      </div>
      <div class="editor"></div>
      <div class="verdict ${this.typed.checked === this.typed.now ? "" : "stale"}" role="status">
        ${this.#verdict()}
      </div>
      ${this.#ways_on()} ${COMMENTS}
    `;
  }

  /** Whether the text in the editor is the one that was accepted; before the first check nothing else is known. */
  get #is_current() {
    if (!this.script && !this.checked) return true;
    return this.typed.checked === this.typed.now && !this.#is_refused;
  }

  get #is_refused() {
    return !this.script && (this.checked?.diagnostics.length ?? 0) > 0;
  }

  #step_through = () => {
    step.editing.value = false;
    if (this.script?.source === this.typed.now) show_script(true);
  };

  /**
   * Only the accepted listing can be trained, and only while it is the text in the editor.
   */
  #train() {
    const own = step.own_listing.value;
    const able = own !== null && (!step.editing.value || own.source === this.typed.now);
    return html`<button class="primary" ?disabled=${!able} @click=${train_cell}>Train this cell</button>`;
  }

  /** What the check says, in one place that screen readers follow. */
  #verdict() {
    const { checked, script: live } = this;
    if (live) return html`<p class="accepted"><b>A whole script.</b> ${said_of_script(live)}</p>`;
    if (!checked) return nothing;
    const { diagnostics, gradient } = checked;
    if (diagnostics.length === 0)
      return html`<p class="accepted"><b>Accepted.</b> ${gradient ? said_of(gradient) : nothing}</p>`;
    const more = diagnostics.length - MOST_SAID;
    return html`<ul class="mistakes">
      ${diagnostics
        .slice(0, MOST_SAID)
        .map(({ line, message }) => html`<li><b>Line ${line}:</b> ${with_code(capital(message))}.</li>`)}
      ${more > 0 ? html`<li>${more} more ${more === 1 ? "is" : "are"} marked beside the text.</li>` : nothing}
    </ul>`;
  }

  /** What can be done now. */
  #ways_on() {
    const { checked, script: live } = this;
    if (live) return this.#ways_of_script(live);
    if (!checked) return nothing;
    if (!this.#is_refused)
      return html`${checked.cleaned ? html`<p class="hint">${checked.cleaned}</p>` : nothing}
        <p class="caption">
          Weights:
          ${checked.parameters
            .filter(({ role }) => role === "weight")
            .map(({ name, shape }) => `${name} ${shape}`)
            .join(", ")}
        </p>
        ${said_of_outputs(checked)}`;
    const { units } = checked;
    return html`${
        units === null
          ? nothing
          : html`<p class="edit">
              <button class="primary" @click=${() => this.#use(units)}>Use ${units} units</button>
            </p>`
      }
      <p class="hint">
        Until this text is accepted, the page shows the last one that was.
        <button class="link" @click=${() => (step.editing.value = false)}>Step through that one</button>
      </p>`;
  }

  /** A whole script: the two ways on, and what is open in it. @param {LiveScript} live */
  #ways_of_script(live) {
    const { step: found, no_step } = live.facts;
    const { filled } = this;
    return html`<p class="edit">
        <button class="primary" ?disabled=${!this.#is_current} @click=${this.#step_through}>
          Step through the script
        </button>
        <button ?disabled=${!found} @click=${() => void this.#to_cell(live)}>Its step as a cell</button>
      </p>
      <p class="hint">
        The picture stays with the last cell.
        ${found ? nothing : html`No cell can be made of the loop: ${with_code(no_step ?? "")}.`}
      </p>
      ${
        filled
          ? html`<unrolled-script-holes
              .filled=${filled}
              .write=${(/** @type {Filled} */ next) => {
                this.filled = next;
                this.#write(next.text);
              }}
            ></unrolled-script-holes>`
          : nothing
      }`;
  }

  /** @param {LiveScript} live */
  async #to_cell(live) {
    const { to_cell } = await import("../../state/step/script_numbers.js");
    await to_cell(live, 0);
  }

  /** @override */
  async updated() {
    const element = this.querySelector(".editor");
    if (!element) {
      this.#view?.destroy();
      this.#view = null;
      return;
    }
    if (this.#view) return;
    const { make_editor } = await import("./codemirror.js");
    if (this.#view || !element.isConnected) return;
    const code = draft_of(step.choice.value.code);
    const made = make_editor(/** @type {HTMLElement} */ (element), code, (typed) => this.#typed(typed));
    this.#view = made.view;
    this.#mark = made.mark;
    this.typed = { checked: "", now: code };
    await this.#check(code);
  }

  /** @param {string} code */
  #typed(code) {
    keep_draft({ typed: code, accepted: step.choice.value.code });
    this.typed = { ...this.typed, now: code };
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.#check(code), TYPING_PAUSE_MS);
  }

  /** @param {string} code */
  async #check(code) {
    if (is_script(code)) return this.#script(code);
    this.script = null;
    await stepper_instance();
    const features = step.stepping.value?.description.features ?? step.choice.value.features;
    const checked = check_listing(code, features, step.choice.value.units);
    this.checked = checked;
    this.typed = { checked: code, now: this.typed.now };
    this.#mark?.(checked.diagnostics);
    this.#show_refusal();
    if (
      checked.diagnostics.length === 0 &&
      (code !== step.choice.value.code || step.stepping.value?.description.cell.forward.source !== code)
    ) {
      keep_draft({ typed: this.typed.now, accepted: code });
      step.choose_step({ code });
    }
  }

  /** The number of units that the listing needs. @param {number} units */
  #use(units) {
    step.choose_step({ units });
    void this.#check(this.typed.now);
  }

  /** A whole script with a loop: it is kept, and can be stepped through. @param {string} code */
  async #script(code) {
    const { live_script, mistakes_of } = await import("../../state/step/script.js");
    const { filled_of } = await import("./script_holes.js");
    try {
      const live = await live_script(code);
      if (this.typed.now !== code) return;
      keep_script(code);
      this.script = live;
      this.filled = filled_of(live, this.filled);
      this.typed = { checked: code, now: code };
      this.#mark?.([]);
    } catch (failure) {
      if (this.typed.now !== code) return;
      this.script = null;
      const found = mistakes_of(failure);
      this.checked = {
        diagnostics: found,
        parameters: [],
        outputs: 0,
        output: "",
        gradient: null,
        cleaned: "",
        units: null,
      };
      this.typed = { checked: code, now: code };
      this.#mark?.(found);
      this.#show_refusal();
    }
  }

  /** On a narrow page what is said of a refused text may be below the window. */
  #show_refusal() {
    once_drawn(this, () => {
      const said = this.querySelector(".mistakes");
      if (said) bring_said_into_sight(said, this.querySelector(".cm-activeLine"));
    });
  }

  /** @param {string} text */
  #write(text) {
    const view = this.#view;
    if (view) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  }

  /** @param {Event} event */
  async #begin(event) {
    const select = /** @type {HTMLSelectElement} */ (event.target);
    const cell = select.value;
    select.value = "";
    const source = await listing_source({ cell, code: "" });
    this.#write(source);
  }

  /** @override */
  disconnectedCallback() {
    this.#view?.destroy();
    this.#view = null;
    super.disconnectedCallback();
  }
}

/** @param {LiveScript} live */
function said_of_script({ facts: { line, timesteps, printed, open, draws_unseeded } }) {
  const loop = line === null ? "" : `The loop of line ${line} runs ${timesteps} times. `;
  const filled = open.length > 0 ? "What it leaves open is filled in. " : "";
  const drawn = draws_unseeded ? "It seeds nothing: its random numbers are those of np.random.seed(0). " : "";
  const result = printed.trim() && printed.length <= 200 ? `The script prints ${printed.trim()}.` : "";
  return `${loop}${filled}${drawn}${result}`;
}

/** What is returned beside the new states. @param {Checked} checked */
function said_of_outputs({ outputs, output }) {
  if (outputs === 0) return nothing;
  const more = outputs - 1;
  return html`<p class="caption">
    <code>${output}</code> ${
      more === 0
        ? "is returned but is no state: it is computed and shown, but the output layer does not read it."
        : `and ${more} more of what is returned are no states: they are computed and shown, but the output layer
          does not read them.`
    }
  </p>`;
}

/** @param {Gradient} gradient */
function said_of({ numbers, kinks, worst, place, exact, slope, printed, passed, overflow }) {
  if (overflow) {
    const { line, name, timestep } = overflow;
    return html`<span class="wrong">Gradient check: not possible.</span> The numbers overflow: in a trial run
      <code>${name}</code> of line ${line} is not finite at timestep ${timestep + 1}.`;
  }
  if (![worst, exact, slope].every(Number.isFinite)) {
    return html`<span class="wrong">Gradient check: not possible.</span> The gradient of
      <code>${place}</code> or the slope of the loss there is not finite.`;
  }
  return html`<span class=${passed ? "" : "wrong"}>Gradient check: ${passed ? "passed" : "failed"}.</span>
    ${numbers} weights were moved a
    little${kinks > 0 ? html`; ${kinks} more stand beside a kink, where a slope says nothing` : nothing}.
    ${
      printed[0] === printed[1]
        ? html`The slope of the loss and the adjoint agree in all printed digits; at
            <code>${place}</code> both are ${printed[0]}.`
        : html`The slope of the loss and the adjoint differ most at <code>${place}</code>, ${printed[0]} and
            ${printed[1]}: by ${scientific(worst)} of the largest gradient.`
    }`;
}

/** @param {number} value a share, mostly tiny */
function scientific(value) {
  if (!Number.isFinite(value)) return fine(value);
  const [digits, exponent] = value.toExponential(0).split("e");
  return value === 0 ? "0" : html`${digits} · 10<sup>${exponent.replace("-", "−").replace("+", "")}</sup>`;
}

customElements.define("unrolled-step-editor", Editor);
