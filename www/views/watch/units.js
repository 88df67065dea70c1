import { signal } from "@preact/signals-core";
import { html, nothing, svg } from "lit";
import { swatch } from "../../figures/color.js";
import { words_along, words_below } from "../../figures/svg_words.js";
import { decimal, signed } from "../../state/shared/format.js";
import * as store from "../../state/shared/store.js";
import { choose_place, figure_key, hover, leave } from "../../state/train/pointer.js";
import { shown_symbols } from "../../state/train/shown_symbols.js";
import { row_of, unit_order } from "../../state/watch/order.js";
import { timestep_called, timesteps } from "../../state/watch/shown.js";
import { MeasuredView } from "../measured.js";
import { figure_tools } from "./tools.js";
import { choice_of_order } from "./unit_order.js";
import "./contexts.js";

/** @typedef {import("../../types/extra.js").LayerTrace} LayerTrace */
/** @typedef {import("../../state/train/shown_symbols.js").SymbolInfo} SymbolInfo */

const AXIS = 44;
const RIGHT = 8;
const TOP = 8;
const HEIGHT = 170;

/** Dashes, so that lines differ without their colours. */
const DASHES = ["", "6 3", "2 3", "9 3 2 3", "1 2", "12 4"];

/** The symbol that colours the words; its last one, h, while none was chosen. */
const coloured_by = signal("");

/**
 *
 * One unit of a layer: the words in the colour of its number, its numbers over time, and where it fires in the data.
 */
class Units extends MeasuredView {
  /** @override */
  render() {
    const layer = store.shown_layer.value;
    const words = timesteps.value;
    if (!layer || words.length === 0)
      return html`<p class="hint">
        ${
          words.length === 0
            ? "There is nothing to see before something is read."
            : `No recurrent layer of this network has a state for each ${timestep_called.value}.`
        }
      </p>`;
    const unit = store.cursor.value?.u ?? 0;
    const known = symbols_of(layer, unit, words.length);
    const by = known.find(({ info }) => info.symbol === coloured_by.value) ?? known[known.length - 1];
    return html`
      <div class="unit-choice">
        ${this.#which(layer, unit)}
        <label
          ><span>Words in the colour of</span>
          <select
            @change=${(/** @type {Event} */ event) =>
              (coloured_by.value = /** @type {HTMLSelectElement} */ (event.target).value)}
          >
            ${known.map(
              ({ info }) =>
                html`<option value=${info.symbol} .selected=${info === by.info}>
                  ${info.symbol}, ${info.name}
                </option>`,
            )}
          </select></label
        >
        ${choice_of_order()}
      </div>
      ${this.#words(words, by, unit)} ${this.width > 0 ? this.#chart(words, known, unit) : nothing}
      <unrolled-contexts
        .of=${{ layer: layer.name, symbol: by.info.symbol, unit, name: by.info.spoken ?? by.info.name }}
      ></unrolled-contexts>
    `;
  }

  /** @param {LayerTrace} layer @param {number} unit */
  #which({ units }, unit) {
    const order = unit_order.value;
    const row = row_of(unit, order);
    const go = (/** @type {number} */ to) => choose_unit(order ? order[to] : to);
    return html`<label
        ><span>Unit</span>
        <input
          type="number"
          min="0"
          max=${units - 1}
          .value=${String(unit)}
          @change=${(/** @type {Event} */ event) => {
            const { value } = /** @type {HTMLInputElement} */ (event.target);
            choose_unit(Math.max(0, Math.min(units - 1, Math.round(Number(value) || 0))));
          }}
        /><span>of 0 to ${units - 1}</span></label
      >
      <button type="button" ?disabled=${row === 0} @click=${() => go(row - 1)}>Previous unit</button>
      <button type="button" ?disabled=${row === units - 1} @click=${() => go(row + 1)}>Next unit</button>`;
  }

  /** @param {string[]} words @param {{ info: SymbolInfo, values: Float32Array }} by @param {number} unit */
  #words(words, { info, values }, unit) {
    const reach = info.share ? 1 : Math.max(0.05, ...values.map(Math.abs));
    const here = store.cursor.value?.t;
    return html`<ol
        class="words unit-words"
        tabindex="0"
        aria-label="${info.symbol} of unit ${unit} at each ${timestep_called.value}; arrow keys move"
        @keydown=${figure_key}
      >
        ${words.map((word, t) => {
          const { background, color } = swatch(values[t] / reach);
          return html`<li
            class=${t === here ? "here" : ""}
            @pointerenter=${() => hover({ t, u: unit })}
            @pointerleave=${leave}
            @click=${() => choose_place({ t, u: unit })}
          >
            <span class="word" style="background:${background};color:${color}">${word}</span>
          </li>`;
        })}
      </ol>
      <p class="caption">
        Look for the ${timestep_called.value}s in full colour: there ${info.symbol} of unit ${unit} is far
        from zero. Orange is positive, blue negative; the fullest colour is ${decimal(reach, 2)}.
      </p>`;
  }

  /** @param {string[]} words @param {ReturnType<typeof symbols_of>} known @param {number} unit */
  #chart(words, known, unit) {
    const here = store.cursor.value?.t;
    const inner = Math.max(40, this.width - AXIS - RIGHT);
    const all = known.flatMap(({ values }) => [...values]).filter(Number.isFinite);
    const low = Math.min(0, ...all);
    const high = Math.max(1, ...all);
    const y = (/** @type {number} */ value) => TOP + (HEIGHT * (high - value)) / (high - low);
    const x = (/** @type {number} */ t) => AXIS + ((t + 0.5) * inner) / words.length;
    const height = TOP + HEIGHT + words_along(words, inner).height + 8;
    const title = `Unit ${unit} over time`;
    const at = (/** @type {PointerEvent | MouseEvent} */ event) => word_at(event, inner, words.length);
    return html`<figure class="unit-lines">
      <figcaption><b>${title}</b>${figure_tools(taken(title, unit, words, known))}</figcaption>
      <p class="keys">
        ${known.map(
          ({ info, values }, k) =>
            html`<span class="line-key">
              <svg width="26" height="8" aria-hidden="true">
                <line
                  x1="0"
                  x2="26"
                  y1="4"
                  y2="4"
                  style="stroke:var(${info.colour})"
                  stroke-dasharray=${DASHES[k % DASHES.length]}
                ></line>
              </svg>
              ${info.symbol}<b>${here === undefined ? "" : decimal(values[here])}</b>
            </span>`,
        )}
      </p>
      <svg
        class="drawing"
        viewBox="0 0 ${this.width} ${height}"
        height=${height}
        role="img"
        tabindex="0"
        aria-label="${title}; arrow keys read single positions. ${reading(words, known, unit, here)}"
        @keydown=${figure_key}
        @pointermove=${(/** @type {PointerEvent} */ event) => hover({ t: at(event), u: unit })}
        @pointerleave=${leave}
        @click=${(/** @type {MouseEvent} */ event) => choose_place({ t: at(event), u: unit })}
      >
        ${marks_of(low, high).map(
          (value) =>
            svg`<line class="grid" x1=${AXIS} x2=${AXIS + inner} y1=${y(value)} y2=${y(value)}></line>
            <text x=${AXIS - 6} y=${y(value) + 4} text-anchor="end">${decimal(value, 2)}</text>`,
        )}
        ${
          here === undefined || here >= words.length
            ? nothing
            : svg`<rect data-pointer class="here" x=${x(here) - inner / words.length / 2} y=${TOP}
              width=${inner / words.length} height=${HEIGHT}></rect>`
        }
        ${known.map(
          ({ info, values }, k) =>
            svg`<polyline class="line" style="--hue:var(${info.colour})" stroke-dasharray=${DASHES[k % DASHES.length]}
              points=${[...values].map((value, t) => `${x(t).toFixed(1)},${y(value).toFixed(1)}`).join(" ")}></polyline>
            ${values.length === 1 ? dot(info, x(0), y(values[0])) : nothing}`,
        )}
        ${words_below(words, { x: AXIS, y: TOP + HEIGHT + 2, width: inner }, here)}
      </svg>
      <p class="caption">
        Look for the ${timestep_called.value} at which a line jumps, and for how long a state keeps what it
        got.
      </p>
      <p class="caption read">${reading(words, known, unit, here)}</p>
    </figure>`;
  }
}

/** The numbers at the axis: zero and the ends, where they have room. @param {number} low @param {number} high */
function marks_of(low, high) {
  return low < -0.08 * (high - low) ? [low, 0, high] : [0, high];
}

/** A line of one point would not be seen. @param {SymbolInfo} info @param {number} x @param {number} y */
function dot({ colour }, x, y) {
  return svg`<circle class="dot" style="--hue:var(${colour})" cx=${x} cy=${y} r="3"></circle>`;
}

/**
 * What the symbols of a layer are for one unit.
 * @param {LayerTrace} layer @param {number} unit @param {number} words
 */
function symbols_of(layer, unit, words) {
  return shown_symbols(layer).flatMap((info) => {
    const data = layer.symbols.find(({ name }) => name === info.symbol)?.data;
    const width = data ? data.length / words : 0;
    if (!data || unit >= width) return [];
    return [{ info, values: Float32Array.from({ length: words }, (_, t) => data[t * width + unit]) }];
  });
}

/**
 * @param {string[]} words @param {ReturnType<typeof symbols_of>} known @param {number} unit
 * @param {number | undefined} here
 */
function reading(words, known, unit, here) {
  if (here === undefined || here >= words.length) return "";
  const earlier = store.shown_layer.value?.goes_backwards ? here + 1 : here - 1;
  const before =
    earlier >= 0 && earlier < words.length
      ? (/** @type {Float32Array} */ values) => ` (before: ${signed(values[earlier])})`
      : () => "";
  const parts = known.map(({ info, values }) => `${info.symbol} ${signed(values[here])}${before(values)}`);
  return `At “${words[here]}”, unit ${unit}: ${parts.join(", ")}.`;
}

/**
 * @param {string} title @param {number} unit @param {string[]} words @param {ReturnType<typeof symbols_of>} known
 * @returns {import("./tools.js").Taken}
 */
function taken(title, unit, words, known) {
  const table = (/** @type {(value: number) => string} */ text) => ({
    title,
    note: `One row for each ${timestep_called.value}, one column for each gate and state of the unit.`,
    head: [timestep_called.value, ...known.map(({ info }) => info.symbol)],
    rows: words.map((word, t) => [word, ...known.map(({ values }) => text(values[t]))]),
  });
  return { name: `unit-${unit}`, title, table: () => table(decimal), numbers: () => table(String) };
}

/** @param {number} u */
function choose_unit(u) {
  choose_place({ t: store.cursor.value?.t ?? 0, u });
}

/** @param {PointerEvent | MouseEvent} event @param {number} inner @param {number} words */
function word_at(event, inner, words) {
  const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
  const t = Math.floor(((event.clientX - box.left - AXIS) / inner) * words);
  return Math.max(0, Math.min(words - 1, t));
}

customElements.define("unrolled-units", Units);
