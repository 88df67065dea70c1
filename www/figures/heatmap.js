import { effect } from "@preact/signals-core";
import { html, nothing } from "lit";
import { WORDS_APART, draw_field } from "./field.js";
import {
  FROM_0_TO_1,
  FROM_MINUS_1_TO_1,
  beyond_in_words,
  count_beyond,
  own_positive,
  own_share,
  own_signed,
} from "./limits.js";
import { mark_word, word_labels, write_text } from "./word_labels.js";
import { decimal, signed } from "../state/shared/format.js";
import { choose_place, figure_key, hover, leave } from "../state/train/pointer.js";
import * as store from "../state/shared/store.js";
import { row_of, unit_order } from "../state/watch/order.js";
import { timestep_called } from "../state/watch/shown.js";
import { save_arrays_csv, save_heatmaps_png, save_heatmaps_svg } from "../state/watch/strip_files.js";
import { TABLE_SIGN, show_table } from "../views/table.js";
import { MeasuredView } from "../views/measured.js";

/** On windows this wide figures are taller too. */
const PROJECTOR = 1800;

/** Height of one unit's row by the number of units, so that a figure stays between 60 and 200 pixels. */
const ROW_HEIGHTS = [
  [12, 12],
  [24, 8],
  [40, 5],
  [80, 3],
];

/** @typedef {{ data: Float32Array, timesteps: number, units: number }} WordField `data` is `[timesteps × units]` */

/** One gate or state of a recurrent layer: units down, words across. */
class Heatmap extends MeasuredView {
  /** @override */
  static properties = { info: { attribute: false }, field: { attribute: false }, file: { attribute: false } };

  /** @type {(() => void) | null} */
  #stop = null;

  /** What is on the canvas: nothing is drawn again for another cursor. @type {unknown[]} */
  #drawn = [];

  constructor() {
    super();
    /** @type {import("../state/train/shown_symbols.js").SymbolInfo | null} */
    this.info = null;
    /** @type {WordField | null} */
    this.field = null;
    /** Its name in files, where it is saved by itself. */
    this.file = "";
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#stop = effect(() => this.#mark(store.cursor.value));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.#redraw);
  }

  /** @override */
  disconnectedCallback() {
    this.#stop?.();
    matchMedia("(prefers-color-scheme: dark)").removeEventListener("change", this.#redraw);
    super.disconnectedCallback();
  }

  #redraw = () => {
    this.#drawn = [];
    this.requestUpdate();
  };

  /** The order of the rows, where this array has one for each unit. */
  #order() {
    const order = unit_order.value;
    return order && order.length === this.field?.units ? order : null;
  }

  /** @override */
  render() {
    const { info, field } = this;
    if (!info || !field) return nothing;
    const words = store.kept_words.value;
    const label = `${info.spoken ?? info.name}, ${field.units} units by ${field.timesteps} ${timestep_called.value}s`;
    return html`
      <figure style="--hue:var(${info.colour})">
        <figcaption>
          <b class="symbol">${info.symbol}</b>
          <span
            >${info.name.replace(/ gate$/, "")}${info.name.endsWith(" gate") ? html`<u> gate</u>` : nothing}</span
          >
          <i>${info.role}</i>
          <b class="value"></b>
          <button
            class="quiet"
            @click=${this.#table}
            aria-label="Numbers of ${info.spoken ?? info.name} as a table"
            title="Table"
          >
            ${TABLE_SIGN}
          </button>
          ${this.file === "" ? nothing : this.#files(info, field)}
        </figcaption>
        ${word_labels(
          words.map((word) => word.text),
          this.width,
        )}
        <div
          class="field"
          style="height:${this.#height()}px"
          tabindex="0"
          role="application"
          aria-roledescription="heatmap"
          aria-label="${label}; arrow keys move the cursor"
          @keydown=${figure_key}
          @pointermove=${this.#point}
          @pointerleave=${leave}
          @click=${this.#choose}
        >
          <canvas aria-hidden="true"></canvas>
          <i class="column" hidden></i><i class="row" hidden></i><i class="cell" hidden></i>
        </div>
        ${this.#legend(info, field)}
        ${info.look ? html`<p class="look-for">${info.look(timestep_called.value)}</p>` : nothing}
      </figure>
    `;
  }

  /**
   * Which colours stand for which values here.
   * @param {import("../state/train/shown_symbols.js").SymbolInfo} info
   * @param {WordField} field
   */
  #legend(info, field) {
    const { low, high, beyond } = limits_of(info, field.data);
    return html`<p class="colours">
      <span>${info.signed ? signed(low, 2) : decimal(low, 2)}</span
      ><i class=${info.signed ? "signed" : ""}></i
      ><span>${info.signed ? signed(high, 2) : decimal(high, 2)}</span>
      <span class="beyond">${beyond_in_words(beyond)}</span>
    </p>`;
  }

  /** Where the cursor is: nothing else changes when it moves. @param {{ t: number, u: number } | null} cursor */
  #mark(cursor) {
    const { field } = this;
    const value = this.querySelector("figcaption .value");
    if (!field || !value) return;
    const { data, timesteps, units } = field;
    // An array of a listing may be narrower than its state.
    const inside = cursor !== null && cursor.u < units && cursor.t < timesteps;
    const marks = /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(".field > i"));
    for (const mark of marks) mark.hidden = !inside;
    write_text(value, inside ? decimal(data[cursor.t * units + cursor.u]) : "");
    mark_word(
      this,
      store.kept_words.peek().map(({ text }) => text),
      cursor?.t,
    );
    if (!inside) return;
    const [column, row, cell] = marks;
    const size = { width: this.width / timesteps, height: this.#height() / units };
    const [x, y] = [cursor.t * size.width, row_of(cursor.u, this.#order()) * size.height];
    // What is only moved needs no layout.
    column.style.transform = `translateX(${x}px)`;
    row.style.transform = `translateY(${y}px)`;
    cell.style.transform = `translate(${x}px, ${y}px)`;
    const [width, height] = [`${size.width}px`, `${size.height}px`];
    if (column.style.width !== width) column.style.width = cell.style.width = width;
    if (row.style.height !== height) row.style.height = cell.style.height = height;
  }

  /** @override */
  updated() {
    this.#mark(store.cursor.peek());
    const canvas = this.querySelector("canvas");
    const { info, field } = this;
    if (!canvas || !info || !field || this.width === 0) return;
    const { data, units, timesteps } = field;
    const order = this.#order();
    const limits = limits_of(info, data);
    const drawn = [data, order, this.width, this.#height(), limits, info.colour, globalThis.devicePixelRatio];
    if (drawn.every((part, k) => part === this.#drawn[k])) return;
    this.#drawn = drawn;
    draw_field(
      canvas,
      { data: order ? in_order(data, order) : data, rows: units, columns: timesteps, by_column: true },
      { width: this.width, height: this.#height() },
      { ...limits, ...(!info.signed && { hue: info.colour }) },
      WORDS_APART,
    );
  }

  #height() {
    const units = this.field?.units ?? 1;
    const row = ROW_HEIGHTS.find(([most]) => units <= most)?.[1] ?? 2;
    return units * row * (innerWidth >= PROJECTOR ? 1.5 : 1);
  }

  /** @param {PointerEvent | MouseEvent} event @returns {{ t: number, u: number }} */
  #cell_at(event) {
    const field = /** @type {WordField} */ (this.field);
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    const t = Math.floor(((event.clientX - box.left) / box.width) * field.timesteps);
    const row = Math.floor(((event.clientY - box.top) / box.height) * field.units);
    const inside = Math.max(0, Math.min(field.units - 1, row));
    const order = this.#order();
    return { t: Math.max(0, Math.min(field.timesteps - 1, t)), u: order ? order[inside] : inside };
  }

  /** @param {PointerEvent} event */
  #point(event) {
    hover(this.#cell_at(event));
  }

  /** @param {MouseEvent} event */
  #choose(event) {
    choose_place(this.#cell_at(event));
  }

  /** @param {import("../state/train/shown_symbols.js").SymbolInfo} info @param {WordField} field */
  #files({ symbol }, { data }) {
    const { file } = this;
    /** @param {string} format @param {() => unknown} save */
    const button = (format, save) =>
      html`<button class="quiet" @click=${save} aria-label="${symbol} as ${format}">${format}</button>`;
    return html`<span class="tools">
      ${button("CSV", () => save_arrays_csv([{ name: symbol, data }], file))}
      ${button("SVG", () => save_heatmaps_svg(this, file))}
      ${button("PNG", () => save_heatmaps_png(this, file))}
    </span>`;
  }

  #table() {
    const { info, field } = this;
    if (!info || !field) return;
    const { data, units, timesteps } = field;
    const words = store.kept_words.value.map((word) => word.text);
    const called = timestep_called.value;
    show_table({
      title: `${info.symbol}, ${info.name}`,
      note: `One row for each ${called}, one column for each unit; ${timesteps} ${called}s, ${units} units.`,
      head: [called, ...Array.from({ length: units }, (_, u) => `unit ${u}`)],
      rows: words.map((word, t) => [
        word,
        ...Array.from(data.subarray(t * units, (t + 1) * units), (value) => decimal(value)),
      ]),
    });
  }
}

/**
 * The numbers with the units in another order, `[timesteps × units]`.
 * @param {Float32Array} data @param {Uint32Array} order
 */
function in_order(data, order) {
  const units = order.length;
  const ordered = new Float32Array(data.length);
  for (let from = 0; from < data.length; from += units)
    for (let row = 0; row < units; row++) ordered[from + row] = data[from + order[row]];
  return ordered;
}

/**
 * Between which values the colours run: the figure's own, or the same for all figures of its kind.
 * @param {import("../state/train/shown_symbols.js").SymbolInfo} info
 * @param {Float32Array} data
 * @returns {import("./limits.js").Limits}
 */
function limits_of(info, data) {
  const same = store.contrast.value || info.own_scale ? own : shared;
  let limits = same.get(data);
  if (!limits) same.set(data, (limits = measured(info, data)));
  return limits;
}

/** Limits that were measured: a figure asks for them when it is rendered and when it is drawn. */
const own = /** @type {WeakMap<Float32Array, import("./limits.js").Limits>} */ (new WeakMap());
const shared = /** @type {WeakMap<Float32Array, import("./limits.js").Limits>} */ (new WeakMap());

/**
 * @param {import("../state/train/shown_symbols.js").SymbolInfo} info
 * @param {Float32Array} data
 * @returns {import("./limits.js").Limits}
 */
function measured(info, data) {
  if (!store.contrast.value && !info.own_scale && (info.signed || info.share)) {
    const same = info.signed ? FROM_MINUS_1_TO_1 : FROM_0_TO_1;
    return { ...same, beyond: count_beyond(data, same.low, same.high) };
  }
  if (info.signed) return own_signed(data);
  return info.share ? own_share(data) : own_positive(data);
}

customElements.define("unrolled-heatmap", Heatmap);
