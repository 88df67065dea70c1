/**
 * Which prediction depends on which state: predictions down, states across, sizes as darkness on powers of ten.
 */
import { html, nothing, svg } from "lit";
import { paint_shares } from "./color.js";
import { powers_of, range_of, scientific, share_of } from "./decades.js";
import { words_along, words_below } from "./svg_words.js";
import { percent } from "../state/shared/format.js";
import { asked, choose_place, hover, leave } from "../state/train/pointer.js";
import * as store from "../state/shared/store.js";
import { measured } from "../state/watch/shown.js";
import { figure_tools } from "../views/watch/tools.js";
import { MeasuredView } from "../views/measured.js";

/**
 * @typedef {object} TriangleMap
 * @property {string[]} words
 * @property {Float64Array} values `[words × words]`, row t, column k; NaN where there is none
 */

const LEFT = 84;
const RIGHT = 8;
const TOP = 6;
const RULER = 34;
const TALLEST = 440;
const WIDEST_CELL = 56;
const TALLEST_CELL = 22;
const RULER_WIDTH = 220;

/** What is smaller than this share of the diagonal counts as vanished. */
export const VANISHED = 1e-3;

/** How the keyboard reads it. */
const HOW = "Predictions down, states across; left and right choose the state, up and down the prediction.";

/** Decades below the largest that are told apart. */
const DECADES = 8;

/** More rows and columns than this are not read in a table. */
const TABLE_SIDE = 50;

class Triangle extends MeasuredView {
  /** @override */
  static properties = { map: { attribute: false }, called: { type: String }, row: { state: true } };

  /** What the image was drawn of, and the image. */
  #drawn = {
    values: /** @type {Float64Array | null} */ (null),
    done: 0,
    lowest: 0,
    highest: 0,
    dark: false,
    url: "",
  };

  /** @type {{ of: object, decades: import("./decades.js").Decades, marks: unknown[] }} */
  #known = { of: {}, decades: { lowest: 0, highest: 0 }, marks: [] };

  constructor() {
    super();
    /** @type {TriangleMap & { done: number } | null} */
    this.map = null;
    /** What one timestep is called. */
    this.called = "word";
    /** The prediction that is read; none: the last. @type {number | null} */
    this.row = null;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.#redraw);
  }

  /** @override */
  disconnectedCallback() {
    matchMedia("(prefers-color-scheme: dark)").removeEventListener("change", this.#redraw);
    super.disconnectedCallback();
  }

  #redraw = () => this.requestUpdate();

  /** @override */
  render() {
    const { map } = this;
    if (!map || this.width === 0) return nothing;
    const { words } = map;
    const count = words.length;
    const cell = {
      width: Math.min(WIDEST_CELL, Math.max(40, this.width - LEFT - RIGHT) / count),
      height: Math.min(TALLEST_CELL, TALLEST / count),
    };
    const [wide, tall] = [count * cell.width, count * cell.height];
    const below = words_along(words, wide).height + 8;
    const { decades, marks } = this.#measured(map, cell);
    const { t, k } = this.#place(count);
    return html`<figure class="triangle">
      <figcaption><b>Which prediction depends on which state</b>${figure_tools(this.#taken(map))}</figcaption>
      <svg
        class="drawing"
        viewBox="0 0 ${this.width} ${TOP + tall + below + RULER}"
        height=${TOP + tall + below + RULER}
        role="application"
        aria-roledescription="map"
        tabindex="0"
        aria-label="${HOW} ${this.#reading(map, t, k)}"
        @keydown=${this.#key}
        @pointermove=${(/** @type {PointerEvent} */ event) => this.#point(event, cell, false)}
        @pointerleave=${() => {
          leave();
          this.row = null;
        }}
        @click=${(/** @type {MouseEvent} */ event) => this.#point(event, cell, true)}
      >
        <defs>
          <pattern
            id="vanished"
            width="5"
            height="5"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect class="hatch" width="1.2" height="5"></rect>
          </pattern>
        </defs>
        <image
          href=${this.#image(map, decades)}
          x=${LEFT}
          y=${TOP}
          width=${wide}
          height=${tall}
          preserveAspectRatio="none"
          style="image-rendering:pixelated"
        ></image>
        ${marks} ${rows_of(words, cell, t)}
        <rect
          data-pointer
          class="cell-here"
          x=${LEFT + k * cell.width}
          y=${TOP + t * cell.height}
          width=${cell.width}
          height=${cell.height}
        ></rect>
        ${words_below(words, { x: LEFT, y: TOP + tall + 3, width: wide }, k)}
        ${ruler(decades, TOP + tall + below)}
      </svg>
      <p class="caption">
        Each line of the map is one prediction, made when the network has read this ${this.called} and no
        further: the fuller the colour of a place, the more it depends on the state h after the ${this.called}
        of the column. Hatched: less than 1/1000 of what is on the diagonal of this line; crossed: exactly 0,
        since the gradient became too small for 32 bits or met a slope of 0.
        <span class="read">${this.#reading(map, t, k)}</span>
      </p>
    </figure>`;
  }

  /**
   * What follows from the map alone, not from the cursor: hundreds of thousands of numbers.
   * @param {TriangleMap & { done: number }} map @param {{ width: number, height: number }} cell
   */
  #measured({ words, values, done }, cell) {
    const of = { values, done, ...cell };
    const is_same = Object.entries(of).every(([name, value]) => Reflect.get(this.#known.of, name) === value);
    if (!is_same) {
      const decades = range_of(values, DECADES);
      this.#known = { of, decades, marks: this.#marks(values, words.length, cell) };
    }
    return this.#known;
  }

  /** The place that is read. @param {number} count */
  #place(count) {
    const t = Math.min(this.row ?? count - 1, count - 1);
    const k = Math.min(store.cursor.value?.t ?? 0, t);
    return { t, k };
  }

  /** @param {TriangleMap} map @param {number} t @param {number} k */
  #reading({ words, values }, t, k) {
    const [size, own] = [values[t * words.length + k], values[t * words.length + t]];
    const after = `The prediction after “${words[t]}” depends on the state after “${words[k]}” with`;
    if (Number.isNaN(size)) return `The prediction after “${words[t]}” has not been computed yet.`;
    if (size === 0) return `${after} 0: no gradient arrives.`;
    if (k === t) return `${after} ${scientific(size)}.`;
    const share = size / own;
    const part = share >= 0.001 ? percent(share, share < 0.1 ? 1 : 0) : scientific(share);
    const verdict = share < VANISHED ? "; it has vanished" : "";
    const own_state = `the state after its own ${this.called}`;
    return `${after} ${scientific(size)}, ${part} of how much it depends on ${own_state}${verdict}.`;
  }

  /** One pixel a cell. @param {TriangleMap & { done: number }} map @param {import("./decades.js").Decades} decades */
  #image({ words, values, done }, decades) {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const now = { values, done, ...decades, dark };
    const is_same = Object.entries(now).every(([name, value]) => Reflect.get(this.#drawn, name) === value);
    if (is_same) return this.#drawn.url;
    const count = words.length;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = count;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const image = context.createImageData(count, count);
    const pixels = new Uint32Array(image.data.buffer);
    paint_shares(
      Float32Array.from(values, (size) => share_of(decades, size)),
      pixels,
      "--state-c",
    );
    values.forEach((size, at) => Number.isNaN(size) && (pixels[at] = 0));
    context.putImageData(image, 0, 0);
    this.#drawn = { ...now, url: canvas.toDataURL() };
    return this.#drawn.url;
  }

  /**
   * What has vanished, and what has become zero: runs of cells.
   * @param {Float64Array} values @param {number} count @param {{ width: number, height: number }} cell
   */
  #marks(values, count, cell) {
    const runs = [];
    for (let t = 0; t < count; t++) {
      const limit = VANISHED * values[t * count + t];
      const kind_of = (/** @type {number} */ k) => {
        const size = values[t * count + k];
        return size === 0 ? "zero" : size < limit ? "vanished" : "";
      };
      for (let k = 0; k <= t;) {
        const kind = kind_of(k);
        const from = k;
        while (k <= t && kind_of(k) === kind) k += 1;
        if (kind === "") continue;
        const [x, y, width] = [LEFT + from * cell.width, TOP + t * cell.height, (k - from) * cell.width];
        runs.push(
          svg`<rect class=${kind} x=${x} y=${y} width=${width} height=${cell.height}
            style=${kind === "vanished" ? "fill:url(#vanished)" : ""}></rect>`,
        );
        if (kind === "zero")
          runs.push(svg`<path class="cross" d="M${x} ${y}L${x + width} ${y + cell.height}"></path>`);
      }
    }
    return runs;
  }

  /**
   * @param {PointerEvent | MouseEvent} event
   * @param {{ width: number, height: number }} cell
   * @param {boolean} chooses
   */
  #point(event, cell, chooses) {
    const count = this.map?.words.length ?? 1;
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const limited = (/** @type {number} */ at) => Math.max(0, Math.min(count - 1, Math.floor(at)));
    const k = limited((event.clientX - box.left - LEFT) / cell.width);
    const t = limited((event.clientY - box.top - TOP) / cell.height);
    this.row = Math.max(t, k);
    (chooses ? choose_place : hover)({ t: k });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const count = this.map?.words.length ?? 0;
    if (count === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const { t, k } = this.#place(count);
    const moves = /** @type {Record<string, [number, number]>} */ ({
      ArrowLeft: [t, k - 1],
      ArrowRight: [t, Math.min(k + 1, t)],
      ArrowUp: [t - 1, k],
      ArrowDown: [t + 1, k],
      Home: [t, 0],
      End: [t, t],
    });
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    store.hovered.value = null;
    this.row = Math.max(0, Math.min(count - 1, move[0]));
    store.selected.value = { t: Math.max(0, Math.min(this.row, move[1])), u: store.cursor.value?.u ?? 0 };
    asked.value += 1;
  }

  /** @param {TriangleMap} map @returns {import("../views/watch/tools.js").Taken} */
  #taken({ words, values }) {
    const count = words.length;
    const content = (/** @type {number} */ every) => {
      const shown = words.map((_, t) => t).filter((t) => (count - 1 - t) % every === 0);
      const title = "Which prediction depends on which state";
      const note =
        `One row a prediction, one column a state: ‖∂ ${measured.value.symbol} after the row’s ${this.called} / ` +
        `∂h after the column’s ${this.called}‖.` +
        (every > 1 ? ` Every ${every}th of ${count}; the CSV file has all.` : "");
      const cell = (/** @type {number} */ t) => (/** @type {number} */ k) =>
        k > t ? "" : scientific(values[t * count + k]);
      return {
        title,
        note,
        head: ["prediction after", ...shown.map((k) => words[k])],
        rows: shown.map((t) => [words[t], ...shown.map(cell(t))]),
      };
    };
    return {
      name: "gradient-map",
      title: "Which prediction depends on which state",
      table: () => content(Math.ceil(count / TABLE_SIDE)),
      numbers: () => content(1),
    };
  }
}

/** Words at the left. @param {string[]} words @param {{ height: number }} cell @param {number} here */
function rows_of(words, { height }, here) {
  const every = Math.max(1, Math.ceil(12 / height));
  const is_shown = (/** @type {number} */ t) =>
    t === here || ((words.length - 1 - t) % every === 0 && Math.abs(t - here) >= (every === 1 ? 0 : every));
  return words.map((word, t) =>
    is_shown(t)
      ? svg`<text class=${t === here ? "label here" : "label"} text-anchor="end" x=${LEFT - 6}
          y=${TOP + (t + 0.5) * height + 4}>${word.length > 12 ? `${word.slice(0, 11)}…` : word}</text>`
      : "",
  );
}

/** The colours of powers of ten. @param {import("./decades.js").Decades} decades @param {number} y */
function ruler(decades, y) {
  const steps = 48;
  const pixels = new Uint32Array(steps);
  paint_shares(
    Float32Array.from({ length: steps }, (_, k) => k / (steps - 1)),
    pixels,
    "--state-c",
  );
  const x = (/** @type {number} */ share) => LEFT + share * RULER_WIDTH;
  const end = (/** @type {number} */ at, /** @type {string} */ anchor, /** @type {number} */ size) =>
    svg`<text x=${at} y=${y + 8} text-anchor=${anchor}>${scientific(size)}</text>`;
  return svg`${end(x(0) - 6, "end", 10 ** decades.lowest)} ${end(x(1) + 6, "start", 10 ** decades.highest)}
  ${[...pixels].map(
    (pixel, k) =>
      svg`<rect x=${x(k / steps)} y=${y} width=${RULER_WIDTH / steps + 0.5} height="8"
        style="fill:rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})"></rect>`,
  )}
  ${powers_of(decades, RULER_WIDTH, 34).map((power) => {
    const at = x(share_of(decades, 10 ** power));
    return svg`<line class="tick" x1=${at} x2=${at} y1=${y} y2=${y + 11}></line>
      <text class="power" x=${at} y=${y + 24} text-anchor="middle"
        >10<tspan dy="-4" font-size="9">${String(power).replace("-", "−")}</tspan></text>`;
  })}`;
}

customElements.define("unrolled-triangle", Triangle);
