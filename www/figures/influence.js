import { effect, signal } from "@preact/signals-core";
import { html, nothing, svg } from "lit";
import { mark_word, word_labels, write_text } from "./word_labels.js";
import { decade_plotter } from "../engine/plots.js";
import { decimal, percent } from "../state/shared/format.js";
import { choose_place, figure_key, hover, leave } from "../state/train/pointer.js";
import * as store from "../state/shared/store.js";
import { measured, timestep_called } from "../state/watch/shown.js";
import { TABLE_SIGN, show_table } from "../views/table.js";
import { MeasuredView } from "../views/measured.js";

/** Height of the drawing in its own units; widths are counted in words. */
const HEIGHT = 64;

/** Shorter bars could not be pointed at. */
const LEAST = 1;

/** The least distance between two labels of the axis, in the drawing's units. */
const LABEL_ROOM = 15;

/** @typedef {import("../types/engine.js").Decades} Decades */

/** The engine's functions for the axis, once the page has its instance. */
const plotter = signal(/** @type {Awaited<ReturnType<typeof decade_plotter>> | null} */ (null));

/** How strongly the prediction at the end depends on the hidden state after each word, on a scale of powers of ten. */
class Influence extends MeasuredView {
  /** @type {(() => void) | null} */
  #stop = null;
  /** The bar that is marked. @type {Element | null} */
  #marked = null;

  /** @override */
  disconnectedCallback() {
    this.#stop?.();
    super.disconnectedCallback();
  }

  /** @override */
  updated() {
    this.#mark(store.cursor.peek()?.t);
  }

  /** Where the cursor is: nothing else changes when it moves. @param {number | undefined} here */
  #mark(here) {
    const norms = store.shown_layer.peek()?.gradient_norms;
    const value = this.querySelector("figcaption .value");
    if (!norms || !value) return;
    const bar = here === undefined ? null : (this.querySelectorAll("rect")[here] ?? null);
    if (bar !== this.#marked) {
      this.#marked?.classList.remove("here");
      bar?.classList.add("here");
      this.#marked = bar;
    }
    write_text(value, here === undefined || here >= norms.length ? "" : scientific(norms[here]));
    mark_word(
      this,
      store.kept_words.peek().map(({ text }) => text),
      here,
    );
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#stop = effect(() => this.#mark(store.cursor.value?.t));
    decade_plotter().then(
      (found) => (plotter.value = found),
      () => null, // What is wrong with the engine is said where it is loaded.
    );
  }

  /** @override */
  render() {
    const layer = store.shown_layer.value;
    const norms = layer?.gradient_norms;
    const words = store.kept_words.value;
    if (!norms || norms.length !== words.length) return nothing;
    // The way back leads from the timestep that was computed last to the first one.
    const computed = layer.goes_backwards ? norms.slice().reverse() : norms;
    const decades = plotter.value?.gradient_decades(computed) ?? null;
    const heights = plotter.value?.gradient_heights(norms) ?? new Float32Array();
    const texts = words.map((word) => word.text);
    const called = timestep_called.value;
    const read = layer.goes_backwards ? [...texts].reverse() : texts;
    return html`
      <figure>
        <figcaption>
          <b>‖∂ ${measured.value.symbol}/∂h‖</b>
          <span
            >how much ${measured.value.text} ${measured.value.depends} on the state after each
            ${timestep_called.value}</span
          >
          <b class="value"></b>
          <button
            class="quiet"
            @click=${() => this.#table(norms)}
            aria-label="Influence of every ${called} as a table"
            title="Table"
          >
            ${TABLE_SIGN}
          </button>
        </figcaption>
        <div class="with-axis">
          ${this.#axis(decades)}
          <div>
            ${word_labels(texts, Math.max(0, this.width - AXIS))}
            <svg
              viewBox="0 0 ${words.length} ${HEIGHT}"
              preserveAspectRatio="none"
              role="img"
              tabindex="0"
              @keydown=${figure_key}
              @pointermove=${(/** @type {PointerEvent} */ event) => hover({ t: this.#word_at(event) })}
              @pointerleave=${leave}
              @click=${(/** @type {MouseEvent} */ event) => choose_place({ t: this.#word_at(event) })}
              aria-label="Length of the gradient at the state after each ${called}, on a logarithmic scale. ${
                decades ? in_words(decades, read) : ""
              }"
            >
              ${decades ? this.#lines(decades, words.length) : nothing}
              ${[...heights].map((height, t) => {
                const tall = Math.max(LEAST, HEIGHT * height);
                return svg`<rect x=${t + 0.06} width="0.88"
                  y=${HEIGHT - tall} height=${tall}></rect>`;
              })}
            </svg>
          </div>
        </div>
        <p class="caption">${decades ? in_words(decades, read) : nothing}</p>
      </figure>
    `;
  }

  /** Powers of ten at the left. @param {Decades | null} decades */
  #axis(decades) {
    if (!decades) return html`<div class="axis" aria-hidden="true"></div>`;
    return html`<div class="axis" style="height:${HEIGHT}px" aria-hidden="true">
      ${powers(decades).map(
        (power) => html`<span style="top:${100 * (1 - share(decades, power))}%">10<sup>${power}</sup></span>`,
      )}
    </div>`;
  }

  /** A hairline at each labelled power. @param {Decades} decades @param {number} width */
  #lines(decades, width) {
    return powers(decades).map((power) => {
      const y = HEIGHT * (1 - share(decades, power));
      return svg`<line x1="0" x2=${width} y1=${y} y2=${y}></line>`;
    });
  }

  /** @param {PointerEvent | MouseEvent} event */
  #word_at(event) {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const count = store.kept_words.value.length;
    return Math.max(0, Math.min(count - 1, Math.floor(((event.clientX - box.left) / box.width) * count)));
  }

  /** @param {Float32Array} norms */
  #table(norms) {
    show_table({
      title: `Influence of the state after each ${timestep_called.value}`,
      note: `Length of the gradient of ${measured.value.text} with respect to the hidden state.`,
      head: [timestep_called.value, "norm"],
      rows: store.kept_words.value.map((word, t) => [word.text, scientific(norms[t])]),
    });
  }
}

/** Width of the axis, as in figures.css. */
const AXIS = 40;

/** The powers of ten that are labelled. @param {Decades} decades @returns {number[]} */
function powers({ lowest, highest }) {
  const count = highest - lowest;
  const every = Math.max(1, Math.ceil((count * LABEL_ROOM) / HEIGHT));
  return Array.from({ length: Math.floor(count / every) + 1 }, (_, k) => highest - k * every);
}

/** @param {Decades} decades @param {number} power @returns {number} 0 at the lower end of the axis, 1 at the upper */
function share({ lowest, highest }, power) {
  return (power - lowest) / (highest - lowest);
}

/** What happens to the gradient on its way back. @param {Decades} decades @param {string[]} words */
function in_words({ per_timestep, left, vanished_at, exploded_at }, words) {
  const called = timestep_called.value;
  if (words.length < 2) return `A single ${called}: there is no way back.`;
  const last = words.length - 1;
  const at = (/** @type {number} */ t) =>
    `${last - t} ${called}${last - t === 1 ? "" : "s"} back, at “${words[t]}”`;
  const pace =
    per_timestep === null
      ? `No gradient reaches the first ${called}.`
      : `Going back, ×${decimal(per_timestep, 2)} per ${called} (geometric mean): ` +
        `${left_in_words(left ?? 0)} at “${words[0]}”.`;
  const verdicts = [
    exploded_at !== null && `It explodes: more than 10 times as large ${at(exploded_at)}.`,
    vanished_at !== null && `It vanishes: less than 1/1000 is left ${at(vanished_at)}.`,
  ].filter(Boolean);
  return [pace, ...verdicts].join(" ");
}

/** @param {number} left */
function left_in_words(left) {
  if (left >= 1.5) return `${decimal(left, left < 10 ? 1 : 0)} times as much`;
  return left >= 0.001 ? `${percent(left, left < 0.1 ? 1 : 0)} is left` : `${scientific(left)} of it is left`;
}

/** @param {number} value these span many powers of ten */
function scientific(value) {
  if (!Number.isFinite(value)) return "–";
  return value.toPrecision(3).replaceAll("-", "−");
}

customElements.define("unrolled-influence", Influence);
