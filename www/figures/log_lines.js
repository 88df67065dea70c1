/**
 * Sizes along a sequence on an axis of powers of ten: one line for each of several things that are compared.
 */
import { html, nothing, svg } from "lit";
import { decades_of, powers_of, scientific, share_of } from "./decades.js";
import { words_along, words_below } from "./svg_words.js";
import { choose_place, figure_key, hover, leave } from "../state/train/pointer.js";
import * as store from "../state/shared/store.js";
import { timestep_called } from "../state/watch/shown.js";
import { figure_tools } from "../views/watch/tools.js";
import { MeasuredView } from "../views/measured.js";

/**
 * @typedef {object} Line
 * @property {string} name
 * @property {string} colour a token
 * @property {string} dash
 * @property {Float32Array | number[]} values one for each word
 */

/**
 * @typedef {object} LogChart
 * @property {string} file name in files
 * @property {string} title
 * @property {string} about what to look for, in one sentence
 * @property {string} note of the table
 * @property {string[]} words
 * @property {Line[]} lines
 */

const AXIS = 44;
const RIGHT = 8;
const TOP = 8;
const HEIGHT = 150;
const LABEL_ROOM = 16;

class LogLines extends MeasuredView {
  /** @override */
  static properties = { chart: { attribute: false } };

  constructor() {
    super();
    /** @type {LogChart | null} */
    this.chart = null;
  }

  /** @override */
  render() {
    const { chart } = this;
    if (!chart || this.width === 0) return nothing;
    const { words, lines, title } = chart;
    const here = store.cursor.value?.t;
    const inner = Math.max(40, this.width - AXIS - RIGHT);
    const below = words_along(words, inner).height + 6;
    const decades = decades_of(lines.flatMap(({ values }) => [...values]));
    const y = (/** @type {number} */ size) => TOP + HEIGHT * (1 - share_of(decades, size));
    const x = (/** @type {number} */ t) => AXIS + ((t + 0.5) * inner) / words.length;
    const at = (/** @type {PointerEvent | MouseEvent} */ event) => this.#word_at(event, inner);
    return html`<figure class="log-lines">
      <figcaption><b>${title}</b>${figure_tools(this.#taken(chart))}</figcaption>
      <p class="keys">${lines.map((line) => this.#key(line, here))}</p>
      <svg
        class="drawing"
        viewBox="0 0 ${this.width} ${TOP + HEIGHT + below}"
        height=${TOP + HEIGHT + below}
        role="img"
        tabindex="0"
        aria-label="${title}, on a scale of powers of ten; arrow keys read single positions. ${this.#reading(here)}"
        @keydown=${figure_key}
        @pointermove=${(/** @type {PointerEvent} */ event) => hover({ t: at(event) })}
        @pointerleave=${leave}
        @click=${(/** @type {MouseEvent} */ event) => choose_place({ t: at(event) })}
      >
        ${powers_of(decades, HEIGHT, LABEL_ROOM).map(
          (power) =>
            svg`<line class="grid" x1=${AXIS} x2=${AXIS + inner} y1=${y(10 ** power)} y2=${y(10 ** power)}></line>
            <text class="power" x=${AXIS - 6} y=${y(10 ** power) + 4} text-anchor="end"
              >10<tspan dy="-4" font-size="9">${String(power).replace("-", "−")}</tspan></text>`,
        )}
        ${
          here === undefined || here >= words.length
            ? nothing
            : svg`<rect data-pointer class="here" x=${x(here) - inner / words.length / 2} y=${TOP}
              width=${inner / words.length} height=${HEIGHT}></rect>`
        }
        ${lines.map((line) => drawn(line, x, y, TOP + HEIGHT))}
        ${words_below(words, { x: AXIS, y: TOP + HEIGHT + 2, width: inner }, here)}
      </svg>
      <p class="caption">${chart.about} <span class="read">${this.#reading(here)}</span></p>
    </figure>`;
  }

  /** @param {Line} line @param {number | undefined} here */
  #key({ name, colour, dash, values }, here) {
    return html`<span class="line-key">
      <svg width="26" height="8" aria-hidden="true">
        <line x1="0" x2="26" y1="4" y2="4" style="stroke:var(${colour})" stroke-dasharray=${dash}></line>
      </svg>
      ${name}<b>${here === undefined || here >= values.length ? "" : scientific(values[here])}</b>
    </span>`;
  }

  /** @param {number | undefined} here */
  #reading(here) {
    const { chart } = this;
    if (!chart || here === undefined || here >= chart.words.length) return "";
    const values = chart.lines.map(({ name, values }) => `${name} ${scientific(values[here])}`);
    return `At “${chart.words[here]}”: ${values.join(", ")}.`;
  }

  /** @param {PointerEvent | MouseEvent} event @param {number} inner */
  #word_at(event, inner) {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const count = this.chart?.words.length ?? 1;
    const t = Math.floor(((event.clientX - box.left - AXIS) / inner) * count);
    return Math.max(0, Math.min(count - 1, t));
  }

  /** @param {LogChart} chart @returns {import("../views/watch/tools.js").Taken} */
  #taken({ file, title, note, words, lines }) {
    return {
      name: file,
      title,
      table: () => ({
        title,
        note,
        head: [timestep_called.value, ...lines.map(({ name }) => name)],
        rows: words.map((word, t) => [word, ...lines.map(({ values }) => scientific(values[t]))]),
      }),
    };
  }
}

/**
 * A line, broken where there is no number; zeros stand as small crosses on the axis below.
 * @param {Line} line @param {(t: number) => number} x @param {(size: number) => number} y @param {number} floor
 */
function drawn({ values, colour, dash }, x, y, floor) {
  let path = "";
  let is_open = false;
  const zeros = [];
  for (let t = 0; t < values.length; t++) {
    // At the last word there is nothing that could have come from later ones.
    if (values[t] === 0 && t + 1 < values.length) zeros.push(t);
    if (!(values[t] > 0)) {
      is_open = false;
      continue;
    }
    path += `${is_open ? "L" : "M"}${x(t).toFixed(1)} ${y(values[t]).toFixed(1)}`;
    is_open = true;
  }
  const dots = values.length <= 60;
  return svg`<g style="--hue:var(${colour})">
    <path class="line" d=${path} stroke-dasharray=${dash}></path>
    ${
      dots
        ? Array.from(values, (value, t) =>
            value > 0 ? svg`<circle class="dot" cx=${x(t)} cy=${y(value)} r="2.5"></circle>` : "",
          )
        : nothing
    }
    ${zeros.map((t) => svg`<path class="zero" d="M${x(t) - 3} ${floor - 6}l6 6m0 -6l-6 6"></path>`)}
  </g>`;
}

customElements.define("unrolled-log-lines", LogLines);
