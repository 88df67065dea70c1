/**
 * The predictions in the chain: what the output would say after every word.
 */
import { html } from "lit";
import { decimal } from "../../state/shared/format.js";
import * as step from "../../state/step/step.js";
import { FORWARD, OUTPUT } from "../../state/step/walk.js";
import { label_of } from "./words.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/walk.js").Position} Position */

/** `.52` for a probability, the number itself otherwise. @param {number} value */
function short(value) {
  return decimal(value, 2).replace(/^0(?=\.)/, "");
}

/** The class with its share, or the number alone. @param {import("./chain_facts.js").Prediction} prediction */
export function written({ value, class_name }) {
  return class_name ? `${class_name} ${short(value)}` : short(value);
}

/**
 * What the output would say after a word; a click explains the number.
 * @param {Stepping} stepping
 * @param {Position} position
 * @param {number} t
 * @param {import("./chain_facts.js").Prediction} prediction
 */
export function predicted(stepping, position, t, prediction) {
  const line = stepping.description.output.forward.lines.find(({ writes }) => writes[0]?.name === "y")?.line;
  if (!stepping.live || line === undefined) return written(prediction);
  const where = { part: OUTPUT, pass: FORWARD, timestep: t, line, name: "y", index: prediction.index };
  return html`<button
    tabindex=${t === position.timestep || t === position.timestep - 1 ? 0 : -1}
    aria-label="Prediction after ${label_of(stepping, t)}: ${written(prediction)}. Explain it"
    @click=${() => step.look_at(where)}
  >
    ${written(prediction)}
  </button>`;
}
