import { html, nothing, svg } from "lit";
import { count, decimal, fine, visible } from "../../../state/shared/format.js";
import * as laboratory from "../../../state/write/laboratory.js";
import { View } from "../../view.js";

/** @typedef {import("../../../types/extra.js").ChoiceRow} ChoiceRow */
/** @typedef {import("../../../types/extra.js").ChoiceTable} ChoiceTable */

/** The slider's steps in each tenfold of the temperature. */
const STEPS = 50;

/** The strip is drawn this wide; it is stretched to the page. */
const STRIP = 1000;

/** Parts narrower than this have no label. */
const LABELLED = 0.03;

/** The numbers of one choice, from the logits to the token on which the random number falls. */
class Choice extends View {
  /** @override */
  render() {
    const table = laboratory.table.value;
    if (!table) return nothing;
    return html`
      <h3>The choice of the next ${laboratory.unit.value}</h3>
      ${rule()} ${said(table)} ${strip(table)} ${stages(table)}
    `;
  }
}

/** @param {Event} event */
const number_of = (event) => Number(/** @type {HTMLInputElement} */ (event.target).value);

/** How it is chosen. */
function rule() {
  const { temperature, greedy, top_k, top_p } = laboratory.rule.value;
  const { minimum, maximum } = laboratory.LIMITS.temperature;
  const set_temperature = (/** @type {number} */ given) => {
    const inside = Math.min(maximum, Math.max(minimum, given));
    if (Number.isFinite(inside)) void laboratory.set_rule({ temperature: Number(inside.toPrecision(3)) });
  };
  /** Empty fields keep everything. @param {Event} event @param {"top_k" | "top_p"} name @param {number} most */
  const set_top = (event, name, most) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const given = Number(input.value);
    const is_some = input.value.trim() !== "" && given > 0;
    const taken = name === "top_k" ? Math.round(given) : given;
    const value = is_some ? Math.min(most, Math.max(name === "top_k" ? 1 : 0.01, taken)) : null;
    input.value = value === null ? "" : String(value);
    void laboratory.set_rule({ [name]: value });
  };
  return html`<div class="laboratory-bar rule">
    <label class="temperature">
      <span>Temperature</span>
      <input
        type="range"
        aria-label="Temperature, from ${minimum} to ${maximum}"
        aria-valuetext=${String(temperature)}
        min=${Math.round(Math.log10(minimum) * STEPS)}
        max=${Math.round(Math.log10(maximum) * STEPS)}
        step="1"
        .value=${String(Math.round(Math.log10(temperature) * STEPS))}
        @input=${(/** @type {Event} */ event) => set_temperature(10 ** (number_of(event) / STEPS))}
      />
      <input
        type="number"
        name="laboratory-temperature"
        aria-label="Temperature"
        min=${minimum}
        max=${maximum}
        step="any"
        .value=${String(temperature)}
        @change=${(/** @type {Event} */ event) => set_temperature(number_of(event))}
      />
    </label>
    <label>
      <span>Choose</span>
      <select
        name="laboratory-choose"
        @change=${(/** @type {Event} */ event) =>
          laboratory.set_rule({ greedy: /** @type {HTMLSelectElement} */ (event.target).value === "greedy" })}
      >
        <option value="draw" .selected=${!greedy}>by the random number</option>
        <option value="greedy" .selected=${greedy}>the likeliest (greedy)</option>
      </select>
    </label>
    <label>
      <span>Top k</span>
      <input
        type="number"
        name="laboratory-top-k"
        min="1"
        step="1"
        placeholder="all"
        title="Keep only so many of the likeliest; empty: all"
        .value=${top_k === null ? "" : String(top_k)}
        @change=${(/** @type {Event} */ event) => set_top(event, "top_k", 1_000_000)}
      />
    </label>
    <label>
      <span>Top p</span>
      <input
        type="number"
        name="laboratory-top-p"
        min="0.01"
        max="1"
        step="0.05"
        placeholder="1"
        title="Keep only the fewest of the likeliest whose probabilities reach this sum; empty: all"
        .value=${top_p === null ? "" : String(top_p)}
        @change=${(/** @type {Event} */ event) => set_top(event, "top_p", 1)}
      />
    </label>
  </div>`;
}

/** @param {ChoiceTable} table */
function said(table) {
  const { number, text, entropy_bits, perplexity, model_entropy_bits, model_perplexity, kept } = table;
  const own = laboratory.own_number.value !== null;
  const { greedy, temperature, top_k, top_p } = laboratory.rule.value;
  const is_own = !greedy && temperature === 1 && top_k === null && top_p === null;
  const how = greedy
    ? html`The likeliest is <b>${visible(text)}</b>, whatever the random number is.`
    : html`The random number ${own ? "that you set" : "of this place"}, ${decimal(number, 6)}, falls on
        <b>${visible(text)}</b>.`;
  return html`<p class="laboratory-said">
    ${how} The entropy of what it is drawn from is <b>${decimal(entropy_bits, 3)} bits</b>, a perplexity of
    <b>${decimal(perplexity, 2)}</b>: as uncertain as ${decimal(perplexity, 2)} equally likely
    ${laboratory.unit.value}s.
    ${kept === 1 ? "Only one is kept. " : ""}${
      is_own
        ? html`These are the model’s own probabilities: temperature 1, all ${laboratory.unit.value}s kept.`
        : html`The model’s own probabilities, at temperature 1 with all ${laboratory.unit.value}s kept, have
          ${decimal(model_entropy_bits, 3)} bits, a perplexity of ${decimal(model_perplexity, 2)}.`
    }
  </p>`;
}

/** The probabilities one after the other from 0 to 1, and the random number among them. @param {ChoiceTable} table */
function strip(table) {
  const { rows, number, chosen, text } = table;
  const x = (/** @type {number} */ share) => (share * STRIP).toFixed(2);
  const parts = rows.filter((row) => row.to > row.from);
  const alone = parts.filter(({ count }) => count === 1);
  const look = (/** @type {ChoiceRow} */ row) => {
    if (row.count > 1) return "others";
    if (row.token === chosen) return "taken";
    return alone.indexOf(row) % 2 === 0 ? "even" : "odd";
  };
  const { greedy } = laboratory.rule.value;
  return html`<figure class="strip">
    <svg
      viewBox="0 0 ${STRIP} 64"
      preserveAspectRatio="none"
      role="img"
      aria-label="Probabilities added up from 0 to 1; the random number ${decimal(number, 4)} ${
        greedy ? "is not used" : `falls on ${visible(text)}`
      }"
    >
      ${parts.map(
        (row) =>
          svg`<rect x=${x(row.from)} y="16" width=${x(row.to - row.from)} height="32" class=${look(row)} />`,
      )}
      ${greedy ? nothing : svg`<path class="pin" d="M${x(number)} 4V60" />`}
    </svg>
    <div class="strip-labels" aria-hidden="true">
      ${parts
        .filter((row) => row.to - row.from >= LABELLED)
        .map(
          (row) =>
            html`<span style="left:${(50 * (row.from + row.to)).toFixed(2)}%"
              >${row.count === 1 ? visible(row.text) : "…"}</span
            >`,
        )}
    </div>
    <label class="strip-number">
      <span>Random number</span>
      <input
        type="range"
        name="laboratory-number"
        min="0"
        max="0.9999"
        step="0.0001"
        ?disabled=${greedy}
        .value=${String(number)}
        aria-valuetext="${decimal(number, 4)}, falls on ${visible(text)}"
        @input=${(/** @type {Event} */ event) => laboratory.set_number(number_of(event))}
      />
      <button
        type="button"
        ?disabled=${laboratory.own_number.value === null}
        @click=${() => laboratory.set_number(null)}
      >
        That of this place
      </button>
    </label>
    <figcaption class="caption">
      The probabilities one after the other, in the order of the table: each is as wide as it is likely. The
      first whose end lies above the random number is taken.
    </figcaption>
  </figure>`;
}

/** Every stage as a table with bars. @param {ChoiceTable} table */
function stages(table) {
  const { rows, chosen, naive_sum, sum, largest } = table;
  const { temperature, top_k, top_p } = laboratory.rule.value;
  const logits = laboratory.begun.value?.gives_logits ? "logit z" : "z = ln p";
  const able = !laboratory.busy.value;
  const unit = laboratory.unit.value;
  const cuts = top_k !== null || top_p !== null;
  const bars = bars_of(rows);
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Every stage of the choice">
      <table class="stages">
        <thead>
          <tr>
            <th scope="col">${unit}</th>
            <th scope="col">${logits}</th>
            <th scope="col">z / ${temperature}</th>
            <th scope="col">e to that</th>
            <th scope="col">÷ ${short(naive_sum)}</th>
            <th scope="col">z / ${temperature} − ${fine(largest)}</th>
            <th scope="col">e to that</th>
            <th scope="col">${cuts ? "÷ sum of the kept" : `÷ ${fine(sum)}`}</th>
            <th scope="col">added up</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => {
            const one = row.count === 1;
            const is_chosen = one && row.token === chosen;
            return html`<tr class=${is_chosen ? "taken" : row.kept === 0 ? "left-out" : ""}>
              <th scope="row">
                ${
                  one
                    ? html`<button
                        class="take"
                        ?disabled=${!able}
                        title="Go on with this ${unit}: the text branches here"
                        @click=${() => laboratory.take(row.token)}
                      >
                        ${visible(row.text)}
                      </button>`
                    : html`<i>${count(row.count)} ${row.count === 1 ? "other" : "others"}</i>`
                }
              </th>
              ${cell(row.logit, bars.logit)} ${cell(row.scaled, bars.scaled)} ${cell(row.naive, bars.naive)}
              ${cell(row.naive_probability, (p) => p)} ${cell(row.shifted, bars.shifted)}
              ${cell(row.weight, bars.weight)} ${cell(row.probability, (p) => p)}
              <td>${fine(row.from)} – ${fine(row.to)}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
    <p class="caption">${overflow(table)} A ${unit} that is clicked is taken: the text branches there.</p>
  `;
}

/** How long the bar of a number is, from 0 to 1. @typedef {(value: number) => number} Bar */

/** Bars of what has no fixed range: from the smallest to the largest of the column. @param {ChoiceRow[]} rows */
function bars_of(rows) {
  const of = (/** @type {(row: ChoiceRow) => number | null} */ value) => {
    const all = rows.map(value).filter((x) => x !== null && Number.isFinite(x));
    const numbers = /** @type {number[]} */ (all);
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    return (/** @type {number} */ x) => (high > low ? (x - low) / (high - low) : 0);
  };
  const most = Math.max(...rows.map(({ naive }) => naive).filter(Number.isFinite), 0);
  const heaviest = Math.max(...rows.map(({ weight }) => weight));
  return {
    logit: of(({ logit }) => logit),
    scaled: of(({ scaled }) => scaled),
    shifted: of(({ shifted }) => shifted),
    weight: (/** @type {number} */ e) => e / heaviest,
    naive: (/** @type {number} */ e) => (most > 0 ? e / most : 0),
  };
}

/** @param {number | null} value @param {Bar} bar */
function cell(value, bar) {
  if (value === null) return html`<td></td>`;
  const length = Number.isFinite(value) ? Math.min(1, Math.max(0, bar(value))) : 0;
  return html`<td class=${Number.isFinite(value) ? "" : "overflow"} style="--bar:${length.toFixed(3)}">
    ${short(value)}
  </td>`;
}

/** @param {number} value */
function short(value) {
  return Math.abs(value) >= 1e5 && Number.isFinite(value)
    ? value.toExponential(1).replace("e+", "e")
    : fine(value);
}

/** @param {ChoiceTable} table */
function overflow({ naive_sum, largest }) {
  const [infinite, zero, plain] = [
    [
      `The largest z / T is ${fine(largest)}. Single precision ends at 3.4·10³⁸, which is e to the power of 88.7:`,
      "in the fourth column a number or the sum is ∞, and dividing by ∞ gives 0 or no number at all. With the",
      "largest taken off first no power is above 1, and the quotients are right.",
    ],
    [
      "Every z / T is so small that its power of e is 0 in single precision: 0 / 0 is no number. With the largest",
      "taken off first one power is 1, and the quotients are right.",
    ],
    [
      "Nothing overflows here: taking the largest off first changes the powers, not their quotients. At a low",
      "temperature it matters: e to the power of 89 is ∞ in single precision.",
    ],
  ];
  const sentences = naive_sum === Infinity ? infinite : naive_sum === 0 ? zero : plain;
  return sentences.join(" ");
}

customElements.define("unrolled-laboratory-choice", Choice);
