import { html, nothing } from "lit";
import { LitElement } from "lit";
import { NUMBERS_APART, draw_field } from "./field.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

/** One observer for the sizes of all fields. */
const observer = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries)
    /** @type {Cells} */ (target).resized(contentRect.width, contentRect.height);
});

/**
 * A small field of numbers on a canvas. With a `hue`, the token of a colour, its numbers are shares: 0 is paper,
 * `scale` has that colour; without it the colours diverge from 0. `pick` is called with the index of the number that
 * was clicked.
 */
class Cells extends LitElement {
  /** @override */
  static properties = {
    data: { attribute: false, hasChanged: are_others },
    rows: { type: Number },
    columns: { type: Number },
    by_column: { type: Boolean },
    scale: { type: Number },
    hue: { type: String },
    mark: { type: Number },
    // Nothing that is drawn depends on these: another function draws nothing anew.
    pick: { attribute: false, hasChanged: () => false },
    hover: { attribute: false, hasChanged: () => false },
  };

  #width = 0;
  #height = 0;

  constructor() {
    super();
    /** @type {Float32Array | null} */
    this.data = null;
    this.rows = 1;
    this.columns = 1;
    this.by_column = false;
    this.scale = 1;
    this.hue = "";
    this.mark = -1;
    /** @type {((index: number) => void) | null} */
    this.pick = null;
    /** @type {((index: number | null) => void) | null} */
    this.hover = null;
  }

  /** @override */
  createRenderRoot() {
    return this;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    observer.observe(this);
    dark.addEventListener("change", this.#redraw);
    this.addEventListener("click", this.#click);
  }

  /** @override */
  disconnectedCallback() {
    observer.unobserve(this);
    dark.removeEventListener("change", this.#redraw);
    this.removeEventListener("click", this.#click);
    super.disconnectedCallback();
  }

  #redraw = () => this.#draw();

  /** @param {number} width @param {number} height */
  resized(width, height) {
    this.#width = width;
    this.#height = height;
    this.#draw();
  }

  /** @override */
  render() {
    return html`<canvas aria-hidden="true"></canvas>${this.#mark()}`;
  }

  #mark() {
    if (this.mark < 0 || this.mark >= this.rows * this.columns) return nothing;
    const row = this.by_column ? this.mark % this.rows : Math.floor(this.mark / this.columns);
    const column = this.by_column ? Math.floor(this.mark / this.rows) : this.mark % this.columns;
    const box =
      `left:${(100 * column) / this.columns}%;width:${100 / this.columns}%;` +
      `top:${(100 * row) / this.rows}%;height:${100 / this.rows}%`;
    return html`<i style=${box}></i>`;
  }

  /** @override @param {Map<string, unknown>} changed */
  updated(changed) {
    if (["data", "rows", "columns", "by_column", "scale", "hue"].some((name) => changed.has(name)))
      this.#draw();
  }

  #draw() {
    const canvas = this.querySelector("canvas");
    if (!canvas || !this.data || this.#width === 0 || this.#height === 0) return;
    const { data, rows, columns, by_column, scale, hue } = this;
    const size = { width: this.#width, height: this.#height };
    const colours = hue ? { low: 0, high: scale, hue } : { low: -scale, high: scale };
    draw_field(canvas, { data, rows, columns, by_column }, size, colours, NUMBERS_APART);
  }

  /** @param {MouseEvent} event */
  #click = (event) => {
    if (!this.pick) return;
    event.stopPropagation();
    const box = this.getBoundingClientRect();
    const column = within(Math.floor(((event.clientX - box.left) / box.width) * this.columns), this.columns);
    const row = within(Math.floor(((event.clientY - box.top) / box.height) * this.rows), this.rows);
    this.pick(this.by_column ? column * this.rows + row : row * this.columns + column);
  };
}

/**
 * Whether numbers are others than before: what is cut out of an array anew at each position is drawn once.
 * @param {Float32Array | null} numbers @param {Float32Array | null} before
 */
function are_others(numbers, before) {
  if (!numbers || !before || numbers.length !== before.length) return numbers !== before;
  return numbers.some((value, k) => !Object.is(value, before[k]));
}

/** @param {number} value @param {number} count */
function within(value, count) {
  return Math.max(0, Math.min(count - 1, value));
}

customElements.define("unrolled-cells", Cells);
