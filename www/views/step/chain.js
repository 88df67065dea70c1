import { html, nothing } from "lit";
import { swatch } from "../../figures/color.js";
import { decimal, percent } from "../../state/shared/format.js";
import { move_to_phase } from "../../state/step/player.js";
import * as step from "../../state/step/step.js";
import { CELL, FORWARD, PHASE } from "../../state/step/walk.js";
import { View } from "../view.js";
import "../../figures/cells.js";
import * as facts from "./chain_facts.js";
import { hue, hues_of } from "./hues.js";
import { open_word } from "./open_word.js";
import { gradient_scale, read_state, state_scale } from "./scales.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/walk.js").Position} Position */

/** Units of a state that are drawn at most. */
const MOST_UNITS = 16;

/** Thickness of an arrow in pixels: when it carries nothing, and at full colour. */
const THICKNESS = { least: 1.5, most: 7 };

/**
 * The unrolled chain: a box for every word with the states that it left, and arrows for what flows from word to word.
 */
class Chain extends View {
  /** Box that has the one tab stop while the focus is inside. */
  #focused = -1;

  /** @override */
  render() {
    const stepping = step.stepping.value;
    const position = step.position.value;
    step.version.value;
    if (!stepping || !position) return nothing;
    const { labels } = stepping.description;
    const names = facts.state_names(stepping);
    const back = facts.walks_back(position);
    return html`
      <div class="start">${this.#start(stepping, position, names)}</div>
      <div class="links" role="group" aria-label="The unrolled chain" @keydown=${this.#keys}>
        ${labels.map(
          (label, t) =>
            html`${this.#arrows(stepping, position, names, t)}
            ${this.#box(stepping, position, names, t, label)}`,
        )}
        ${this.#arrows(stepping, position, names, labels.length)}
      </div>
      <div class="end">${this.#end(stepping, position)}</div>
      <div class="beside-chain">${this.#aside(back)}</div>
    `;
  }

  /** @param {Stepping} stepping @param {Position} position @param {string[]} names */
  #start(stepping, position, names) {
    const rows = names.map((name) => facts.first_state(stepping, name));
    return html`<p class="above">
        ${facts.walks_back(position) ? "‖dh‖" : facts.predictions(stepping) ? "says" : ""}
      </p>
      <div class="box still" title="The state before the first word">
        <span class="word">start</span>
        <span class="columns-of">
          ${names.map((name, k) => this.#column(stepping, name, rows[k], 0, 1, false))}
        </span>
      </div>`;
  }

  /**
   * @param {Stepping} stepping
   * @param {Position} position
   * @param {string[]} names
   * @param {number} t
   * @param {string} label
   */
  #box(stepping, position, names, t, label) {
    const here = t === position.timestep && position.part === CELL && position.phase !== PHASE.SUM;
    const words = stepping.description.labels.length;
    const prediction = facts.is_done(stepping, position, t) ? facts.predictions(stepping)?.[t] : undefined;
    const back = facts.walks_back(position);
    return html`<div class="place">
      <p class="above">${prediction === undefined || back ? "" : short(prediction)}</p>
      <button
        class="box ${here ? "here" : ""} ${t > position.timestep && facts.reads_on(position) ? "later" : ""}"
        data-t=${t}
        tabindex=${t === (this.#focused >= 0 ? this.#focused : position.timestep) ? 0 : -1}
        aria-current=${here ? "step" : nothing}
        aria-label=${spoken(stepping, label, t, prediction)}
        @click=${() => open_word(stepping, position, t)}
        @focus=${() => (this.#focused = t)}
        @blur=${() => (this.#focused = -1)}
      >
        <span class="word">${label}</span>
        <span class="columns-of">
          ${
            back
              ? html`${this.#column(stepping, names[0], facts.states_over_time(stepping, names[0]), t, words, here)}
                ${this.#gradient(stepping, position, t, words, here)}`
              : names.map((name) =>
                  this.#column(
                    stepping,
                    name,
                    facts.has_run(position, t, facts.made_on(stepping, name))
                      ? facts.states_over_time(stepping, name)
                      : null,
                    t,
                    words,
                    here,
                  ),
                )
          }
        </span>
      </button>
    </div>`;
  }

  /**
   * @param {Stepping} stepping
   * @param {string} name
   * @param {Float32Array | null} data of all words
   * @param {number} t
   * @param {number} words
   * @param {boolean} here
   */
  #column(stepping, name, data, t, words, here) {
    const shown = facts.thinned(data, t, words, MOST_UNITS);
    const color = hue(hues_of(stepping), name);
    const line = stepping.description.cell.forward.last;
    return html`<span class="column ${shown ? "" : "empty"}"
      ><span class="cells"
        >${
          shown
            ? html`<unrolled-cells
                .data=${shown.values}
                .rows=${shown.values.length}
                .columns=${1}
                .scale=${state_scale(stepping)}
                .mark=${here ? Math.floor(step.unit.value / shown.stride) : -1}
                .pick=${here ? (/** @type {number} */ k) => pick(t, line, name, k * shown.stride) : null}
              ></unrolled-cells>`
            : nothing
        }</span
      ><b style=${color ? `color:var(${color})` : nothing}>${name}</b></span
    >`;
  }

  /** @param {Stepping} stepping @param {Position} position @param {number} t @param {number} words @param {boolean} here */
  #gradient(stepping, position, t, words, here) {
    const name = read_state(stepping);
    const data = facts.has_come_back(position, t) ? facts.gradients_over_time(stepping, name) : null;
    const shown = facts.thinned(data, t, words, MOST_UNITS);
    return html`<span class="column ${shown ? "" : "empty"}"
      ><span class="cells"
        >${
          shown
            ? html`<unrolled-cells
                .data=${shown.values}
                .rows=${shown.values.length}
                .columns=${1}
                .scale=${gradient_scale(stepping)}
                .mark=${here ? Math.floor(step.unit.value / shown.stride) : -1}
              ></unrolled-cells>`
            : nothing
        }</span
      ><b>d_${name}</b></span
    >`;
  }

  /**
   * What flows into word `t`; behind the last word, into the output.
   * @param {Stepping} stepping
   * @param {Position} position
   * @param {string[]} names
   * @param {number} t
   */
  #arrows(stepping, position, names, t) {
    const words = stepping.description.labels.length;
    const last = t === words;
    const shown = last ? [read_state(stepping)] : names;
    const flows = !facts.reads_on(position) || t <= position.timestep;
    const scale = state_scale(stepping);
    return html`<div class="arrows">
      ${shown.map((name) => {
        const data = t === 0 ? facts.first_state(stepping, name) : facts.states_over_time(stepping, name);
        const units = data ? data.length / (t === 0 ? 1 : words) : 0;
        const unit = Math.min(step.unit.value, units - 1);
        const value = flows && data ? data[t === 0 ? unit : (t - 1) * units + unit] : undefined;
        if (value === undefined) return html`<i class="arrow idle"></i>`;
        const thick =
          THICKNESS.least + (THICKNESS.most - THICKNESS.least) * Math.min(1, Math.abs(value) / scale);
        return html`<i
          class="arrow"
          style="--thick:${thick.toFixed(1)}px;--flow:${swatch(value / scale).background}"
          title="${name}[${unit}] = ${decimal(value)}"
        ></i>`;
      })}
    </div>`;
  }

  /** @param {Stepping} stepping @param {Position} position */
  #end(stepping, position) {
    const { loss, said } = stepping.outcome;
    const here = position.part !== CELL;
    return html`<p class="above"></p>
      <button class="box ${here ? "here" : ""}" tabindex="-1" @click=${() => move_to_phase(PHASE.OUTPUT)}>
        <span class="word">output</span>
        <span class="told"
          ><b>${facts.output_has_run(stepping, position, "y") && said.length === 1 ? short(said[0]) : "·"}</b>
          <span>loss</span
          ><b>${facts.output_has_run(stepping, position, "loss") ? decimal(loss, 2) : "·"}</b></span
        >
      </button>`;
  }

  /** @param {boolean} back */
  #aside(back) {
    const whole = step.level.value === 0;
    return html`<button class="quiet overview" @click=${() => (step.level.value = whole ? 1 : 0)}>
        ${whole ? "Back to one word" : "Overview: all words"}
      </button>
      <p class="carries">
        ${step.difference.value ? "Difference made by your edit" : back ? "" : html`Arrows: unit ${step.unit.value}`}
      </p>`;
  }

  /** Arrows lead from box to box. @param {KeyboardEvent} event */
  #keys = (event) => {
    const boxes = /** @type {HTMLElement[]} */ ([...this.querySelectorAll(".links .box")]);
    const at = boxes.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (at < 0 || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: boxes.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    boxes[Math.max(0, Math.min(boxes.length - 1, to))].focus();
  };

  /** @override */
  updated() {
    const words = /** @type {HTMLElement | null} */ (this.querySelector(".links"));
    const box = /** @type {HTMLElement | null} */ (this.querySelector(".links .here"));
    if (!words || !box || words.scrollWidth <= words.clientWidth) return;
    words.scrollLeft = box.offsetLeft - words.offsetLeft - (words.clientWidth - box.offsetWidth) / 2;
  }
}

/** `.52` for a probability, the number itself otherwise. @param {number} value */
function short(value) {
  return decimal(value, 2).replace(/^0(?=\.)/, "");
}

/** @param {Stepping} stepping @param {string} label @param {number} t @param {number | undefined} prediction */
function spoken(stepping, label, t, prediction) {
  const { labels, words, said } = stepping.description;
  const place = `${words ? `${label}, word` : "timestep"} ${t + 1} of ${labels.length}`;
  if (prediction === undefined) return place;
  return `${place}, prediction ${said === "binary" ? percent(prediction) : decimal(prediction, 2)}`;
}

/** @param {number} t @param {number} line @param {string} name @param {number} index */
function pick(t, line, name, index) {
  step.look_at({ part: CELL, pass: FORWARD, timestep: t, line, name, index });
  step.unit.value = index;
}

customElements.define("unrolled-chain", Chain);
