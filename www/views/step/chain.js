import { html, nothing } from "lit";
import { brief, decimal, percent } from "../../state/shared/format.js";
import { move_to_phase, playing, speed } from "../../state/step/player.js";
import * as step from "../../state/step/step.js";
import { BACKWARD, CELL, FORWARD, PHASE } from "../../state/step/walk.js";
import { View } from "../view.js";
import "../../figures/cells.js";
import { arrows, norm_after } from "./chain_arrows.js";
import { aside } from "./chain_aside.js";
import { column, field, read_out_unit } from "./chain_columns.js";
import * as facts from "./chain_facts.js";
import { carry, open_below } from "./chain_motion.js";
import { hue, hues_of } from "./hues.js";
import { once_drawn } from "./in_sight.js";
import { open_word } from "./open_word.js";
import { predicted, written } from "./prediction.js";
import { leave } from "./readout.js";
import { carried_state, gradient_scale, state_scale } from "./scales.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/walk.js").Position} Position */

/** From this speed on the next word begins before a movement would have ended. */
const FAST = 4;

/** The width of a letter under a column, and what lies around the columns of a box, in pixels. */
const LETTER = 7.3;
const GAP = 4;
const BORDERS = 6;

/** What is said of a word that is not in the vocabulary of the network. */
const UNKNOWN = "a word that this network does not know; it reads the vector of all unknown words";

/**
 * The unrolled chain: a box for every word with the states that it left, and arrows for what flows from word to word.
 * On the way back the arrows turn, and carry the gradient.
 */
class Chain extends View {
  /** Box that has the one tab stop while the focus is inside. */
  #focused = -1;
  /** What was shown last, to see what has moved. @type {{ position: Position, stepping: Stepping } | null} */
  #shown = null;

  /** @override */
  render() {
    const stepping = step.stepping.value;
    const position = step.position.value;
    step.version.value;
    if (!stepping || !position) return nothing;
    const { labels } = stepping.description;
    return html`
      <div class="start">${this.#start(stepping, position)}</div>
      <div
        class="links"
        style="--names:${Math.max(...columns_of(stepping).map(width_of))}px"
        role="group"
        aria-label="The unrolled chain"
        @keydown=${this.#keys}
      >
        ${labels.map(
          (label, t) => html`${arrows(stepping, position, t)} ${this.#box(stepping, position, t, label)}`,
        )}
        ${arrows(stepping, position, labels.length)}
      </div>
      <div class="end">${this.#end(stepping, position)}</div>
      <div class="beside-chain">${aside(stepping, position)}</div>
    `;
  }

  /** @param {Stepping} stepping @param {Position} position */
  #start(stepping, position) {
    const { said, called, title } = facts.read_before(stepping);
    const shown = facts.walks_back(position)
      ? `‖d_${carried_state(stepping)}‖ ←`
      : said !== undefined
        ? written(said)
        : facts.predictions(stepping)
          ? "output →"
          : "";
    return html`<p class="above">${shown}</p>
      <div class="box still" title=${title}>
        <span class="word">${called}</span>
        <span class="columns-of">
          ${facts
            .state_names(stepping)
            .map((name) => this.#state(stepping, name, facts.start_of(stepping, name), 0, false))}
        </span>
      </div>`;
  }

  /** @param {Stepping} stepping @param {Position} position @param {number} t @param {string} label */
  #box(stepping, position, t, label) {
    const here = t === position.timestep && position.part === CELL && position.phase !== PHASE.SUM;
    const prediction = facts.is_done(stepping, position, t) ? facts.predictions(stepping)?.[t] : undefined;
    const unknown = facts.is_unknown(stepping, t);
    return html`<div class="place">
      <p class="above" title=${prediction?.class_name || nothing}>
        ${this.#above(stepping, position, t, prediction)}
      </p>
      <button
        class="box ${here ? "here" : ""} ${t > position.timestep && facts.reads_on(position) ? "later" : ""}"
        data-t=${t}
        tabindex=${t === (this.#focused >= 0 ? this.#focused : position.timestep) ? 0 : -1}
        aria-current=${here ? "step" : nothing}
        aria-label=${spoken(stepping, position, t, prediction)}
        title=${unknown ? `${label}: ${UNKNOWN}` : label}
        @click=${(/** @type {Event} */ event) => this.#open(event, stepping, position, t)}
        @focus=${(/** @type {FocusEvent} */ event) => {
          this.#focused = t;
          read_out_unit(/** @type {HTMLElement} */ (event.currentTarget));
        }}
        @blur=${() => {
          this.#focused = -1;
          leave();
        }}
      >
        <span class="word ${unknown ? "unknown" : ""}">${label}</span>
        <span class="columns-of">${this.#columns(stepping, position, t, here)}</span>
      </button>
    </div>`;
  }

  /**
   * @param {Stepping} stepping
   * @param {Position} position
   * @param {number} t
   * @param {import("./chain_facts.js").Prediction | undefined} prediction
   */
  #above(stepping, position, t, prediction) {
    if (!facts.walks_back(position))
      return prediction === undefined ? "" : predicted(stepping, position, t, prediction);
    const norm = facts.has_come_back(position, t) ? norm_after(stepping, carried_state(stepping), t) : null;
    return norm === null ? "" : brief(norm);
  }

  /** @param {Stepping} stepping @param {Position} position @param {number} t @param {boolean} here */
  #columns(stepping, position, t, here) {
    const carried = carried_state(stepping);
    if (facts.walks_back(position))
      return html`${this.#state(stepping, carried, facts.state_after(stepping, carried, t), t, here)}
      ${this.#gradient(stepping, position, t, here)}`;
    return html`${here && facts.reads_on(position) ? this.#arrived(stepping, t) : nothing}
    ${facts
      .state_names(stepping)
      .map((name) =>
        this.#state(
          stepping,
          name,
          facts.has_run(position, t, facts.made_on(stepping, name))
            ? facts.state_after(stepping, name, t)
            : null,
          t,
          here,
        ),
      )}`;
  }

  /**
   * The states that the word before left, at the side where they came in.
   * @param {Stepping} stepping
   * @param {number} t
   */
  #arrived(stepping, t) {
    return html`<span class="arrived" title="The states before this ${stepping.description.called}">
      ${facts.state_names(stepping).map((name) => {
        const shown = t === 0 ? facts.start_of(stepping, name) : facts.state_after(stepping, name, t - 1);
        return shown
          ? html`<span class="cells">${field({ values: shown.values, scale: state_scale(stepping) })}</span>`
          : nothing;
      })}
    </span>`;
  }

  /**
   * @param {Stepping} stepping
   * @param {string} name
   * @param {import("./chain_facts.js").Thinned | null} shown null before it is made
   * @param {number} t
   * @param {boolean} here
   */
  #state(stepping, name, shown, t, here) {
    const line = stepping.description.cell.forward.last;
    const made = facts.made_on(stepping, name);
    const look = (/** @type {number} */ k) => pick(t, made, name, k * (shown?.stride ?? 1));
    const mark = here && shown ? Math.floor(step.unit.value / shown.stride) : -1;
    const address = (/** @type {number} */ k) => ({
      part: CELL,
      pass: FORWARD,
      timestep: t,
      line,
      name,
      index: k * (shown?.stride ?? 1),
    });
    return column(
      name,
      hue(hues_of(stepping), name),
      shown &&
        field({
          values: shown.values,
          scale: state_scale(stepping),
          mark,
          look: here ? look : null,
          address,
        }),
    );
  }

  /** @param {Stepping} stepping @param {Position} position @param {number} t @param {boolean} here */
  #gradient(stepping, position, t, here) {
    const name = carried_state(stepping);
    const shown = facts.has_come_back(position, t) ? facts.gradient_after(stepping, name, t) : null;
    const line = stepping.description.cell.backward.head;
    const address = (/** @type {number} */ k) => ({
      part: CELL,
      pass: BACKWARD,
      timestep: t,
      line,
      name: `d_${name}`,
      index: k * (shown?.stride ?? 1),
    });
    const look = (/** @type {number} */ k) => step.look_at(address(k));
    const mark = here && shown ? Math.floor(step.unit.value / shown.stride) : -1;
    return column(
      `d_${name}`,
      hue(hues_of(stepping), name),
      shown &&
        field({
          values: shown.values,
          scale: gradient_scale(stepping),
          mark,
          look: here ? look : null,
          address,
        }),
    );
  }

  /** @param {Stepping} stepping @param {Position} position */
  #end(stepping, position) {
    const { loss, said } = stepping.outcome;
    const here = position.part !== CELL;
    const output = facts.output_has_run(stepping, position, "y")
      ? written(facts.prediction_of(stepping, said))
      : null;
    const error = facts.output_has_run(stepping, position, "loss") ? decimal(loss) : null;
    const next = here && position.phase === PHASE.OUTPUT ? PHASE.LOSS : PHASE.OUTPUT;
    return html`<p class="above"></p>
      <button
        class="box ${here ? "here" : ""}"
        aria-label="Output ${output ?? "not computed yet"}, loss ${error ?? "not computed yet"}"
        aria-current=${here ? "step" : nothing}
        @click=${() => move_to_phase(next)}
      >
        <span class="word">output</span>
        <span class="told"
          ><b class=${output ? "" : "unmade"}>${output}</b><span>loss</span
          ><b class=${error ? "" : "unmade"}>${error}</b></span
        >
      </button>`;
  }

  /** @param {Event} event @param {Stepping} stepping @param {Position} position @param {number} t */
  #open(event, stepping, position, t) {
    open_word(stepping, position, t);
    open_below(/** @type {Element} */ (event.currentTarget));
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
    const stepping = step.stepping.value;
    const position = step.position.value;
    if (!stepping || !position) return;
    const before = this.#shown;
    this.#shown = { position, stepping };
    if (before?.stepping === stepping && before.position.timestep === position.timestep) {
      if (before.position.pass === position.pass && before.position.part === position.part) return;
    }
    once_drawn(this, () => {
      this.#scroll();
      if (before?.stepping === stepping && !(playing.value && speed.value >= FAST))
        this.#move(before.position, position);
    });
  }

  /** Keeps the present word in sight where not all have room. */
  #scroll() {
    const links = /** @type {HTMLElement | null} */ (this.querySelector(".links"));
    const here = step.position.value?.timestep ?? 0;
    const box = /** @type {HTMLElement | null} */ (this.querySelector(`[data-t="${here}"]`));
    links?.classList.toggle("cut", links.scrollWidth > links.clientWidth);
    if (!links || !box || links.scrollWidth <= links.clientWidth) return;
    const { left, width } = box.getBoundingClientRect();
    links.scrollLeft += left + width / 2 - (links.getBoundingClientRect().left + links.clientWidth / 2);
  }

  /** @param {Position} before @param {Position} now */
  #move(before, now) {
    const place = (/** @type {number} */ t, /** @type {string} */ what) =>
      this.querySelector(t < 0 ? `.start ${what}` : `[data-t="${t}"] ${what}`);
    if (facts.reads_on(before) && facts.reads_on(now) && now.timestep === before.timestep + 1)
      carry(this, place(before.timestep, ".columns-of"), place(now.timestep, ".arrived"));
    if (facts.walks_back(before) && facts.walks_back(now) && now.timestep === before.timestep - 1)
      carry(
        this,
        place(before.timestep, ".column:last-child .cells"),
        place(now.timestep, ".column:last-child .cells"),
      );
  }
}

/**
 * The names of the columns in a box: forwards all states, backwards one and its gradient.
 * @param {Stepping} stepping
 */
function columns_of(stepping) {
  const carried = carried_state(stepping);
  return [facts.state_names(stepping), [carried, `d_${carried}`]];
}

/** The width of a box in which the names of its columns have room. @param {string[]} names */
function width_of(names) {
  const written = names.reduce((sum, name) => sum + LETTER * name.length + GAP, 0);
  return Math.ceil(written + GAP + BORDERS);
}

/**
 * What a box is called aloud.
 * @param {Stepping} stepping
 * @param {Position} position
 * @param {number} t
 * @param {import("./chain_facts.js").Prediction | undefined} prediction
 */
function spoken(stepping, position, t, prediction) {
  const { labels, words, said, called } = stepping.description;
  const label = labels[t];
  const unknown = facts.is_unknown(stepping, t) ? `, ${UNKNOWN}` : "";
  const place = `${words ? `${label}, ` : ""}${called} ${t + 1} of ${labels.length}${unknown}`;
  if (facts.has_come_back(position, t)) {
    const norms = facts.norms_after(stepping, t).map(({ name, norm }) => `‖d_${name}‖ ${brief(norm)}`);
    return [place, ...norms].join(", ");
  }
  if (prediction === undefined) return place;
  const { value, class_name } = prediction;
  if (said === "number") return `${place}, prediction ${decimal(value, 2)}`;
  return `${place}, prediction ${class_name ? `${class_name}, ` : ""}${percent(value)}`;
}

/** @param {number} timestep @param {number} line @param {string} name @param {number} index */
function pick(timestep, line, name, index) {
  step.look_at({ part: CELL, pass: FORWARD, timestep, line, name, index });
  step.unit.value = index;
}

customElements.define("unrolled-chain", Chain);
