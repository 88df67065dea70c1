import { html, nothing } from "lit";
import { round_scale } from "../../figures/draw_cells.js";
import { decimal } from "../../state/shared/format.js";
import * as step from "../../state/step/step.js";
import { BACKWARD, CELL, FORWARD, MOMENT, OUTPUT, find_stop } from "../../state/step/walk.js";
import { show_table } from "../table.js";
import { View } from "../view.js";
import "../../figures/cells.js";
import { hue, hues_of } from "./hues.js";
import { gradient_scale } from "./listing.js";
import { name_of } from "./words.js";

/** @typedef {import("../../state/step/stepping.js").Session} Session */
/** @typedef {import("../../state/step/walk.js").Stop} Stop */
/** @typedef {{ name: string, line: number, phase: number, scale: number, note: string }} Shown a row of the picture */

/** Columns narrower than this carry no label of their own; every tenth is counted instead. */
const LABELLED = 30;

/** The whole sequence at once: timesteps across, units down; the past is there, the future is still pale. */
class Unrolled extends View {
  /** @override */
  render() {
    const session = step.session.value;
    const stop = step.stop.value;
    step.version.value;
    if (!session || !stop) return nothing;
    const { labels } = session.description;
    const open = step.level.value > 0;
    return html`
      <div class="heading">
        <h2>${this.#title(session)}</h2>
        <button class="quiet" @click=${() => this.#table(session)}>Table</button>${this.#legend(session)}
      </div>
      <div class="sequence" style="--columns:${labels.length}">
        ${labels.length <= LABELLED ? this.#labels(session, stop) : this.#counted(session, stop)}
        ${this.#rows(session, stop, open).map((shown) => this.#row(session, stop, shown))}
        ${labels.length <= LABELLED ? this.#said(session, stop) : nothing}
      </div>
    `;
  }

  /** @param {Session} session */
  #title(session) {
    const { labels, words } = session.description;
    const units = step.unit_count();
    const what = step.difference.value
      ? "What the change changes"
      : step.level.value === 0
        ? "The whole sequence, unrolled"
        : `${state_title(session)} over ${words ? "the sentence" : "the sequence"}`;
    return `${what}: ${units} ${units === 1 ? "unit" : "units"} × ${labels.length} ${words ? "words" : "timesteps"}`;
  }

  /** @param {Session} session */
  #table(session) {
    const { labels, cell } = session.description;
    const name = read_state(session);
    const data = step.shown_field(CELL, FORWARD, cell.forward.last, name);
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

  /** @param {Session} session */
  #legend(session) {
    const scale = step.difference.value
      ? round_scale(
          step.shown_field(CELL, FORWARD, session.description.cell.forward.last, read_state(session)),
        )
      : 1;
    return html`<p
      class="scale"
      aria-label="Colour scale: blue with a dash is minus ${scale}, paper is zero, orange is plus ${scale}"
    >
      <span>−${scale}</span><i></i><span>+${scale}</span>
    </p>`;
  }

  /** @param {Session} session @param {Stop} stop */
  #labels(session, stop) {
    return html`<div class="labels">
      ${session.description.labels.map(
        (label, t) =>
          html` <button
            class="${t === stop.t ? "here" : ""} ${reached(stop, t) ? "" : "later"}"
            tabindex="-1"
            aria-current=${t === stop.t ? "step" : nothing}
            @click=${() => open_step(session, stop, t)}
          >
            ${label}
          </button>`,
      )}
    </div>`;
  }

  /** @param {Session} session @param {Stop} stop */
  #counted(session, stop) {
    const count = session.description.labels.length;
    return html`<div class="labels counted">
      ${session.description.labels.map((label, t) =>
        (t === stop.t || (t + 1) % 10 === 0) && !(t !== stop.t && Math.abs(t - stop.t) < count / 25)
          ? html`<span class=${t === stop.t ? "here" : ""} style="left:${(100 * (t + 0.5)) / count}%"
              >${label}</span
            >`
          : nothing,
      )}
    </div>`;
  }

  /** @param {Session} session @param {Stop} stop @param {boolean} open @returns {Shown[]} */
  #rows(session, stop, open) {
    const { forward, backward, parameters } = session.description.cell;
    const state = read_state(session);
    const scale = (/** @type {string} */ name) =>
      step.difference.value
        ? round_scale(step.shown_field(CELL, FORWARD, forward.last, state))
        : (void name, 1);
    const names = open
      ? [state]
      : [...gates_of(session), ...parameters.filter((p) => p.role === "state").map((p) => p.name)];
    const rows = [...new Set(names)].map((name) => ({
      name,
      line: forward.last,
      phase: FORWARD,
      scale: scale(name),
      note: name_of(session, name),
    }));
    const gradients = stop.phase === BACKWARD || stop.moment >= MOMENT.ARRIVES;
    if (gradients) {
      const full = gradient_scale(session);
      rows.push({
        name: `d_${state}`,
        line: backward.head,
        phase: BACKWARD,
        scale: full,
        note: `what every ${name_of(session, state) || "state"} means for the loss, full colour is ±${full}`,
      });
    }
    return rows;
  }

  /** @param {Session} session @param {Stop} stop @param {Shown} shown */
  #row(session, stop, shown) {
    const { labels } = session.description;
    const data =
      shown.phase === FORWARD
        ? step.shown_field(CELL, FORWARD, shown.line, shown.name)
        : session.field(CELL, BACKWARD, shown.line, shown.name);
    if (!data) return nothing;
    const units = data.length / labels.length;
    const place = step.place.value;
    const color = hue(hues_of(session), shown.name) ?? "--ink-2";
    const pick = (/** @type {number} */ k) => this.#pick(session, shown, Math.floor(k / units), k % units);
    const marked =
      place && place.name === shown.name && place.phase === shown.phase
        ? place.t * units + place.index
        : stop.t * units + Math.min(step.unit.value, units - 1);
    const veil =
      shown.phase === FORWARD && stop.phase === FORWARD && stop.part === CELL
        ? { left: (100 * (stop.t + 1)) / labels.length, right: 0 }
        : shown.phase === BACKWARD && stop.part === CELL && stop.moment !== MOMENT.SUM
          ? { left: 0, right: 100 - (100 * stop.t) / labels.length }
          : { left: 100, right: 0 };
    return html` <figure style="--hue:var(${color})" class=${shown.phase === BACKWARD ? "gradient" : ""}>
      ${
        step.level.value === 0 || shown.phase === BACKWARD
          ? html`<figcaption><b>${shown.name}</b> ${shown.note}</figcaption>`
          : nothing
      }
      <div class="plane" style="--units:${units}">
        <unrolled-cells
          .data=${data}
          .rows=${units}
          .columns=${labels.length}
          by_column
          .scale=${shown.scale}
          .mark=${marked}
          .pick=${pick}
        ></unrolled-cells>
        <i class="veil" style="left:${veil.left}%;right:${veil.right}%"></i>
        <i class="here" style="left:${(100 * stop.t) / labels.length}%;width:${100 / labels.length}%"></i>
      </div>
    </figure>`;
  }

  /** @param {Session} session @param {Shown} shown @param {number} t @param {number} index */
  #pick(session, shown, t, index) {
    step.look_at({ part: CELL, phase: shown.phase, t, line: shown.line, name: shown.name, index });
    step.unit.value = index;
    if (step.level.value === 0) step.level.value = 1;
    void session;
  }

  /** What the output would say after every timestep. @param {Session} session @param {Stop} stop */
  #said(session, stop) {
    const { output, said } = session.description;
    if (said === "classes") return nothing;
    const values = session.field(OUTPUT, FORWARD, output.forward.last, "y");
    if (!values) return nothing;
    return html`<div class="labels said" title="What the output would say after each timestep">
      ${[...values].map(
        (value, t) =>
          html`<span class=${reached(stop, t) ? "" : "later"}
            >${reached(stop, t) ? decimal(value, 2).replace(/^0/, "") : ""}</span
          >`,
      )}
    </div>`;
  }
}

/** @param {Stop} stop @param {number} t */
function reached(stop, t) {
  return stop.phase === BACKWARD || stop.part === OUTPUT || t <= stop.t;
}

/** @param {Session} session */
export function read_state(session) {
  return session.description.cell.parameters[1 + session.description.read_state]?.name ?? "h";
}

/** @param {Session} session */
function state_title(session) {
  const name = read_state(session);
  const called = name_of(session, name);
  return called ? `${called[0].toUpperCase()}${called.slice(1)} ${name}` : `State ${name}`;
}

/** Everything that has a colour and is as wide as the state. @param {Session} session */
function gates_of(session) {
  const hues = hues_of(session);
  const width = session.description.cell.parameters[1]?.shape[0];
  const written = session.description.cell.forward.lines.flatMap((line) => line.writes);
  return written
    .filter(
      ({ name, shape }) =>
        hues.has(name) && !name.startsWith("z_") && shape.length === 1 && shape[0] === width,
    )
    .map(({ name }) => name);
}

/** Opens a timestep at the line where one is. @param {Session} session @param {Stop} stop @param {number} t */
function open_step(session, stop, t) {
  step.chosen.value = null;
  if (step.level.value === 0) step.level.value = 1;
  const inside = stop.part === CELL && stop.moment !== MOMENT.SUM;
  const found = find_stop(session.stops, {
    part: CELL,
    phase: inside ? stop.phase : FORWARD,
    t,
    line: inside ? stop.line : Infinity,
  });
  if (found >= 0) step.at.value = found;
}

customElements.define("unrolled-step-sequence", Unrolled);
