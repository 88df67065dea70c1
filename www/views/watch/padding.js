import { effect } from "@preact/signals-core";
import { html, nothing, svg } from "lit";
import { words_along, words_below } from "../../figures/svg_words.js";
import { count, decimal, fine } from "../../state/shared/format.js";
import * as store from "../../state/shared/store.js";
import { padded, read_padding, without_padding } from "../../state/watch/padding.js";
import { key_of, shown } from "../../state/watch/shown.js";
import { MeasuredView } from "../measured.js";
import { figure_tools } from "./tools.js";

/** @typedef {import("../../types/extra.js").PaddedReading} PaddedReading */
/** @typedef {import("../../types/extra.js").PaddingPicture} PaddingPicture */

const AXIS = 54;
const RIGHT = 8;
const TITLE = 22;
/** Where both parts of a title would not stand beside each other. */
const NARROW = 560;
const SECOND = 18;
const BARS = 54;
const GAP = 6;
const LINE = 36;
/** Between two arrangements. */
const APART = 16;

/** Least time from one reading to the next while training runs. */
const INTERVAL_MS = 500;

const TITLE_OF_ALL = "Padding before, after and masked";

/** What the state and the prediction do over the padding of what is shown, in three arrangements. */
class Padding extends MeasuredView {
  /** @override */
  static properties = { place: { state: true } };

  /** @type {(() => void) | null} */
  #stop = null;
  #busy = false;
  #stale = false;

  constructor() {
    super();
    /** The position that is read. @type {number | null} */
    this.place = null;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#stop = effect(() => {
      void [shown.value, store.updates.value, store.setup.value, store.shown_layer.value?.name];
      if (["ready", "training"].includes(store.status.value)) void this.#refresh();
    });
  }

  /** @override */
  disconnectedCallback() {
    this.#stop?.();
    super.disconnectedCallback();
  }

  async #refresh() {
    this.#stale = true;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#stale && this.isConnected) {
      this.#stale = false;
      const started = performance.now();
      await read_padding();
      const pause = Math.max(INTERVAL_MS, 4 * (performance.now() - started));
      if (store.status.peek() === "training") await new Promise((go_on) => setTimeout(go_on, pause));
    }
    this.#busy = false;
  }

  /** @override */
  render() {
    const found = padded.value;
    if (without_padding.value !== "")
      return html`<p class="hint">There is no picture of the padding: ${without_padding.value}.</p>`;
    const fits = found?.of === key_of(shown.value) && found.layer === store.shown_layer.value?.name;
    if (!found || !fits || this.width === 0) return nothing;
    const { picture } = found;
    return html`<figure class="padding-figure">
      <figcaption><b>${TITLE_OF_ALL}</b>${figure_tools(taken(picture))}</figcaption>
      ${this.#drawing(picture, found.layer)}
      <p class="caption">
        Look at the grey bars: there the network reads padding, and a bar says how far the state of
        ${found.layer} moves at it, ‖h<sub>t</sub> − h<sub>t−1</sub>‖.
        ${
          has_lines(picture)
            ? html`Below, ${picture.class ? html`the probability of “${picture.class}”` : "the answer"} after
              each position.`
            : "This network has a prediction for the whole sequence only."
        }
        After update ${count(found.step)}.
        <span class="read">${this.place === null ? "" : reading(picture, this.place)}</span>
      </p>
    </figure>`;
  }

  /** @param {PaddingPicture} picture @param {string} layer */
  #drawing(picture, layer) {
    const { readings } = picture;
    const timesteps = readings[0].words.length;
    const inner = Math.max(40, this.width - AXIS - RIGHT);
    const labels = words_along(readings[0].words, inner).height + 4;
    const head = TITLE + (inner < NARROW ? SECOND : 0);
    const line = has_lines(picture) ? LINE : 0;
    const panel = head + BARS + GAP + line + labels + APART;
    const most = Math.max(1e-9, ...readings.flatMap(({ change }) => change));
    const range = picture.class ? [0, 1] : ends_of(readings.flatMap(({ predictions }) => predictions));
    const height = panel * readings.length - APART;
    const column = inner / timesteps;
    return html`<svg
      class="drawing"
      viewBox="0 0 ${this.width} ${height}"
      height=${height}
      role="img"
      tabindex="0"
      aria-label="${TITLE_OF_ALL}: how far the state of ${layer} moves, and the prediction; arrow keys read single
        positions. ${this.place === null ? "" : reading(picture, this.place)}"
      @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event, timesteps)}
      @pointermove=${(/** @type {PointerEvent} */ event) => this.#point(event, column, timesteps)}
      @pointerleave=${() => (this.place = null)}
    >
      ${
        this.place === null
          ? nothing
          : svg`<rect data-pointer class="here" x=${AXIS + this.place * column} y="0" width=${column}
              height=${height}></rect>`
      }
      ${readings.map((one, k) => arranged(one, { y: k * panel, head, line, inner, most, range, named: picture.class }))}
    </svg>`;
  }

  /** @param {PointerEvent} event @param {number} column @param {number} timesteps */
  #point(event, column, timesteps) {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const at = Math.floor((event.clientX - box.left - AXIS) / column);
    this.place = Math.max(0, Math.min(timesteps - 1, at));
  }

  /** @param {KeyboardEvent} event @param {number} timesteps */
  #key(event, timesteps) {
    const now = this.place ?? -1;
    /** @type {Record<string, number>} */
    const moves = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: timesteps - 1 };
    if (!(event.key in moves) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.place = Math.max(0, Math.min(timesteps - 1, moves[event.key]));
  }
}

/** Whether there is a prediction after each position. @param {PaddingPicture} picture */
function has_lines({ readings }) {
  return readings.some(({ predictions }) => predictions.filter(Number.isFinite).length > 1);
}

/** How an arrangement is called. @param {PaddedReading} reading */
function name_of({ arrangement, words }) {
  const where = words[0] === "" ? "before" : "after";
  return arrangement === "masked" ? `padding ${where} the words, masked` : `padding ${where} the words`;
}

/** How it is called in tables. @param {PaddedReading} reading */
function short_name({ arrangement }) {
  return arrangement;
}

/** The ends of numbers that are finite. @param {number[]} values */
function ends_of(values) {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return low < high ? [low, high] : [low - 1, low + 1];
}

/**
 * One arrangement: bars of the change of the state, the line of the prediction, the words.
 * @param {PaddedReading} one
 * @param {{ y: number, head: number, line: number, inner: number, most: number, range: number[],
 *   named: string | null }} place
 */
function arranged(one, { y, head, line: tall_line, inner, most, range: [low, high], named }) {
  const { words, change, predictions, answer, is_own } = one;
  const column = inner / words.length;
  const floor = y + head + BARS;
  const narrow = head > TITLE;
  const below = floor + GAP + tall_line;
  const line = predictions
    .map((value, t) => {
      if (!Number.isFinite(value)) return "";
      const before = t > 0 && Number.isFinite(predictions[t - 1]);
      const at = below - (tall_line * (value - low)) / (high - low);
      return `${before ? "L" : "M"}${(AXIS + (t + 0.5) * column).toFixed(1)} ${at.toFixed(1)}`;
    })
    .join("");
  const end = named ? `“${named}” ${decimal(answer, 2)}` : decimal(answer, 3);
  return svg`<g style="--hue:var(--state-h)">
    <text class="title" x=${AXIS} y=${y + 13}>${name_of(one)}${is_own ? ", as trained" : ""}</text>
    <text class="title" x=${narrow ? AXIS : AXIS + inner} y=${y + 13 + (narrow ? SECOND : 0)}
      text-anchor=${narrow ? "start" : "end"}>at the end ${end}</text>
    <text x=${AXIS - 6} y=${y + head + 9} text-anchor="end">${fine(most)}</text>
    <text x=${AXIS - 6} y=${floor} text-anchor="end">0</text>
    <line class="grid" x1=${AXIS} x2=${AXIS + inner} y1=${floor} y2=${floor}></line>
    ${change.map((moved, t) => {
      const tall = (BARS * moved) / most;
      return svg`<rect class="moved ${words[t] === "" ? "fills" : ""}" x=${AXIS + (t + 0.08) * column}
        width=${0.84 * column} y=${floor - tall} height=${tall}></rect>`;
    })}
    ${
      tall_line === 0
        ? nothing
        : svg`<text x=${AXIS - 6} y=${floor + GAP + 9} text-anchor="end">${decimal(high, 2)}</text>
    <text x=${AXIS - 6} y=${below} text-anchor="end">${decimal(low, 2)}</text>
    <line class="grid" x1=${AXIS} x2=${AXIS + inner} y1=${below} y2=${below}></line>
    <path class="line" style="--hue:var(--validation)" d=${line}></path>`
    }
    ${words_below(words, { x: AXIS, y: below + 2, width: inner }, undefined)}
  </g>`;
}

/** @param {PaddingPicture} picture @param {number} t */
function reading({ readings }, t) {
  const parts = readings.map((one) => {
    const what = one.words[t] === "" ? "padding" : `“${one.words[t]}”`;
    const after = Number.isFinite(one.predictions[t]) ? `, prediction ${decimal(one.predictions[t])}` : "";
    return `${short_name(one)}: ${what}, the state moves by ${decimal(one.change[t])}${after}`;
  });
  return `At position ${t + 1} of ${readings[0].words.length}: ${parts.join("; ")}.`;
}

/** @param {PaddingPicture} picture @returns {import("./tools.js").Taken} */
function taken({ readings, class: named }) {
  const table = (/** @type {(value: number) => string} */ text) => ({
    title: TITLE_OF_ALL,
    note:
      "One row a position; the prediction is " +
      `${named ? `the probability of “${named}”` : "the answer"} after it.`,
    head: [
      "position",
      ...readings.flatMap((one) =>
        ["word", "change of the state", "prediction"].map((what) => `${short_name(one)}: ${what}`),
      ),
    ],
    rows: readings[0].words.map((_, t) => [
      String(t + 1),
      ...readings.flatMap(({ words, change, predictions }) => [
        words[t] || "padding",
        text(change[t]),
        Number.isFinite(predictions[t]) ? text(predictions[t]) : "",
      ]),
    ]),
  });
  return {
    name: "padding",
    title: TITLE_OF_ALL,
    table: () => table((value) => decimal(value, 4)),
    numbers: () => table(String),
  };
}

customElements.define("unrolled-padding", Padding);
