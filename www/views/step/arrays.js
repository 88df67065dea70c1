import { html, nothing, svg } from "lit";
import { round_scale } from "../../figures/field.js";
import { fine } from "../../state/shared/format.js";
import * as step from "../../state/step/step.js";
import { BACKWARD, CELL, FORWARD, PHASE, place_of } from "../../state/step/walk.js";
import { View } from "../view.js";
import "../../figures/cells.js";
import { hue, hues_of } from "./hues.js";
import { listeners } from "./readout.js";
import { gradient_scale } from "./scales.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/stepping.js").NamedArray} NamedArray */
/** @typedef {import("../../state/step/walk.js").Position} Position */

/**
 * @typedef {object} Shown
 * @property {Float32Array} data
 * @property {number} scale
 * @property {boolean} lit
 * @property {string} note
 * @property {number} line
 * @property {string} [title]
 * @property {number} [mark]
 * @property {(index: number) => void} [pick]
 */

/** Inputs of this step: the input, the states, the weights. What the line reads lights up. */
class Arrays extends View {
  /** @override */
  render() {
    const stepping = step.stepping.value;
    const position = step.position.value;
    const side = step.side.value;
    step.version.value;
    if (!stepping || !position || !side) return nothing;
    const reads = new Set(step.line.value?.reads ?? []);
    const sums = position.phase === PHASE.SUM;
    return html`
      <h2>
        ${
          sums
            ? "The gradients of the weights, added up over all timesteps"
            : position.pass === FORWARD
              ? "Inputs of this step"
              : "Inputs of the adjoint"
        }
      </h2>
      <div class="arrays ${position.pass === FORWARD || sums ? "" : "back"}">
        ${
          sums
            ? this.#sums(stepping, position)
            : side.given.map((array, k) => this.#array(stepping, position, array, k, reads.has(array.name)))
        }
      </div>
    `;
  }

  /**
   * @param {Stepping} stepping
   * @param {Position} position
   * @param {NamedArray} array
   * @param {number} given its index among what is given
   * @param {boolean} lit
   */
  #array(stepping, position, array, given, lit) {
    const side = step.side_of(stepping, position.part, position.pass);
    const role = this.#role(stepping, position, given);
    // An adjoint is given many arrays: weights are shown on the lines that read them.
    if (position.pass === BACKWARD && !lit && role === "weight") return nothing;
    // Weights are the same at every timestep: one request and one drawing serve all.
    const data = step.shown_values({
      ...place_of(position),
      timestep: role === "weight" && stepping.live ? 0 : position.timestep,
      line: side.head,
      name: array.name,
    });
    if (!data) return nothing;
    const scale = step.difference.value
      ? round_scale(data)
      : role === "gradient"
        ? gradient_scale(stepping)
        : 1;
    return this.#figure(stepping, position, array, {
      data,
      scale,
      lit,
      note: is_fixed(stepping, position, array.name) ? "fixed: not trained" : NOTES[role],
      line: side.head,
      title: role === "state" && position.part === CELL ? `${array.name}_before` : array.name,
    });
  }

  /** @param {Stepping} stepping @param {Position} position @param {number} given @returns {string} */
  #role(stepping, position, given) {
    const { parameters } = position.part === CELL ? stepping.description.cell : stepping.description.output;
    return parameters[given]?.role ?? "gradient";
  }

  /** @param {Stepping} stepping @param {Position} position */
  #sums(stepping, position) {
    const weights = stepping.description.cell.parameters.filter(({ role }) => role === "weight");
    return weights.map(({ name, shape }, k) => {
      const data = is_fixed(stepping, position, name) ? null : stepping.weight_gradient(k);
      if (!data) return nothing;
      return this.#figure(
        stepping,
        position,
        { name: `d_${name}`, shape },
        {
          data,
          scale: round_scale(data),
          lit: k === position.weight,
          note: `full colour is ±${round_scale(data)}`,
          line: position.line,
          mark: k === position.weight && step.is_total.value ? (step.address.value?.index ?? -1) : -1,
          pick: (index) => step.look_at_total(`d_${name}`, index),
        },
      );
    });
  }

  /** @param {Stepping} stepping @param {Position} position @param {NamedArray} array @param {Shown} shown */
  #figure(stepping, position, { name, shape }, { data, scale, lit, note, line, mark, pick: picked, title }) {
    const columns = shape.length === 2 ? shape[1] : data.length;
    const rows = Math.max(1, data.length / columns);
    const address = step.address.value;
    const here =
      address &&
      address.name === name &&
      address.part === position.part &&
      address.pass === position.pass &&
      address.timestep === position.timestep &&
      address.line <= line;
    const color = hue(hues_of(stepping), name);
    const pick =
      picked ?? ((/** @type {number} */ index) => step.look_at({ ...place_of(position), line, name, index }));
    const address_of = (/** @type {number} */ index) => ({ ...place_of(position), line, name, index });
    const { move, leave, focus, key } = listeners({ address: address_of, data, rows, columns }, pick);
    return html`
      <figure class="array ${lit ? "lit" : ""} ${rows > 1 ? "matrix" : ""}" style="--rows:${rows}">
        <figcaption>
          <b style=${color ? `color:var(${color})` : nothing}>${title ?? name}</b>
          <span>(${shape.join(" × ")})</span> <i>${note}</i>
          <button
            class="quiet"
            @click=${() => tabulate(title ?? name, shape, data)}
            aria-label="Numbers of ${title ?? name} as a table"
            title="Table"
          >
            ${TABLE_SIGN}
          </button>
        </figcaption>
        <unrolled-cells
          tabindex="0"
          role="application"
          aria-label="${title ?? name}, ${shape.join(" by ")}: arrows move, Enter explains"
          @pointermove=${move}
          @pointerleave=${leave}
          @focus=${focus}
          @blur=${leave}
          @keydown=${key}
          .data=${data}
          .rows=${rows}
          .columns=${columns}
          .scale=${scale}
          .mark=${mark ?? (here ? address.index : -1)}
          .pick=${pick}
        ></unrolled-cells>
      </figure>
    `;
  }
}

/** The icon of a table. */
const TABLE_SIGN = svg`<svg viewBox="0 0 14 12" width="14" height="12" aria-hidden="true"
  ><path d="M.5.5h13v11H.5zM.5 4h13M.5 7.8h13M5 .5v11" /></svg>`;

/**
 * All numbers of an array, in rows and columns.
 * @param {string} name @param {readonly number[]} shape @param {Float32Array} data
 */
async function tabulate(name, shape, data) {
  const columns = shape.length === 2 ? shape[1] : 1;
  const { show_table } = await import("../table.js");
  show_table({
    title: `${name} (${shape.join(" × ")})`,
    note: "Counted from 0, as numpy does.",
    head: ["", ...(shape.length === 2 ? Array.from({ length: columns }, (_, k) => `[:, ${k}]`) : ["value"])],
    rows: Array.from({ length: data.length / columns }, (_, row) => [
      shape.length === 2 ? `[${row}, :]` : `[${row}]`,
      ...Array.from(data.subarray(row * columns, (row + 1) * columns), fine),
    ]),
  });
}

/** @type {Record<string, string>} */
const NOTES = { input: "", state: "", weight: "", gradient: "arrives" };

/**
 * Whether the listing says of a weight that it is not trained.
 * @param {Stepping} stepping @param {Position} position @param {string} name
 */
const is_fixed = ({ description }, { part }, name) =>
  part === CELL && (description.cell.fixed ?? []).includes(name);

customElements.define("unrolled-step-arrays", Arrays);
