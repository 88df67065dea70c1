import { html, nothing } from "lit";
import { decimal, fine } from "../../state/shared/format.js";
import * as step from "../../state/step/step.js";
import { BACKWARD, CELL, PHASE } from "../../state/step/walk.js";
import { View } from "../view.js";
import { hue, hues_of } from "./hues.js";
import { described, origin_targets, origin_words, parameter_role, address_of } from "./trail.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/stepping.js").Address} Address */
/** @typedef {import("../../state/step/stepping.js").Operand} Operand */
/** @typedef {import("../../state/step/stepping.js").Explanation} Explanation */

/** Parts of a sum that are named; the others are added up. */
const PARTS = 4;

/**
 * One number: its address, what made it and where its operands come from. Inputs, weights and initial states can be
 * changed here.
 */
class NumberView extends View {
  /** @override */
  static properties = { said: { state: true }, wrong: { state: true } };

  constructor() {
    super();
    this.said = "";
    this.wrong = "";
  }

  /** @override */
  render() {
    const stepping = step.stepping.value;
    const address = step.address.value;
    const explanation = step.explanation.value;
    step.version.value;
    if (!stepping || !address) return nothing;
    const position = step.position.value;
    if (position?.phase === PHASE.SUM && !step.chosen.value) return this.#summed(stepping, position);
    if (!explanation)
      return html`<h2>This number</h2>
        <p class="hint">
          ${
            stepping.live
              ? "Click any number to see where it comes from."
              : "The engine is on its way; then every number can be asked."
          }
        </p>`;
    return html`
      <div class="heading">
        <h2>This number</h2>
        ${
          step.chosen.value
            ? html`<button
                class="quiet"
                @click=${() => (step.chosen.value = null)}
                title="Back to what the line makes (Esc)"
              >
                Follow the line
              </button>`
            : nothing
        }
      </div>
      ${this.#head(stepping, address, explanation)} ${this.#formula(explanation)}
      ${this.#parts(explanation, address)} ${this.#trail(explanation, address)}
      <p class="actions">
        <button @click=${() => this.#copy(stepping, address)} ?disabled=${!stepping.live}>
          ${this.said || "Copy as numpy"}
        </button>
        ${
          explanation.terms.length > 1
            ? html`<button @click=${() => (step.level.value = 2)}>Open the sum</button>`
            : nothing
        }
      </p>
    `;
  }

  /**
   * A gradient added up over time: what every timestep says.
   * @param {Stepping} stepping
   * @param {import("../../state/step/walk.js").Position} position
   */
  #summed(stepping, position) {
    const weight = stepping.description.cell.parameters.filter((parameter) => parameter.role === "weight")[
      position.weight
    ];
    const gradient = stepping.weight_gradient(position.weight);
    if (!weight || !gradient) return nothing;
    const index = Math.min(step.summed.value, gradient.length - 1);
    const columns = weight.shape[1];
    const at = columns === undefined ? `[${index}]` : `[${Math.floor(index / columns)}, ${index % columns}]`;
    const parts = stepping.over_time(weight.name, index) ?? new Float32Array();
    const most = Math.max(...parts.map(Math.abs)) || 1;
    const look = (/** @type {number} */ timestep) =>
      step.look_at({
        part: CELL,
        pass: BACKWARD,
        timestep,
        line: position.line,
        name: `d_${weight.name}`,
        index,
      });
    return html`
      <h2>This number</h2>
      <p class="which">
        <code>d_${weight.name}${at}</code> what all timesteps say about <code>${weight.name}${at}</code>
      </p>
      <output class="value" data-figure="number">${fine(gradient[index])}</output>
      <h2>What every timestep adds</h2>
      <div class="terms">
        <table class="parts">
          ${[...parts].map(
            (value, t) =>
              html`<tr>
                <td>
                  <button class="link" @click=${() => look(t)}>${stepping.description.labels[t]}</button>
                </td>
                <td>${bar(value, most)}</td>
                <td>${small(value)}</td>
              </tr>`,
          )}
        </table>
      </div>
    `;
  }

  /** @param {Stepping} stepping @param {Address} address @param {Explanation} explanation */
  #head(stepping, address, explanation) {
    const label =
      explanation.position.length > 0 ? `${address.name}[${explanation.position.join(", ")}]` : address.name;
    const color = hue(hues_of(stepping), address.name);
    const editable = parameter_role(stepping, address);
    return html`
      <p class="which">
        <code style=${color ? `color:var(${color})` : nothing}>${label}</code> ${described(stepping, address)}
      </p>
      ${
        editable && stepping.live
          ? html`<form class="value" @submit=${(/** @type {Event} */ event) => this.#change(event, address)}>
              <input
                type="text"
                inputmode="decimal"
                aria-label="${label}, change it"
                .value=${fine(explanation.value)}
                @change=${(/** @type {Event} */ event) => this.#change(event, address)}
              />
              <span
                >${editable === "weight" ? "a weight" : editable === "input" ? "an input" : "a state"}: type
                another number</span
              >
            </form>`
          : html`<output class="value" data-figure="number">${fine(explanation.value)}</output>`
      }
      ${this.wrong ? html`<p class="wrong" role="alert">${this.wrong}</p>` : nothing}
      ${this.#before(stepping, address, explanation.value)}
    `;
  }

  /** @param {Stepping} stepping @param {Address} address @param {number} value */
  #before(stepping, address, value) {
    if (stepping.outcome.edits.length === 0) return nothing;
    const before = stepping.values_before(address)?.[address.index];
    if (before === undefined) return nothing;
    const by = value - before;
    const said =
      by === 0
        ? "The change does not reach it."
        : `was ${fine(before)}, changed by ${by > 0 ? "+" : ""}${fine(by)}`;
    return html`<p class="before">${said}</p>`;
  }

  /** @param {Explanation} explanation */
  #formula(explanation) {
    if (explanation.operands.length === 0)
      return explanation.origin ? html`<p class="origin">${origin_words(explanation)}</p>` : nothing;
    const [left] = explanation.formula.split(" = ");
    const long = explanation.filled.length > 200;
    return html` <div class="formula">
      <code>${explanation.text.replace(/\s*#.*$/, "")}</code>
      <code
        >${left} = ${long ? nothing : html`<b>${pretty(explanation.filled)}</b> = `}<b
          >${fine(explanation.value)}</b
        ></code
      >
    </div>`;
  }

  /** @param {Explanation} explanation @param {Address} address */
  #parts({ terms, sum, sum_label }, address) {
    if (terms.length < 2) return nothing;
    const named = terms.slice(0, PARTS);
    const rest = terms.slice(PARTS).reduce((total, term) => total + term.value, 0);
    const most = Math.max(...named.map((term) => Math.abs(term.value)), Math.abs(rest)) || 1;
    return html` <h2>Largest parts of <code>${sum_label}</code> = ${fine(sum)}</h2>
      <table class="parts">
        ${named.map(
          (term) =>
            html`<tr>
              <td>
                ${
                  term.factors.length > 1
                    ? term.factors.map(
                        (factor, k) => html`${k > 0 ? " · " : ""}${this.#operand(factor, address)}`,
                      )
                    : term.factors.length === 1
                      ? this.#operand(term.factors[0], address)
                      : term.label
                }
                ${
                  term.factors.length > 1
                    ? html`<small>${term.factors.map((factor) => small(factor.value)).join(" × ")}</small>`
                    : nothing
                }
              </td>
              <td>${bar(term.value, most)}</td>
              <td>${small(term.value)}</td>
            </tr>`,
        )}
        ${
          terms.length > PARTS
            ? html`<tr>
                <td>${terms.length - PARTS} others</td>
                <td>${bar(rest, most)}</td>
                <td>${small(rest)}</td>
              </tr>`
            : nothing
        }
      </table>`;
  }

  /** @param {Explanation} explanation @param {Address} address */
  #trail(explanation, address) {
    if (explanation.operands.length === 0 && explanation.origin) {
      const targets = origin_targets(explanation.origin, address);
      return targets.length > 0
        ? html`<p class="trail">
            ${targets.map(
              ({ label, where }) =>
                html`<button class="chip" @click=${() => step.look_at(where)}>${label}</button>`,
            )}
          </p>`
        : nothing;
    }
    const shown = explanation.operands
      .filter((operand) => operand.origin.kind !== "written" && operand.origin.kind !== "part")
      .slice(0, 6);
    if (shown.length === 0 || (explanation.terms.length > 1 && explanation.operands.length > 6))
      return nothing;
    return html`<h2>Made from</h2>
      <p class="trail">${shown.map((operand) => this.#operand(operand, address, true))}</p>`;
  }

  /** @param {Operand} operand @param {Address} address @param {boolean} [chip] */
  #operand(operand, address, chip = false) {
    const where = address_of(operand, address);
    const text = chip ? html`${operand.label} <b>${fine(operand.value)}</b>` : operand.label;
    if (!where) return chip ? html`<span class="chip">${text}</span>` : text;
    return html`<button class=${chip ? "chip" : "link"} @click=${() => step.look_at(where)}>${text}</button>`;
  }

  /** @param {Event} event @param {Address} address */
  #change(event, address) {
    event.preventDefault();
    const form = /** @type {HTMLElement} */ (event.currentTarget).closest("form");
    const input = /** @type {HTMLInputElement} */ (form?.querySelector("input"));
    const value = Number(input.value.trim().replace("−", "-").replace(",", "."));
    const shown = step.explanation.value?.value;
    if (input.value === fine(shown ?? NaN)) return;
    this.wrong =
      input.value.trim() === "" || !Number.isFinite(value)
        ? "This must be a number, such as −0.5."
        : step.change_number(address, value);
  }

  /** @param {Stepping} stepping @param {Address} address */
  async #copy(stepping, address) {
    try {
      await navigator.clipboard.writeText(stepping.number_as_numpy(address) ?? "");
      this.said = "Copied";
    } catch {
      this.said = "The browser does not allow copying";
    }
    setTimeout(() => (this.said = ""), 2000);
  }
}

/** Two decimals where they say something. @param {number} value */
const small = (value) => (Math.abs(value) >= 0.01 ? decimal(value, 2) : fine(value));

/** @param {number} value @param {number} most */
function bar(value, most) {
  const width = Math.min(100, (100 * Math.abs(value)) / most);
  return html`<i class="bar ${value < 0 ? "negative" : "positive"}" style="width:${width.toFixed(1)}%"></i>`;
}

/** True minus signs in a formula. @param {string} text */
const pretty = (text) => text.replace(/-(?=[\d.])/g, "−");

customElements.define("unrolled-step-number", NumberView);
