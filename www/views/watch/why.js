import { effect, signal } from "@preact/signals-core";
import { html, nothing, svg } from "lit";
import { swatch } from "../../figures/color.js";
import { mark_below, words_along, words_below } from "../../figures/svg_words.js";
import { write_text } from "../../figures/word_labels.js";
import { count, fine, signed, visible } from "../../state/shared/format.js";
import * as store from "../../state/shared/store.js";
import { choose_place, figure_key, hover, leave } from "../../state/train/pointer.js";
import { key_of, measured, reads_text, shown, timestep_called, timesteps } from "../../state/watch/shown.js";
import { stop_weighing, weigh, weighed, weighing_problem } from "../../state/watch/why.js";
import { MeasuredView } from "../measured.js";
import { figure_tools } from "./tools.js";

/** @typedef {import("../../types/extra.js").Influence} Influence */

const AXIS = 118;
const RIGHT = 8;
const ROW = 74;
const GAP = 12;

/** Pause after the last change of what is shown before it is weighed. */
const PAUSE_MS = 250;

/** Which words made the network say so: gradient times input, and what leaving each out changes. */
class Why extends MeasuredView {
  /** @type {IntersectionObserver | null} */
  #looking = null;
  #seen = signal(false);
  /** @type {(() => void) | null} */
  #stop = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {(() => void) | null} */
  #follow = null;

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#looking = new IntersectionObserver(([entry]) => (this.#seen.value = entry.isIntersecting));
    this.#looking.observe(this);
    this.#follow = effect(() => this.#mark(store.cursor.value?.t));
    this.#stop = effect(() => {
      void [key_of(shown.value), store.updates.value, store.setup.value];
      const ready = store.status.value === "ready" && store.origin.value?.from === "network";
      clearTimeout(this.#timer);
      if (this.#seen.value && ready && store.trace.value) this.#timer = setTimeout(this.#weigh, PAUSE_MS);
    });
  }

  /** @override */
  disconnectedCallback() {
    this.#looking?.disconnect();
    this.#stop?.();
    this.#follow?.();
    clearTimeout(this.#timer);
    stop_weighing();
    super.disconnectedCallback();
  }

  /** Unless just that has been weighed. */
  #weigh = () => {
    const last = weighed.peek();
    if (last?.of !== key_of(shown.peek()) || last.step !== store.updates.peek()) void weigh();
  };

  /** @override */
  render() {
    const called = timestep_called.value;
    const title = `Which ${called}s made it say so`;
    const known = weighed.value;
    const fresh = known && known.of === key_of(shown.value) ? known : null;
    const influence = fresh?.influence ?? null;
    const whole = influence !== null && influence.left_out.length === timesteps.value.length;
    return html`<figure class="why">
      <figcaption><b>${title}</b>${whole ? figure_tools(this.#taken(title, influence)) : nothing}</figcaption>
      ${
        whole && this.width > 0
          ? this.#drawing(influence, title)
          : html`<div class="why-empty" style="height:${this.#height()}px">${state(fresh)}</div>`
      }
      <p class="caption">${this.#caption(whole ? influence : null, fresh?.step ?? 0)}</p>
      <p class="caption read"></p>
    </figure>`;
  }

  /** Of the drawing: the place is kept for it. */
  #height() {
    const inner = Math.max(40, this.width - AXIS - RIGHT);
    return 2 * ROW + GAP + words_along(timesteps.value, inner).height + 6;
  }

  /** @param {Influence} influence @param {string} title */
  #drawing(influence, title) {
    const words = timesteps.value;
    const inner = Math.max(40, this.width - AXIS - RIGHT);
    const bottom = 2 * ROW + GAP;
    const height = this.#height();
    const at = (/** @type {PointerEvent | MouseEvent} */ event) => word_at(event, inner, words.length);
    return html`<svg
      class="drawing"
      viewBox="0 0 ${this.width} ${height}"
      height=${height}
      role="img"
      tabindex="0"
      aria-label="${title}; arrow keys read single positions"
      @keydown=${figure_key}
      @pointermove=${(/** @type {PointerEvent} */ event) => hover({ t: at(event) })}
      @pointerleave=${leave}
      @click=${(/** @type {MouseEvent} */ event) => choose_place({ t: at(event) })}
    >
      ${bars(influence.gradient_times_input, "gradient × input", 0, inner)}
      ${bars(influence.left_out, influence.shortened ? "left out" : "set to zero", ROW + GAP, inner)}
      <rect data-pointer class="here" y="0" height=${bottom} width=${inner / words.length}></rect>
      ${words_below(words, { x: AXIS, y: bottom + 2, width: inner }, undefined)}
      <text data-pointer class="label here over" text-anchor="end"></text>
    </svg>`;
  }

  /** @override */
  updated() {
    this.#mark(store.cursor.peek()?.t);
  }

  /** Where the cursor is: nothing else changes when it moves. @param {number | undefined} here */
  #mark(here) {
    const drawing = this.querySelector("svg.drawing");
    const read = this.querySelector(".caption.read");
    const known = weighed.peek();
    const words = timesteps.peek();
    const there = drawing && known?.influence && here !== undefined && here < words.length;
    if (read) write_text(read, there && known.influence ? this.#reading(known.influence, here) : "");
    if (!drawing) return;
    const [rect, label] = drawing.querySelectorAll("[data-pointer]");
    for (const part of [rect, label]) part.toggleAttribute("hidden", !there);
    if (!there) return;
    const column = Math.max(40, this.width - AXIS - RIGHT) / words.length;
    rect.setAttribute("x", String(AXIS + here * column));
    mark_below(label, words, here, { x: AXIS, y: 2 * ROW + GAP + 2, width: column * words.length });
  }

  /** @param {Influence | null} influence @param {number} step */
  #caption(influence, step) {
    const called = timestep_called.value;
    const way =
      (influence?.shortened ?? reads_text.value)
        ? `the text is read without the ${called}`
        : `the numbers of the ${called} are set to zero`;
    return html`Look for the tallest bars: a bar upwards speaks for
    ${influence ? answer_of(influence) : "the answer"}, one downwards against it. Above, gradient × input: how
    fast ${measured.value.text} would change if the ${called}’s numbers grew. Below, how much
    ${measured.value.symbol === "answer" ? "it loses" : "they lose"} when
    ${way}.${influence ? ` After update ${count(step)}.` : ""}`;
  }

  /** @param {Influence} influence @param {number} here */
  #reading({ gradient_times_input, left_out, shortened }, here) {
    if (here >= left_out.length) return "";
    return (
      `At “${timesteps.value[here]}”: gradient × input ${signed(gradient_times_input[here])}, ` +
      `${shortened ? "left out" : "set to zero"} ${signed(left_out[here])}.`
    );
  }

  /** @param {string} title @param {Influence} influence @returns {import("./tools.js").Taken} */
  #taken(title, { gradient_times_input, left_out, shortened }) {
    const called = timestep_called.value;
    const table = (/** @type {(value: number) => string} */ text) => ({
      title,
      note: `Change of ${measured.value.text}; positive numbers speak for it.`,
      head: [called, "gradient × input", shortened ? "left out" : "set to zero"],
      rows: timesteps.value.map((word, t) => [word, text(gradient_times_input[t]), text(left_out[t])]),
    });
    return { name: "influence-of-words", title, table: () => table(signed), numbers: () => table(String) };
  }
}

/** What is said while there is nothing to draw. @param {import("../../state/watch/why.js").Weighed | null} fresh */
function state(fresh) {
  if (weighing_problem.value !== "") return weighing_problem.value;
  if (fresh && fresh.done < fresh.all)
    return html`<progress max=${fresh.all} value=${fresh.done}></progress> ${count(fresh.done)} of
      ${count(fresh.all)} ${timestep_called.value}s left out so far`;
  return store.status.value === "training" ? "It is weighed when training pauses." : "";
}

/** What bars upwards speak for. @param {Influence} influence */
function answer_of({ output }) {
  const classes = store.trace.value?.classes ?? [];
  if (classes.length === 0) return "a larger answer";
  const single = store.trace.value?.probabilities.length === timesteps.value.length;
  return `“${visible(classes[single ? classes.length - 1 : output])}”`;
}

/**
 * One row of bars around its zero.
 * @param {number[]} values @param {string} name @param {number} top @param {number} inner
 */
function bars(values, name, top, inner) {
  const reach = Math.max(1e-9, ...values.map(Math.abs));
  const middle = top + ROW / 2;
  const column = inner / values.length;
  return svg`
    <text x="0" y=${middle + 4}>${name}</text>
    <text x=${AXIS - 8} y=${top + 11} text-anchor="end">+${fine(reach)}</text>
    <text x=${AXIS - 8} y=${top + ROW - 3} text-anchor="end">−${fine(reach)}</text>
    <line class="grid" x1=${AXIS} x2=${AXIS + inner} y1=${middle} y2=${middle}></line>
    ${values.map((value, t) => {
      const tall = Math.max(0.75, (Math.abs(value) / reach) * (ROW / 2 - 3));
      return svg`<rect x=${AXIS + (t + 0.08) * column} width=${0.84 * column} y=${value >= 0 ? middle - tall : middle}
        height=${tall} style="fill:${swatch(value >= 0 ? 0.8 : -0.8).background}"></rect>`;
    })}`;
}

/** @param {PointerEvent | MouseEvent} event @param {number} inner @param {number} words */
function word_at(event, inner, words) {
  const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
  const t = Math.floor(((event.clientX - box.left - AXIS) / inner) * words);
  return Math.max(0, Math.min(words - 1, t));
}

customElements.define("unrolled-why", Why);
