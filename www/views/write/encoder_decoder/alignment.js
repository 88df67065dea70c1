import { html, nothing } from "lit";
import { decimal, percent, visible } from "../../../state/shared/format.js";
import * as run from "../../../state/write/encoder_decoder.js";
import { say } from "../../say.js";
import { TABLE_SIGN, show_table } from "../../table.js";
import { View } from "../../view.js";
import { END } from "./answers.js";

/** @typedef {import("../../../types/extra.js").Answer} Answer */

/** Where the decoder looked while it wrote: a row for each character of the answer, a column for each of the source. */
class Alignment extends View {
  /** @override */
  static properties = { column: { state: true } };

  constructor() {
    super();
    /** The character of the source that is read out. */
    this.column = 0;
  }

  /** @override */
  render() {
    const answer = run.answer.value;
    if (!answer) return nothing;
    const row = Math.min(run.row.value, answer.written.length - 1);
    return html`
      <h3>
        Where it looked
        ${
          answer.attention.length === 0
            ? nothing
            : html`<button
                class="quiet"
                aria-label="Attention weights as a table"
                title="Table"
                @click=${() => show_table(table_of(answer))}
              >
                ${TABLE_SIGN}
              </button>`
        }
      </h3>
      ${answer.attention.length === 0 ? this.#without(answer, row) : this.#grid(answer, row)}
      <div class="buttons">
        <button @click=${run.step_into}>Step through this answer</button>
        <span class="caption"
          >${
            answer.attention.length === 0
              ? "The decoder’s cell, line by line, with these weights and the state that it was handed."
              : "The decoder’s lines one by one, with these weights, up to the character that is chosen here."
          }</span
        >
      </div>
    `;
  }

  /** @param {Answer} answer @param {number} row */
  #without(answer, row) {
    return html`
      <p class="caption">
        Without attention the decoder looks nowhere: all that it knows of the source is the encoder’s last
        state, from which it starts. There is no alignment to draw; choose multiplicative or additive
        attention to see one.
      </p>
      <p class="alignment-rows" role="group" aria-label="The character up to which one can step">
        ${answer.written.map(
          ({ text }, k) =>
            html`<button aria-pressed=${k === row} @click=${() => (run.row.value = k)}>
              ${called(text)}
            </button>`,
        )}
      </p>
    `;
  }

  /** @param {Answer} answer @param {number} row */
  #grid(answer, row) {
    const source = [...answer.source];
    const column = Math.min(this.column, source.length - 1);
    return html`
      <div
        class="alignment"
        role="application"
        aria-roledescription="heatmap"
        tabindex="0"
        aria-label="Attention weights, ${answer.written.length} characters written by ${source.length} read; arrow
          keys choose one of each"
        @keydown=${this.#key}
      >
        <table aria-hidden="true">
          <thead>
            <tr>
              <td></td>
              ${source.map((text, k) => html`<th class=${k === column ? "here" : ""}>${visible(text)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${answer.written.map(
              ({ text, is_right }, t) => html`
                <tr>
                  <th class="${t === row ? "here" : ""} ${is_right === false ? "wrong" : ""}">
                    ${called(text)}
                  </th>
                  ${source.map((_, k) => this.#cell(answer, t, k, t === row && k === column))}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
      <p class="caption alignment-reading">${spoken(answer, row, column)}</p>
      <p class="caption">
        Before each character the decoder gives every position of the source an <b>attention weight</b>, from
        0, no colour, to 1, the full colour; those of a row sum to 1. With them it adds up the encoder’s
        states.
      </p>
    `;
  }

  /** @param {Answer} answer @param {number} t @param {number} k @param {boolean} here */
  #cell(answer, t, k, here) {
    const weight = weight_of(answer, t, k);
    return html`<td
      class=${here ? "here" : ""}
      style="--weight:${(100 * weight).toFixed(1)}%"
      title=${decimal(weight)}
      @pointerenter=${() => this.#choose(t, k)}
      @click=${() => this.#choose(t, k)}
    ></td>`;
  }

  /** @param {number} t @param {number} k */
  #choose(t, k) {
    run.row.value = t;
    this.column = k;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const answer = run.answer.value;
    if (!answer || event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const bound = (/** @type {number} */ at, /** @type {number} */ length) =>
      Math.max(0, Math.min(length - 1, at));
    const t = bound(Math.min(run.row.value, answer.written.length - 1) + move[0], answer.written.length);
    const k = bound(Math.min(this.column, answer.source.length - 1) + move[1], answer.source.length);
    this.#choose(t, k);
    say(spoken(answer, t, k));
  }
}

/** @param {Answer} answer @param {number} t @param {number} k */
const weight_of = ({ attention, source }, t, k) => attention[t * source.length + k];

/** @param {string} text */
const called = (text) => (text === "" ? END : visible(text));

/** @param {Answer} answer @param {number} t @param {number} k */
function spoken(answer, t, k) {
  const weight = weight_of(answer, t, k);
  const wrote =
    answer.written[t].text === "" ? "the mark of the end" : `“${visible(answer.written[t].text)}”`;
  const read = `“${visible(answer.source[k])}”, character ${k + 1} of the source`;
  return `Writing ${wrote}, character ${t + 1}: weight ${decimal(weight)} on ${read}.`;
}

/** @param {Answer} answer */
function table_of(answer) {
  const source = [...answer.source];
  return {
    title: `Attention weights for “${answer.source}”`,
    note: "One row for each character that was written, one column for each of the source; each row sums to 1.",
    head: ["written", "probability", ...source.map(visible)],
    rows: answer.written.map(({ text, probability }, t) => [
      called(text),
      percent(probability, 1),
      ...source.map((_, k) => decimal(weight_of(answer, t, k))),
    ]),
  };
}

customElements.define("unrolled-alignment", Alignment);
