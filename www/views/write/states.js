import { html, nothing } from "lit";
import { effect, untracked } from "@preact/signals-core";
import { draw_field } from "../../figures/field.js";
import { FROM_0_TO_1, FROM_MINUS_1_TO_1 } from "../../figures/limits.js";
import { decimal, visible } from "../../state/shared/format.js";
import { layers, layer, chosen_layer, shown, unit, units } from "../../state/write/symbols.js";
import * as writer from "../../state/write/writer.js";
import { MeasuredView } from "../measured.js";
import { say } from "../say.js";

/** Width of a position, in pixels; the characters above the figures stand in the same columns. */
const COLUMN = 9;
/** Height of a unit's row by the number of units. */
const row_height = (/** @type {number} */ units) =>
  units <= 16 ? 6 : units <= 40 ? 3 : units <= 80 ? 1.5 : 1;
/** Least time between two drawings while the text grows. */
const DRAW_INTERVAL_MS = 60;
/** Positions do not stand apart. */
const TOGETHER = { width: Infinity, columns: Infinity, rows: Infinity };

/** Gates and states of a layer, which scroll with the text: units down, positions across. */
class WriteStates extends MeasuredView {
  /** @type {(() => void) | null} */
  #stop = null;
  #scheduled = false;
  #drawn_at = 0;
  /** How wide a figure can be, in pixels. */
  #room = 0;
  /** Largest size of each signed symbol so far, so that colours keep their meaning. @type {Map<string, number>} */
  #reach = new Map();
  #facts = writer.facts.peek();

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#stop = effect(() => {
      void [writer.version.value, writer.position.value, unit.value, shown.value];
      untracked(() => this.#schedule());
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.#schedule);
  }

  /** @override */
  disconnectedCallback() {
    this.#stop?.();
    matchMedia("(prefers-color-scheme: dark)").removeEventListener("change", this.#schedule);
    super.disconnectedCallback();
  }

  /** @override */
  updated() {
    this.#room = this.querySelector(".write-columns")?.clientWidth ?? 0;
    this.#schedule();
  }

  #schedule = () => {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const wait = Math.max(0, this.#drawn_at + DRAW_INTERVAL_MS - performance.now());
    setTimeout(() => requestAnimationFrame(() => this.#draw()), wait);
  };

  /** @override */
  render() {
    const figures = shown.value;
    if (figures.length === 0) return nothing;
    const called = writer.facts.value?.unit ?? "character";
    return html`
      <section aria-labelledby="write-states-title">
        <h2 id="write-states-title">What the layer computes at each ${called}</h2>
        <div class="write-units">
          ${layers.value.length > 1 ? this.#layers() : nothing}
          <label>
            <span>Unit</span>
            <input
              type="number"
              name="write-unit"
              min="0"
              max=${units.value - 1}
              .value=${String(Math.min(unit.value, units.value - 1))}
              @change=${choose_unit}
            />
          </label>
        </div>
        <p class="write-columns" aria-hidden="true"></p>
        ${figures.map((one) => this.#figure(one, called))}
        <p class="caption">
          One row for each unit, one column for each ${called}, the latest on the right. Gates run from 0, no
          colour, to 1, their full colour; states and candidates from blue, negative, to orange, positive.
        </p>
      </section>
    `;
  }

  #layers() {
    return html`<label>
      <span>Layer</span>
      <select
        name="write-layer"
        @change=${(/** @type {Event} */ event) =>
          (chosen_layer.value = /** @type {HTMLSelectElement} */ (event.target).value)}
      >
        ${layers.value.map((name) => html`<option ?selected=${name === layer.value}>${name}</option>`)}
      </select>
    </label>`;
  }

  /** @param {import("../../state/write/symbols.js").ShownSymbol} one @param {string} called */
  #figure({ place, name, role, colour }, called) {
    const height = place.width * row_height(place.width);
    return html`<figure style="--hue:var(${colour})">
      <figcaption>
        <b class="symbol">${place.symbol}</b><span>${name}</span><i>${role}</i>
        <b class="value" data-symbol=${place.symbol}></b>
      </figcaption>
      <div
        class="field"
        style="height:${height}px"
        tabindex="0"
        role="application"
        aria-roledescription="heatmap"
        aria-label="${name || place.symbol}, ${place.width} units by ${called}; arrow keys choose ${called} and unit"
        @click=${(/** @type {MouseEvent} */ event) => this.#choose(event, place.width)}
        @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event, place.symbol)}
      >
        <canvas aria-hidden="true" data-symbol=${place.symbol}></canvas>
        <i class="column" hidden></i><i class="row" hidden></i>
      </div>
    </figure>`;
  }

  /** The positions that there is room for, the one that is looked at among them. */
  #range() {
    const columns = Math.max(1, Math.floor(this.#room / COLUMN));
    const { text } = writer;
    const at = writer.position.peek();
    const end = at >= text.count - columns ? text.count : Math.min(text.count, at + Math.ceil(columns / 2));
    return { from: Math.max(text.first_row, end - columns), to: end };
  }

  #draw() {
    this.#scheduled = false;
    this.#drawn_at = performance.now();
    if (this.#room === 0 || !this.isConnected) return;
    const { from, to } = this.#range();
    if (to <= from) return this.#empty();
    if (this.#facts !== writer.facts.peek()) this.#reach.clear();
    this.#facts = writer.facts.peek();
    const columns = this.querySelector(".write-columns");
    if (columns) write_columns(columns, columns_text(from, to));
    for (const figure of this.querySelectorAll("figure")) this.#draw_figure(figure, from, to);
  }

  /** A text without a position has no numbers. */
  #empty() {
    const columns = this.querySelector(".write-columns");
    if (columns) write_columns(columns, []);
    for (const canvas of this.querySelectorAll("canvas")) canvas.style.width = "0";
    for (const mark of this.querySelectorAll("figure .field > i")) mark.toggleAttribute("hidden", true);
    for (const value of this.querySelectorAll("figure .value")) value.textContent = "";
  }

  /** @param {HTMLElement} figure @param {number} from @param {number} to */
  #draw_figure(figure, from, to) {
    const canvas = figure.querySelector("canvas");
    const one = shown.peek().find(({ place }) => place.symbol === canvas?.dataset.symbol);
    if (!canvas || !one) return;
    const { width } = one.place;
    const data = writer.text.rows(one.place, from, to);
    const height = width * row_height(width);
    const size = { width: (to - from) * COLUMN, height };
    canvas.style.width = `${size.width}px`;
    const scale = one.gate ? { ...FROM_0_TO_1, hue: one.colour } : this.#signed(one.place.symbol, data);
    draw_field(canvas, { data, rows: width, columns: to - from, by_column: true }, size, scale, TOGETHER);
    const at = writer.position.peek();
    const u = Math.min(unit.peek(), width - 1);
    const [column, row] = /** @type {HTMLElement[]} */ ([...figure.querySelectorAll(".field > i")]);
    column.hidden = row.hidden = at < from || at >= to;
    column.style.transform = `translateX(${(at - from) * COLUMN}px)`;
    column.style.width = `${COLUMN}px`;
    row.style.transform = `translateY(${u * row_height(width)}px)`;
    row.style.height = `${Math.max(2, row_height(width))}px`;
    const value = figure.querySelector(".value");
    if (value && at >= from && at < to) value.textContent = decimal(data[(at - from) * width + u]);
  }

  /** @param {string} symbol @param {Float32Array} data */
  #signed(symbol, data) {
    if (symbol !== "c") return FROM_MINUS_1_TO_1;
    let reach = this.#reach.get(symbol) ?? 1;
    for (const value of data) if (Math.abs(value) > reach) reach = Math.abs(value);
    this.#reach.set(symbol, reach);
    return { low: -reach, high: reach };
  }

  /** @param {MouseEvent} event @param {number} width */
  #choose(event, width) {
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    const { from, to } = this.#range();
    if (to <= from) return;
    const at = from + Math.floor((event.clientX - box.left) / COLUMN);
    const row = Math.floor((event.clientY - box.top) / row_height(width));
    unit.value = Math.max(0, Math.min(width - 1, row));
    if (writer.playing.value) void writer.pause();
    writer.chosen.value = Math.max(from, Math.min(to - 1, at));
  }

  /** @param {KeyboardEvent} event @param {string} symbol */
  #key(event, symbol) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key === "Escape") writer.chosen.value = null;
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    if (writer.playing.value) void writer.pause();
    const { text } = writer;
    if (text.count === 0) return;
    unit.value = Math.max(0, Math.min(units.value - 1, unit.value + move[1]));
    const at = Math.max(text.first_row, Math.min(text.count - 1, writer.position.value + move[0]));
    writer.chosen.value = at;
    const place = shown.value.find((one) => one.place.symbol === symbol)?.place;
    const value = place ? text.rows(place, at, at + 1)[Math.min(unit.value, place.width - 1)] : NaN;
    say(`${visible(text.pieces[at - text.first])}, unit ${unit.value}, ${symbol} ${decimal(value)}`);
  }
}

/**
 * One character for each position, as wide as a column; nothing where positions are words.
 * @param {number} from @param {number} to
 */
function columns_text(from, to) {
  if (writer.facts.peek()?.unit !== "character") return [];
  const pieces = writer.text.pieces.slice(from - writer.text.first, to - writer.text.first);
  return pieces.map(visible);
}

/**
 * Each character in a span of a column's width; only what changed is written.
 * @param {Element} line @param {string[]} marks
 */
function write_columns(line, marks) {
  while (line.childElementCount > marks.length) line.lastElementChild?.remove();
  while (line.childElementCount < marks.length) line.append(document.createElement("span"));
  marks.forEach((mark, k) => {
    const span = line.children[k];
    if (span.textContent !== mark) span.textContent = mark;
  });
}

/** @param {Event} event */
function choose_unit(event) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const given = Math.round(Number(input.value));
  if (input.value.trim() !== "" && !Number.isNaN(given))
    unit.value = Math.max(0, Math.min(units.value - 1, given));
  input.value = String(unit.value);
}

customElements.define("unrolled-write-states", WriteStates);
