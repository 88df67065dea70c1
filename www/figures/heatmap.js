import { html, nothing } from "lit";
import { SAME_EVERYWHERE, WORDS_APART, draw_field, own_scale } from "./field.js";
import { decimal } from "../state/shared/format.js";
import { figure_key } from "../state/train/pointer.js";
import * as store from "../state/shared/store.js";
import { TABLE_SIGN, show_table } from "../views/table.js";
import { View } from "../views/view.js";

/** A column narrower than this has no room for its word. */
const WORD_WIDTH = 38;

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
class Heatmap extends View {
  /** @override */
  static properties = { info: { attribute: false }, field: { attribute: false } };

  /** @type {ResizeObserver | null} */
  #observer = null;
  #width = 0;

  constructor() {
    super();
    /** @type {import("../state/train/shown_symbols.js").SymbolInfo | null} */
    this.info = null;
    /** @type {WordField | null} */
    this.field = null;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#observer = new ResizeObserver(([entry]) => {
      this.#width = entry.contentRect.width;
      this.requestUpdate();
    });
    this.#observer.observe(this);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.#redraw);
  }

  /** @override */
  disconnectedCallback() {
    this.#observer?.disconnect();
    matchMedia("(prefers-color-scheme: dark)").removeEventListener("change", this.#redraw);
    super.disconnectedCallback();
  }

  #redraw = () => this.requestUpdate();

  /** @override */
  render() {
    const { info, field } = this;
    if (!info || !field) return nothing;
    const words = store.kept_words.value;
    const cursor = store.cursor.value;
    // An array of a listing may be narrower than its state.
    const inside = cursor && cursor.u < field.units;
    const value = inside ? field.data[cursor.t * field.units + cursor.u] : null;
    const label = `${info.spoken ?? info.name}, ${field.units} units by ${field.timesteps} words`;
    return html`
      <figure style="--hue:var(${info.colour})">
        <figcaption>
          <b class="symbol">${info.symbol}</b>
          <span
            >${info.name.replace(/ gate$/, "")}${info.name.endsWith(" gate") ? html`<u> gate</u>` : nothing}</span
          >
          ${this.#remark(info, field)}
          <output>${value === null || value === undefined ? nothing : decimal(value)}</output>
          <button
            class="quiet"
            @click=${this.#table}
            aria-label="Numbers of ${info.spoken ?? info.name} as a table"
            title="Table"
          >
            ${TABLE_SIGN}
          </button>
        </figcaption>
        ${this.#width / words.length >= WORD_WIDTH ? this.#labels(words, cursor?.t) : nothing}
        <div
          class="field"
          style="height:${this.#height()}px"
          tabindex="0"
          role="application"
          aria-roledescription="heatmap"
          aria-label="${label}; arrow keys move the cursor"
          @keydown=${figure_key}
          @pointermove=${this.#point}
          @pointerleave=${() => (store.hovered.value = null)}
          @click=${this.#choose}
        >
          <canvas aria-hidden="true"></canvas>
          ${inside ? this.#marks(cursor, field) : nothing}
        </div>
      </figure>
    `;
  }

  /**
   * What the symbol does, or with contrast what the colours mean here.
   * @param {import("../state/train/shown_symbols.js").SymbolInfo} info
   * @param {WordField} field
   */
  #remark(info, field) {
    if (!store.contrast.value) return html`<i>${info.role}</i>`;
    const { centre, reach } = own_scale(field.data, info.signed);
    return html`<i
      class="limits"
      title="Paper is ${decimal(centre, 2)}, full colour ${decimal(reach, 2)} away from it"
      >${info.signed ? "" : decimal(centre, 2)} ± ${decimal(reach, 2)}</i
    >`;
  }

  /** @param {import("../types/engine.js").Token[]} words @param {number | undefined} here */
  #labels(words, here) {
    return html`<div class="labels" aria-hidden="true">
      ${words.map((word, t) => html`<span class=${t === here ? "here" : ""}>${word.text}</span>`)}
    </div>`;
  }

  /** @param {{ t: number, u: number }} cursor @param {WordField} field */
  #marks({ t, u }, { timesteps, units }) {
    const left = (100 * t) / timesteps;
    const top = (100 * u) / units;
    return html`
      <i class="column" style="left:${left}%;width:${100 / timesteps}%"></i>
      <i class="row" style="top:${top}%;height:${100 / units}%"></i>
      <i class="cell" style="left:${left}%;width:${100 / timesteps}%;top:${top}%;height:${100 / units}%"></i>
    `;
  }

  /** @override */
  updated() {
    const canvas = this.querySelector("canvas");
    const { info, field } = this;
    if (!canvas || !info || !field || this.#width === 0) return;
    const { data, units, timesteps } = field;
    draw_field(
      canvas,
      { data, rows: units, columns: timesteps, by_column: true },
      { width: this.#width, height: this.#height() },
      this.#scale(info, field),
      WORDS_APART,
    );
  }

  /** @param {import("../state/train/shown_symbols.js").SymbolInfo} info @param {WordField} field */
  #scale(info, field) {
    return store.contrast.value ? own_scale(field.data, info.signed) : SAME_EVERYWHERE;
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
    const u = Math.floor(((event.clientY - box.top) / box.height) * field.units);
    return { t: Math.max(0, Math.min(field.timesteps - 1, t)), u: Math.max(0, Math.min(field.units - 1, u)) };
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const cell = this.#cell_at(event);
    const before = store.hovered.value;
    if (before?.t !== cell.t || before?.u !== cell.u) store.hovered.value = cell;
  }

  /** @param {MouseEvent} event */
  #choose(event) {
    store.selected.value = this.#cell_at(event);
  }

  #table() {
    const { info, field } = this;
    if (!info || !field) return;
    const { data, units, timesteps } = field;
    const words = store.kept_words.value.map((word) => word.text);
    show_table({
      title: `${info.symbol}, ${info.name}`,
      note: `One row a word, one column a unit; ${timesteps} words, ${units} units.`,
      head: ["word", ...Array.from({ length: units }, (_, u) => `unit ${u}`)],
      rows: words.map((word, t) => [
        word,
        ...Array.from(data.subarray(t * units, (t + 1) * units), (value) => decimal(value)),
      ]),
    });
  }
}

customElements.define("unrolled-heatmap", Heatmap);
