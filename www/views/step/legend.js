/** What letters and lines of the picture mean. */
import { html } from "lit";
import * as step from "../../state/step/step.js";
import { hues_of } from "./hues.js";
import { state_names } from "./chain_facts.js";
import { is_computed } from "./wires.js";
import { called, name_of } from "./words.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/walk.js").Position} Position */

/**
 * The names that have a colour, and the dashes of what has not been computed.
 * @param {Stepping} stepping @param {Position} position @param {[number, number]} room of the picture
 */
export function legend(stepping, position, room) {
  const dashed = html`<span class="dashed ${has_dashes(stepping, position, room) ? "" : "unused"}"
    ><svg viewBox="0 0 20 8" aria-hidden="true"><path d="M0 4h20" /></svg> not computed yet</span
  >`;
  if (step.difference.value) return html`<p class="legend">Difference made by your edit ${dashed}</p>`;
  const lines = stepping.description.cell.forward.lines;
  const comments = new Map(lines.flatMap((line) => line.writes.map(({ name }) => [name, line.comment])));
  const shown = [...hues_of(stepping)].filter(([name]) => comments.has(name) && !name.startsWith("z_"));
  const named = new Set(shown.map(([name]) => name));
  const states = state_names(stepping).filter((name) => !named.has(name) && name_of(stepping, name) !== "");
  return html`<p class="legend">
    ${[...shown, ...states.map((name) => [name, "--ink"])].map(([name, color]) => {
      const title = called(stepping, name);
      return html`<span title=${comments.get(name) || title}
        ><b style="color:var(${color})">${name}</b> ${title}</span
      >`;
    })}
    ${dashed}
  </p>`;
}

/** @param {Stepping} stepping @param {Position} position @param {[number, number]} room */
function has_dashes(stepping, position, [width, height]) {
  if (width === 0) return false;
  const diagram = stepping.diagram(width, height);
  return diagram.wires.some((wire) => !is_computed({ position, diagram }, wire));
}
