/**
 * Numbers along a sequence or along training on an even scale: one line for each of several things that are compared.
 */
import { html, nothing, svg } from "lit";
import { words_along, words_below } from "./svg_words.js";
import { count, decimal } from "../state/shared/format.js";
import { choose_place, figure_key, hover, leave } from "../state/train/pointer.js";
import * as store from "../state/shared/store.js";
import { figure_tools } from "../views/watch/tools.js";
import { MeasuredView } from "../views/measured.js";

/** @typedef {import("./log_lines.js").Line} Line */

/**
 * @typedef {object} ValueChart
 * @property {string} file name in files
 * @property {string} title
 * @property {string} about what to look for, in one sentence
 * @property {string} note of the table
 * @property {string} across what one place along the axis is: “word”, “update”
 * @property {string[]} words one for each place
 * @property {number[]} [steps] where the places stand, if not at even distances; there is no shared cursor then
 * @property {number} [floor] the axis reaches down to it at least
 * @property {Line[]} lines
 * @property {{ name: string, values: Float32Array | number[] }[]} [also] further columns of the table
 */

const AXIS = 56;
const RIGHT = 8;
const TOP = 10;
const HEIGHT = 150;

/** Room of a number below the axis. */
const LABEL_ROOM = 72;

class ValueLines extends MeasuredView {
  /** @override */
  static properties = { chart: { attribute: false }, place: { state: true } };

  constructor() {
    super();
    /** @type {ValueChart | null} */
    this.chart = null;
    /** The place that is read along training. @type {number | null} */
    this.place = null;
  }

  /** @param {ValueChart} chart */
  #here({ steps, words }) {
    const here = steps ? this.place : store.cursor.value?.t;
    return here === undefined || here === null || here >= words.length ? undefined : here;
  }

  /** @override */
  render() {
    const { chart } = this;
    if (!chart || this.width === 0) return nothing;
    const { words, lines, title, steps } = chart;
    const here = this.#here(chart);
    const inner = Math.max(40, this.width - AXIS - RIGHT);
    const below = steps ? 22 : words_along(words, inner).height + 6;
    const { low, high } = range_of(chart);
    const y = (/** @type {number} */ value) => TOP + (HEIGHT * (high - value)) / (high - low);
    const x = x_of(chart, inner);
    const column = steps ? 2 : inner / words.length;
    return html`<figure class="value-lines">
      <figcaption><b>${title}</b>${figure_tools(taken(chart))}</figcaption>
      ${lines.length > 1 ? html`<p class="keys">${lines.map((line) => key(line, here))}</p>` : nothing}
      <svg
        class="drawing"
        viewBox="0 0 ${this.width} ${TOP + HEIGHT + below}"
        height=${TOP + HEIGHT + below}
        role="img"
        tabindex="0"
        aria-label="${title}; arrow keys read single positions. ${reading(chart, here)}"
        @keydown=${this.#key}
        @pointermove=${(/** @type {PointerEvent} */ event) => this.#point(event, x)}
        @pointerleave=${() => (steps ? (this.place = null) : leave())}
        @click=${(/** @type {MouseEvent} */ event) => this.#point(event, x, true)}
      >
        ${marks_of(low, high).map(
          (value) =>
            svg`<line class="grid" x1=${AXIS} x2=${AXIS + inner} y1=${y(value)} y2=${y(value)}></line>
            <text x=${AXIS - 6} y=${y(value) + 4} text-anchor="end">${short(value)}</text>`,
        )}
        ${
          here === undefined
            ? nothing
            : svg`<rect data-pointer class="here" x=${x(here) - column / 2} y=${TOP}
              width=${column} height=${HEIGHT}></rect>`
        }
        ${lines.map((line) => drawn(line, x, y))}
        ${
          steps
            ? step_labels(steps, inner).map(
                (step) =>
                  svg`<text x=${x(steps.indexOf(step))} y=${TOP + HEIGHT + 16} text-anchor=${anchor(step, steps)}
                    >${count(step)}</text>`,
              )
            : words_below(words, { x: AXIS, y: TOP + HEIGHT + 2, width: inner }, here)
        }
      </svg>
      <p class="caption">${chart.about} <span class="read">${reading(chart, here)}</span></p>
    </figure>`;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = (this.chart?.words.length ?? 1) - 1;
    if (!this.chart?.steps) return figure_key(event);
    const now = this.place ?? last + 1;
    /** @type {Record<string, number>} */
    const moves = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last };
    if (!(event.key in moves) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.place = Math.max(0, Math.min(last, moves[event.key]));
  }

  /** @param {PointerEvent | MouseEvent} event @param {(k: number) => number} x @param {boolean} [chosen] */
  #point(event, x, chosen = false) {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const at = event.clientX - box.left;
    const { words = [], steps } = this.chart ?? {};
    let nearest = 0;
    for (let k = 1; k < words.length; k++) if (Math.abs(x(k) - at) < Math.abs(x(nearest) - at)) nearest = k;
    if (steps) this.place = nearest;
    else if (chosen) choose_place({ t: nearest });
    else hover({ t: nearest });
  }
}

/** Where the places stand, in pixels. @param {ValueChart} chart @param {number} inner */
function x_of({ words, steps }, inner) {
  if (!steps) return (/** @type {number} */ t) => AXIS + ((t + 0.5) * inner) / words.length;
  const first = steps[0] ?? 0;
  const span = Math.max(1, (steps[steps.length - 1] ?? 0) - first);
  return (/** @type {number} */ k) => AXIS + ((steps[k] - first) * inner) / span;
}

/** The ends of the axis. @param {ValueChart} chart */
function range_of({ lines, floor }) {
  let [low, high] = [floor ?? Infinity, floor ?? -Infinity];
  for (const { values } of lines)
    for (const value of values)
      if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (low > high) return { low: 0, high: 1 };
  if (low < high) return { low, high };
  const room = Math.abs(low) / 10 || 1;
  return { low: low - room, high: high + room };
}

/** The numbers at the axis: the ends, and zero where it has room. @param {number} low @param {number} high */
function marks_of(low, high) {
  const room = 0.1 * (high - low);
  return low < -room && high > room ? [low, 0, high] : [low, high];
}

/** A number that has room beside the axis. @param {number} value */
function short(value) {
  const size = Math.abs(value);
  if (value !== 0 && (size >= 1e4 || size < 1e-3)) return value.toExponential(1).replaceAll("-", "−");
  return decimal(value, size >= 100 ? 0 : 3);
}

/** Updates that are written below. @param {number[]} steps @param {number} inner */
function step_labels(steps, inner) {
  if (steps.length < 2) return steps;
  const many = Math.max(2, Math.floor(inner / LABEL_ROOM / 2));
  const [first, last] = [steps[0], steps[steps.length - 1]];
  const wanted = Array.from({ length: many }, (_, k) => first + ((last - first) * k) / (many - 1));
  const nearest = wanted.map((step) =>
    steps.reduce((best, other) => (Math.abs(other - step) < Math.abs(best - step) ? other : best)),
  );
  const least = ((last - first) * LABEL_ROOM) / inner;
  const apart = nearest.filter((step, k) => k === 0 || step - nearest[k - 1] >= least);
  return [...new Set(apart)];
}

/** @param {number} step @param {number[]} steps */
function anchor(step, steps) {
  if (step === steps[0]) return "start";
  return step === steps[steps.length - 1] ? "end" : "middle";
}

/** @param {Line} line @param {number | undefined} here */
function key({ name, colour, dash, values }, here) {
  return html`<span class="line-key">
    <svg width="26" height="8" aria-hidden="true">
      <line x1="0" x2="26" y1="4" y2="4" style="stroke:var(${colour})" stroke-dasharray=${dash}></line>
    </svg>
    ${name}<b>${here === undefined || here >= values.length ? "" : in_full(values[here])}</b>
  </span>`;
}

/** @param {ValueChart} chart @param {number | undefined} here */
function reading({ words, lines, across, steps }, here) {
  if (here === undefined) return "";
  const values = lines.map(({ name, values }) => `${name} ${in_full(values[here])}`);
  return `${steps ? `After ${across} ${words[here]}` : `At “${words[here]}”`}: ${values.join(", ")}.`;
}

/** @param {number} value */
function in_full(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  return value !== 0 && (size >= 1e5 || size < 1e-3)
    ? value.toExponential(2).replaceAll("-", "−")
    : decimal(value, 4);
}

/** @param {ValueChart} chart @returns {import("../views/watch/tools.js").Taken} */
function taken({ file, title, note, across, words, lines, also = [] }) {
  const columns = [...lines, ...also];
  const table = (/** @type {(value: number) => string} */ text) => ({
    title,
    note,
    head: [across, ...columns.map(({ name }) => name)],
    rows: words.map((word, t) => [word, ...columns.map(({ values }) => text(values[t]))]),
  });
  return { name: file, title, table: () => table(in_full), numbers: () => table(String) };
}

/**
 * A line, broken where there is no finite number.
 * @param {Line} line @param {(t: number) => number} x @param {(value: number) => number} y
 */
function drawn({ values, colour, dash }, x, y) {
  let path = "";
  let is_open = false;
  for (let t = 0; t < values.length; t++) {
    if (Number.isFinite(values[t]))
      path += `${is_open ? "L" : "M"}${x(t).toFixed(1)} ${y(values[t]).toFixed(1)}`;
    is_open = Number.isFinite(values[t]);
  }
  return svg`<g style="--hue:var(${colour})">
    <path class="line" d=${path} stroke-dasharray=${dash}></path>
    ${
      values.length <= 60
        ? Array.from(values, (value, t) =>
            Number.isFinite(value)
              ? svg`<circle class="dot" cx=${x(t)} cy=${y(value)} r="2.5"></circle>`
              : "",
          )
        : nothing
    }
  </g>`;
}

customElements.define("unrolled-value-lines", ValueLines);
