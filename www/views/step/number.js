import { html, nothing } from "lit";
import { fine, too_large } from "../../state/shared/format.js";
import { back_to, crumbs, follow } from "../../state/step/crumbs.js";
import * as step from "../../state/step/step.js";
import { number_key } from "../../state/step/stepping.js";
import { CELL } from "../../state/step/walk.js";
import { View } from "../view.js";
import { hue, hues_of } from "./hues.js";
import { label_of } from "./words.js";
import { classes_of } from "./classes.js";
import {
  address_of,
  described,
  is_subtracted,
  multiplied,
  origin_targets,
  origin_words,
  parameter_role,
} from "./trail.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/stepping.js").Address} Address */
/** @typedef {import("../../state/step/stepping.js").Operand} Operand */
/** @typedef {import("../../state/step/stepping.js").Explanation} Explanation */

/** A formula with more letters is left out. */
const LONG = 200;

/** Letters of a sum that is named above its parts. */
const LONGEST_SUM = 48;

/** So many parts of a sum are named, as many as the engine does not add up. */
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
    /** What was on show when it was wrong: elsewhere, and after an edit or undo, the message is gone. */
    this.wrong_at = "";
  }

  /** @override */
  render() {
    const stepping = step.stepping.value;
    const address = step.address.value;
    const explanation = step.explanation.value;
    step.version.value;
    if (!stepping || !address) return nothing;
    if (step.is_total.value && explanation) return this.#summed(explanation);
    if (!explanation)
      return html`<div class="heading"><h2>Number</h2></div>
        <p class="hint">
          ${
            stepping.live
              ? "Click any number to see where it comes from."
              : "The engine is on its way; then every number can be asked."
          }
        </p>`;
    return html`
      <div class="heading">
        <h2>Number</h2>
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
      ${this.#crumbs(stepping)} ${this.#head(stepping, address, explanation)} ${classes_of(stepping, address)}
      ${this.#formula(explanation)} ${this.#trail(explanation, address)} ${this.#parts(explanation, address)}
      ${explanation.pieces ? html`<p class="pieces">${explanation.pieces}</p>` : nothing}
      <p class="actions">
        <button @click=${() => this.#copy(stepping, address)} ?disabled=${!stepping.live}>
          ${this.said || "Copy as numpy"}
        </button>
        ${explanation.terms.length > 1 ? html`<button @click=${open_sum}>Open the sum</button>` : nothing}
      </p>
    `;
  }

  /**
   * A gradient added up over time: what every timestep contributes.
   * @param {Explanation} total
   */
  #summed(total) {
    const most = Math.max(...total.terms.map((term) => Math.abs(term.value))) || 1;
    return html`
      <div class="heading"><h2>Number</h2></div>
      <p class="which"><code>${total.label}</code> the gradient of ${total.label.replace(/^d_/, "")}</p>
      <output class="value ${long(total.shown)}" data-figure="number">${total.shown}</output>
      ${total.pieces ? html`<p class="pieces">${total.pieces}</p>` : nothing}
      <h2>What every timestep adds</h2>
      <div class="terms" tabindex="0">
        <table class="parts in-line">
          ${total.terms.map((term) => {
            const where = address_of(term.factors[0], { ...total.address, part: CELL });
            return html`<tr>
              <td>
                ${
                  where
                    ? html`<button class="link" @click=${() => follow(where)}>${term.label}</button>`
                    : term.label
                }
              </td>
              <td>${bar(term.value, most)}</td>
              <td>${term.shown}</td>
            </tr>`;
          })}
        </table>
      </div>
    `;
  }

  /** The numbers from which one came here. @param {Stepping} stepping */
  #crumbs(stepping) {
    if (crumbs.value.length === 0) return nothing;
    return html`<nav class="crumbs" aria-label="The way here">
      ${crumbs.value.map(
        ({ label, timestep }, k) =>
          html`<button
              class="link"
              @click=${() => back_to(k)}
              title="Back to ${label} at ${label_of(stepping, timestep)}"
            >
              ${label}</button
            ><i aria-hidden="true">›</i>`,
      )}
    </nav>`;
  }

  /** @param {Stepping} stepping @param {Address} address @param {Explanation} explanation */
  #head(stepping, address, explanation) {
    const { label } = explanation;
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
          : html`<output class="value ${long(explanation.shown)}" data-figure="number"
              >${explanation.shown}</output
            >`
      }
      ${
        this.wrong && this.wrong_at === on_show(stepping, address)
          ? html`<p class="wrong" role="alert">${this.wrong}</p>`
          : nothing
      }
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
        ? "Not affected by your edit."
        : `was ${fine(before)}, changed by ${by > 0 ? "+" : ""}${fine(by)}`;
    return html`<p class="before">${said}</p>`;
  }

  /** @param {Explanation} explanation */
  #formula(explanation) {
    if (explanation.operands.length === 0) {
      const words = origin_words(explanation);
      return words ? html`<p class="origin">${words}</p>` : nothing;
    }
    const [left] = explanation.formula.split(" = ");
    const filled = filled_in(explanation);
    const same = filled === left || filled.length > LONG;
    return html` <div class="formula">
      <code>${explanation.text.replace(/\s*#.*$/, "")}</code>
      <code>${left} = ${same ? nothing : html`<b>${filled}</b> = `}<b>${explanation.shown}</b></code>
    </div>`;
  }

  /** @param {Explanation} explanation @param {Address} address */
  #parts({ terms, rest, sum_label, sum_shown }, address) {
    if (terms.length < 2) return nothing;
    const named = terms.slice(0, PARTS);
    const others = Number(rest.replaceAll("−", "-"));
    const most = Math.max(...named.map((term) => Math.abs(term.value)), Math.abs(others)) || 1;
    const of = sum_label.length > LONGEST_SUM ? "the sum" : html`<code>${sum_label}</code>`;
    return html` <h2>Largest parts of ${of} = ${sum_shown}</h2>
      <table class="parts">
        ${named.map(
          (term) =>
            html`<tr>
              <td>
                ${term.factors.length > 0 && is_subtracted(term) ? "−" : ""}${
                  term.factors.length > 1
                    ? term.factors.map(
                        (factor, k) => html`${k > 0 ? " · " : ""}${this.#operand(factor, address)}`,
                      )
                    : term.factors.length === 1
                      ? this.#operand(term.factors[0], address)
                      : term.label
                }
                ${term.factors.length > 1 ? html`<small>${multiplied(term)}</small>` : nothing}
              </td>
              <td>${term.shown}${bar(term.value, most)}</td>
            </tr>`,
        )}
        ${
          rest
            ? html`<tr>
                <td>${terms.length - PARTS} others</td>
                <td>${rest}${bar(others, most)}</td>
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
                html`<button class="chip" @click=${() => follow(where)}>${label}</button>`,
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
    if (chip && operand.origin.kind === "products")
      return html`<button class="chip" @click=${open_sum} title="Its products, one by one">
        ${operand.label} <b>${operand.shown}</b>
      </button>`;
    const text = chip ? html`${operand.label} <b>${operand.shown}</b>` : operand.label;
    if (!where) return chip ? html`<span class="chip">${text}</span>` : text;
    return html`<button class=${chip ? "chip" : "link"} @click=${() => follow(where)}>${text}</button>`;
  }

  /** @param {Event} event @param {Address} address */
  #change(event, address) {
    event.preventDefault();
    const form = /** @type {HTMLElement} */ (event.currentTarget).closest("form");
    const input = /** @type {HTMLInputElement} */ (form?.querySelector("input"));
    const value = Number(input.value.trim().replace("−", "-").replace(",", "."));
    const shown = step.explanation.value?.value;
    if (input.value === fine(shown ?? NaN)) return;
    const stepping = step.stepping.value;
    const wrong =
      input.value.trim() === "" || Number.isNaN(value)
        ? "This must be a number, such as −0.5."
        : too_large(value) || step.change_number(address, value);
    this.wrong = wrong;
    this.wrong_at = stepping ? on_show(stepping, address) : "";
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

/** @param {Stepping} stepping @param {Address} address */
function on_show(stepping, address) {
  return `${number_key(address)} ${stepping.outcome.edits.length}`;
}

/** Shows the terms of the sum, in place of the picture. */
function open_sum() {
  step.level.value = 2;
  step.panel.value = "cell";
}

/** A number of many digits is written smaller. @param {string} shown */
const long = (shown) => (shown.length > 8 ? "long" : "");

/** @param {number} value @param {number} most */
function bar(value, most) {
  const width = Math.min(100, (100 * Math.abs(value)) / most);
  return html`<i class="bar ${value < 0 ? "negative" : "positive"}" style="width:${width.toFixed(1)}%"></i>`;
}

/**
 * The formula with its numbers. Where that would be the result once more, the one product that makes it, or the names
 * that it is made from.
 * @param {Explanation} explanation
 */
function filled_in({ filled, formula, shown, terms }) {
  const text = pretty(filled);
  if (text !== shown) return text;
  if (terms.length === 1 && terms[0].factors.length > 1) return multiplied(terms[0]);
  return formula.slice(formula.indexOf(" = ") + 3);
}

/** True minus signs in a formula. @param {string} text */
const pretty = (text) => text.replace(/-(?=[\d.])/g, "−");

customElements.define("unrolled-step-number", NumberView);
