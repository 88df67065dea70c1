import { html, nothing } from "lit";
import { decimal } from "../../state/shared/format.js";
import { move_to_phase } from "../../state/step/player.js";
import * as step from "../../state/step/step.js";
import { BACKWARD, CELL, FORWARD, PHASE, OUTPUT } from "../../state/step/walk.js";
import { show_table } from "../table.js";
import { View } from "../view.js";
import "../../figures/cells.js";
import { is_labelled, layout_of, width_of } from "../../figures/word_labels.js";
import { open_word } from "./open_word.js";
import { listeners } from "./readout.js";
import { has_run, is_done, made_on } from "./chain_facts.js";
import { hue, hues_of } from "./hues.js";
import { carried_state, gradient_scale, read_state, share_hue, state_scale } from "./scales.js";
import { called } from "./words.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/walk.js").Position} Position */
/** @typedef {import("../../types/engine.js").Pass} Pass */
/** @typedef {{ name: string, line: number, pass: Pass, scale: number, note: string }} Shown a row of the picture */

/** With more timesteps than this, of a sequence without words, only every tenth is labelled. */
const LABELLED = 30;

/** Words stand here larger than above the figures of training. */
const LARGER = 13 / 11;

/** Width of a prediction in pixels. */
const PREDICTION = 26;

/** The overview: timesteps across, units down, all that the cell makes; what is not yet computed is empty. */
class Unrolled extends View {
  /** @override */
  static properties = { room: { state: true } };

  #observer = new ResizeObserver(([{ contentRect }]) => (this.room = contentRect.width));
  /** @type {Element | null} */
  #observed = null;

  constructor() {
    super();
    /** Width of the figures in pixels; 0 until it is measured. */
    this.room = 0;
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#observer.disconnect();
    this.#observed = null;
  }

  /** @override */
  updated() {
    const plane = this.querySelector(".plane");
    if (plane === this.#observed) return;
    this.#observer.disconnect();
    this.#observed = plane;
    if (plane) this.#observer.observe(plane);
  }

  /** @override */
  render() {
    const stepping = step.stepping.value;
    const position = step.position.value;
    step.version.value;
    if (!stepping || !position) return nothing;
    const { labels, words } = stepping.description;
    const rows = this.#rows(stepping, position);
    return html`
      <div class="heading">
        <h2>${this.#title(stepping)}</h2>
        <button class="quiet" @click=${() => this.#table(stepping)}>Table</button>${this.#legend(stepping)}
      </div>
      ${this.#told(stepping, position)}
      <div class="sequence" style="--columns:${labels.length}">
        ${
          words || labels.length <= LABELLED
            ? this.#labels(stepping, position)
            : this.#counted(stepping, position)
        }
        ${rows.map((shown) => this.#row(stepping, position, shown))} ${this.#predictions(stepping, position)}
      </div>
    `;
  }

  /** @param {Stepping} stepping */
  #title(stepping) {
    const { labels, called: what_each } = stepping.description;
    const units = step.unit_count();
    const what = step.difference.value ? "Difference made by your edit" : "The whole sequence, unrolled";
    return `${what}: ${units} ${units === 1 ? "unit" : "units"} × ${labels.length} ${what_each}s`;
  }

  /** What can be seen, or how it comes to be seen. @param {Stepping} stepping @param {Position} position */
  #told(stepping, position) {
    const what = stepping.description.called;
    if (position.part !== CELL || position.pass !== FORWARD)
      return html`<p class="told">
        Each number can be clicked; a click on a ${what} opens its cell. What has not been computed is empty.
      </p>`;
    const none = position.timestep === 0 && position.line <= stepping.description.cell.forward.head;
    return html`<p class="told">
      ${none ? "Nothing has been computed yet. " : ""}Each ${what} fills its column when its lines have run:
      press Play, or
      <button class="link" @click=${() => move_to_phase(PHASE.OUTPUT)}>compute all ${what}s</button>.
    </p>`;
  }

  /** @param {Stepping} stepping */
  #table(stepping) {
    const { labels, cell } = stepping.description;
    const name = read_state(stepping);
    const data = step.shown_values({ part: CELL, pass: FORWARD, line: cell.forward.last, name });
    if (!data) return;
    const units = data.length / labels.length;
    show_table({
      title: `${name} over the sequence${step.difference.value ? ", the difference to before the change" : ""}`,
      note: `One row a timestep, one column a unit; ${labels.length} timesteps, ${units} units.`,
      head: ["timestep", ...Array.from({ length: units }, (_, unit) => `unit ${unit}`)],
      rows: labels.map((label, t) => [
        label,
        ...Array.from(data.subarray(t * units, (t + 1) * units), (value) => decimal(value)),
      ]),
    });
  }

  /** @param {Stepping} stepping */
  #legend(stepping) {
    const scale = state_scale(stepping);
    return html`<p
      class="scale"
      role="img"
      aria-label="Colour scale: blue with a dash is minus ${scale}, paper is zero, orange is plus ${scale}"
    >
      ${
        gates_of(stepping).some((name) => share_hue(stepping, FORWARD, name) !== "")
          ? html`<span class="shares">gates: 0 to 1, in the colour of their name; others:</span>`
          : nothing
      }
      <span>−${scale}</span><i></i><span>+${scale}</span>
    </p>`;
  }

  /** @param {Stepping} stepping @param {Position} position */
  #labels(stepping, position) {
    const { labels } = stepping.description;
    const widths = labels.map((label) => LARGER * width_of(label));
    const { turned, every, height } = layout_of(widths, this.room || innerWidth);
    return html`<div
      class="labels ${turned ? "turned" : ""}"
      style=${turned ? `height:${height}px` : nothing}
    >
      ${labels.map((label, t) =>
        is_labelled(t, every, position.timestep)
          ? html`<button
              class="${t === position.timestep ? "here" : ""} ${reached(position, t) ? "" : "later"}"
              style="grid-column:${t + 1}"
              tabindex="-1"
              title=${label}
              aria-current=${t === position.timestep ? "step" : nothing}
              @click=${() => open_word(stepping, position, t)}
            >
              ${label}
            </button>`
          : nothing,
      )}
    </div>`;
  }

  /** @param {Stepping} stepping @param {Position} position */
  #counted(stepping, position) {
    const count = stepping.description.labels.length;
    return html`<div class="labels counted">
      ${stepping.description.labels.map((label, t) =>
        (t === position.timestep || (t + 1) % 10 === 0) &&
        !(t !== position.timestep && Math.abs(t - position.timestep) < count / 25)
          ? html`<span
              class=${t === position.timestep ? "here" : ""}
              style="left:${(100 * (t + 0.5)) / count}%"
              >${label}</span
            >`
          : nothing,
      )}
    </div>`;
  }

  /** @param {Stepping} stepping @param {Position} position @returns {Shown[]} */
  #rows(stepping, position) {
    const { forward, backward, parameters } = stepping.description.cell;
    const state = carried_state(stepping);
    const names = [...gates_of(stepping), ...parameters.filter((p) => p.role === "state").map((p) => p.name)];
    /** @type {Shown[]} */
    const rows = [...new Set(names)].map((name) => ({
      name,
      line: forward.last,
      pass: FORWARD,
      scale: state_scale(stepping),
      note: called(stepping, name),
    }));
    // The row of the gradients has its place from the first word on, so that nothing moves when they are computed.
    const computed = are_computed(position);
    if (computed || !step.difference.value) {
      const scale = computed ? gradient_scale(stepping) : 1;
      const note = computed ? `gradient, ±${scale}` : "gradient";
      rows.push({ name: `d_${state}`, line: backward.head, pass: BACKWARD, scale, note });
    }
    return rows;
  }

  /** @param {Stepping} stepping @param {Position} position @param {Shown} shown */
  #row(stepping, position, shown) {
    const { labels } = stepping.description;
    const data =
      shown.pass === FORWARD
        ? step.shown_values({ part: CELL, pass: FORWARD, line: shown.line, name: shown.name })
        : stepping.values({ part: CELL, pass: BACKWARD, line: shown.line, name: shown.name });
    if (!data) return nothing;
    const units = data.length / labels.length;
    const address = step.address.value;
    const color = hue(hues_of(stepping), shown.name) ?? "--ink-2";
    const pick = (/** @type {number} */ k) => this.#pick(shown, Math.floor(k / units), k % units);
    const { line, name, pass } = shown;
    const address_of = (/** @type {number} */ k) => ({
      ...{ part: CELL, pass, line, name },
      timestep: Math.floor(k / units),
      index: k % units,
    });
    const marked =
      address && address.name === shown.name && address.pass === shown.pass
        ? address.timestep * units + address.index
        : position.timestep * units + Math.min(step.unit.value, units - 1);
    const ran = has_run(position, position.timestep, made_on(stepping, shown.name));
    const none = { left: 0, right: 0 };
    const veil =
      shown.pass === BACKWARD && !are_computed(position)
        ? none
        : shown.pass === FORWARD && position.pass === FORWARD && position.part === CELL
          ? { left: (100 * (position.timestep + (ran ? 1 : 0))) / labels.length, right: 0 }
          : shown.pass === BACKWARD && position.part === CELL && position.phase !== PHASE.SUM
            ? { left: 0, right: 100 - (100 * position.timestep) / labels.length }
            : { left: 100, right: 0 };
    const known = (/** @type {number} */ k) => {
      if (veil === none) return false;
      const from = (100 * Math.floor(k / units)) / labels.length;
      return from < veil.left - 0.01 && from >= 0 ? true : veil.left === 0 && from >= 100 - veil.right - 0.01;
    };
    const field = { address: address_of, data, rows: units, columns: labels.length, by_column: true, known };
    const { move, leave, focus, key } = listeners(field, pick);
    return html` <figure
      style="--hue:var(${color});--units:${units}"
      class=${shown.pass === BACKWARD ? "gradient" : ""}
    >
      <figcaption><b>${shown.name}</b> ${shown.note}</figcaption>
      <div class="plane">
        <unrolled-cells
          tabindex="0"
          role="application"
          aria-label="${name}, ${units} by ${labels.length}: arrows move, Enter explains"
          @pointermove=${move}
          @pointerleave=${leave}
          @focus=${focus}
          @blur=${leave}
          @keydown=${key}
          .data=${data}
          .rows=${units}
          .columns=${labels.length}
          by_column
          .scale=${shown.scale}
          .hue=${share_hue(stepping, pass, name)}
          .mark=${known(marked) ? marked : -1}
          .pick=${pick}
        ></unrolled-cells>
        <i class="veil" style="left:${veil.left}%;right:${veil.right}%"></i>
        <i
          class="here"
          style="left:${(100 * position.timestep) / labels.length}%;width:${100 / labels.length}%"
        ></i>
      </div>
    </figure>`;
  }

  /** @param {Shown} shown @param {number} timestep @param {number} index */
  #pick(shown, timestep, index) {
    const stepping = step.stepping.value;
    // The line that makes the number is the one that is marked, and the picture shows what it reads.
    const line = stepping && shown.pass === FORWARD ? made_on(stepping, shown.name) : shown.line;
    step.look_at({ part: CELL, pass: shown.pass, timestep, line, name: shown.name, index });
    step.unit.value = index;
    step.level.value = 1;
  }

  /** What the output would say after every timestep. @param {Stepping} stepping @param {Position} position */
  #predictions(stepping, position) {
    const { output, said } = stepping.description;
    if (said === "classes") return nothing;
    const values = stepping.values({ part: OUTPUT, pass: FORWARD, line: output.forward.last, name: "y" });
    if (!values) return nothing;
    const every = Math.ceil(PREDICTION / Math.max(1, (this.room || innerWidth) / values.length));
    return html`<div class="labels predictions" title="What the output would say after each timestep">
      ${[...values].map((value, t) => {
        const shown = is_labelled(t, every, position.timestep) && is_done(stepping, position, t);
        const text = shown ? decimal(value, 2).replace(/^0(?=\.)/, "") : "";
        return html`<span class=${reached(position, t) ? "" : "later"}>${text}</span>`;
      })}
    </div>`;
  }
}

/** Whether gradients have begun to be computed. @param {Position} position */
function are_computed(position) {
  return position.pass === BACKWARD || position.phase >= PHASE.ARRIVES;
}

/** @param {Position} position @param {number} t */
function reached(position, t) {
  return position.pass === BACKWARD || position.part === OUTPUT || t <= position.timestep;
}

/** Everything that has a colour and is as wide as the state. @param {Stepping} stepping */
function gates_of(stepping) {
  const hues = hues_of(stepping);
  const width = stepping.description.cell.parameters[1]?.shape[0];
  const written = stepping.description.cell.forward.lines.flatMap((line) => line.writes);
  return written
    .filter(
      ({ name, shape }) =>
        hues.has(name) && !name.startsWith("z_") && shape.length === 1 && shape[0] === width,
    )
    .map(({ name }) => name);
}

customElements.define("unrolled-step-sequence", Unrolled);
