/**
 * The predictions in the chain: what the output would say after every word.
 */
import { html, nothing } from "lit";
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
  const before = stepping.outcome.edits.length > 0 && stepping.values_before(where)?.[prediction.index];
  const was = typeof before === "number" ? short(before) : "";
  const changed = was !== "" && was !== short(prediction.value);
  const said = changed ? `${was} before the change, ${written(prediction)} now` : written(prediction);
  return html`<button
    tabindex=${t === position.timestep || t === position.timestep - 1 ? 0 : -1}
    aria-label="Prediction after ${label_of(stepping, t)}: ${said}. Explain it"
    title=${changed ? said : nothing}
    @click=${() => step.look_at(where)}
  >
    ${changed ? html`<i>${was}→</i>` : ""}${written(prediction)}
  </button>`;
}
