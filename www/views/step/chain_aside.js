/**
 * What stands beside the chain: the way to the overview, and what its arrows carry.
 */
import { html } from "lit";
import { brief } from "../../state/shared/format.js";
import * as step from "../../state/step/step.js";
import { BACKWARD, PHASE } from "../../state/step/walk.js";
import { ruler } from "./chain_arrows.js";
import * as facts from "./chain_facts.js";
import { state_scale } from "./scales.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/walk.js").Position} Position */

/** @param {Stepping} stepping @param {Position} position */
export function aside(stepping, position) {
  const whole = step.level.value === 0;
  const back = position.pass === BACKWARD;
  const scale = state_scale(stepping);
  const { called } = stepping.description;
  return html`<button class="quiet overview" @click=${() => (step.level.value = whole ? 1 : 0)}>
      ${whole ? `Back to one ${called}` : called === "word" ? "Overview: all words" : "Overview"}
    </button>
    ${
      back
        ? html`<p class="norms">${norms(stepping, position)}</p>
            ${ruler(stepping)}`
        : html`<p>${step.difference.value ? "Difference made by your edit" : unit_choice()}</p>
            <p
              class="scale"
              role="img"
              aria-label="Blue with a dash is minus ${scale}, paper zero, orange plus ${scale}"
            >
              <span>−${scale}</span><i></i><span>+${scale}</span>
            </p>`
    }`;
}

/**
 * The length of the gradient of every state after the present word.
 * @param {Stepping} stepping @param {Position} position
 */
function norms(stepping, position) {
  const t = position.timestep;
  if (!facts.has_come_back(position, t) || position.phase === PHASE.SUM) return "Arrows: ‖gradient‖";
  // States with the same length of the gradient, such as 0, stand on one line.
  /** @type {Map<string, string[]>} */
  const lines = new Map();
  for (const { name, norm } of facts.norms_after(stepping, t))
    lines.set(brief(norm), [...(lines.get(brief(norm)) ?? []), `‖d_${name}‖`]);
  return [...lines].map(
    ([norm, names]) => html`<span>${names.map((name) => html`<i>${name} =</i> `)}<b>${norm}</b></span> `,
  );
}

/** The one unit whose number the arrows and the picture show. */
function unit_choice() {
  const count = step.unit_count();
  const units = Array.from({ length: count }, (_, k) => k);
  return html`<label
    class="unit"
    title="The arrows and the picture follow one of ${count} units; ↑ and ↓ choose another. None is special."
    >Arrows: unit
    <select
      @change=${(/** @type {Event} */ event) =>
        (step.unit.value = Number(/** @type {HTMLSelectElement} */ (event.target).value))}
    >
      ${units.map((k) => html`<option value=${k} ?selected=${k === step.unit.value}>${k}</option>`)}
    </select></label
  >`;
}
