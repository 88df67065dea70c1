import { html, nothing } from "lit";
import { round_scale } from "../../figures/draw_cells.js";
import * as step from "../../state/step/step.js";
import { BACKWARD, CELL, FORWARD, MOMENT, count_stops, stop_at } from "../../state/step/walk.js";
import { View } from "../view.js";
import "../../figures/cells.js";
import { hue, hues_of } from "./hues.js";
import { gradient_scale } from "./listing.js";

/** @typedef {import("../../state/step/stepping.js").Session} Session */
/** @typedef {import("../../state/step/stepping.js").NamedArray} NamedArray */
/** @typedef {import("../../state/step/walk.js").Stop} Stop */

/**
 * @typedef {{ data: Float32Array, scale: number, lit: boolean, note: string, line: number, mark?: number, pick?:
 *   (index: number) => void }} Shown
 */

/** What the step is given: the input, the states, the weights. What the line reads lights up. */
class Arrays extends View {
  /** @override */
  render() {
    const session = step.session.value;
    const stop = step.stop.value;
    const side = step.side.value;
    step.version.value;
    if (!session || !stop || !side) return nothing;
    const reads = new Set(step.line.value?.reads ?? []);
    const sums = stop.moment === MOMENT.SUM;
    return html`
      <h2>
        ${
          sums
            ? "The gradients of the weights, added up over all timesteps"
            : stop.phase === FORWARD
              ? "What the step is given"
              : "What the adjoint is given"
        }
      </h2>
      <div class="arrays ${stop.phase === FORWARD || sums ? "" : "back"}">
        ${
          sums
            ? this.#sums(session, stop)
            : side.given.map((array, k) => this.#array(session, stop, array, k, reads.has(array.name)))
        }
      </div>
    `;
  }

  /**
   * @param {Session} session
   * @param {Stop} stop
   * @param {NamedArray} array
   * @param {number} position
   * @param {boolean} lit
   */
  #array(session, stop, array, position, lit) {
    const side = step.side_of(session, stop.part, stop.phase);
    const role = this.#role(session, stop, position);
    // Backwards there are many arrays: the weights come when they are read.
    if (stop.phase === BACKWARD && !lit && role === "weight") return nothing;
    // Weights are the same at every timestep: asked for once, drawn once.
    const data = step.shown_value(
      stop.part,
      stop.phase,
      role === "weight" && session.live ? 0 : stop.t,
      side.head,
      array.name,
    );
    if (!data) return nothing;
    const scale = step.difference.value
      ? round_scale(data)
      : role === "gradient"
        ? gradient_scale(session)
        : 1;
    return this.#figure(session, stop, array, { data, scale, lit, note: NOTES[role], line: side.head });
  }

  /** @param {Session} session @param {Stop} stop @param {number} position @returns {string} */
  #role(session, stop, position) {
    const { parameters } = stop.part === CELL ? session.description.cell : session.description.output;
    return parameters[position]?.role ?? "gradient";
  }

  /** @param {Session} session @param {Stop} stop */
  #sums(session, stop) {
    const weights = session.description.cell.parameters.filter(({ role }) => role === "weight");
    return weights.map(({ name, shape }, k) => {
      const data = session.weight_gradient(k);
      if (!data) return nothing;
      return this.#figure(
        session,
        stop,
        { name: `d_${name}`, shape },
        {
          data,
          scale: round_scale(data),
          lit: k === stop.weight,
          note: `full colour is ±${round_scale(data)}`,
          line: stop.line,
          mark: k === stop.weight ? Math.min(step.summed.value, data.length - 1) : -1,
          pick: (index) => sum_of(session, k, index),
        },
      );
    });
  }

  /** @param {Session} session @param {Stop} stop @param {NamedArray} array @param {Shown} shown */
  #figure(session, stop, { name, shape }, { data, scale, lit, note, line, mark, pick: picked }) {
    const columns = shape.length === 2 ? shape[1] : data.length;
    const rows = Math.max(1, data.length / columns);
    const place = step.place.value;
    const here =
      place &&
      place.name === name &&
      place.part === stop.part &&
      place.phase === stop.phase &&
      place.t === stop.t &&
      place.line <= line;
    const color = hue(hues_of(session), name);
    const pick =
      picked ??
      ((/** @type {number} */ index) =>
        step.look_at({ part: stop.part, phase: stop.phase, t: stop.t, line, name, index }));
    return html`
      <figure class="array ${lit ? "lit" : ""} ${rows > 1 ? "matrix" : ""}" style="--rows:${rows}">
        <figcaption>
          <b style=${color ? `color:var(${color})` : nothing}>${name}</b> <span>${shape.join(" × ")}</span>
          <i>${note}</i>
        </figcaption>
        <unrolled-cells
          .data=${data}
          .rows=${rows}
          .columns=${columns}
          .scale=${scale}
          .mark=${mark ?? (here ? place.index : -1)}
          .pick=${pick}
        ></unrolled-cells>
      </figure>
    `;
  }
}

/**
 * Looks at another number of a summed gradient.
 * @param {Session} session
 * @param {number} weight
 * @param {number} index
 */
function sum_of(session, weight, index) {
  for (let k = 0; k < count_stops(session.stops); k++)
    if (stop_at(session.stops, k).weight === weight) step.at.value = k;
  step.summed.value = index;
}

/** @type {Record<string, string>} */
const NOTES = { input: "read now", state: "from before", weight: "", gradient: "arrives" };

customElements.define("unrolled-step-arrays", Arrays);
