import { html, nothing } from "lit";
import { playing } from "../../state/step/player.js";
import * as step from "../../state/step/step.js";
import { place_of } from "../../state/step/walk.js";
import { View } from "../view.js";
import { label_of, sentence } from "./words.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/walk.js").Position} Position */

/** What happens at the position, in words. Read aloud when the reader moves by hand, silent while it plays. */
class Sentence extends View {
  /** @override */
  render() {
    const stepping = step.stepping.value;
    const position = step.position.value;
    step.version.value;
    if (!stepping || !position) return nothing;
    return html`<p class="narration" aria-live=${playing.value ? "off" : "polite"}>
      <span class="unseen">${label_of(stepping, position.timestep)}, line ${position.line}. </span
      >${spoken(stepping, position)}
    </p>`;
  }
}

/** @param {Stepping} stepping @param {Position} position */
export function spoken(stepping, position) {
  const address = step.address.value;
  const value = address && stepping.values(address)?.[address.index];
  const number =
    address && value !== undefined && value !== null
      ? { name: address.name, value, unit: address.index }
      : null;
  const own = step.chosen.value === null ? number : null;
  return sentence(stepping, position, step.line.value, own ?? made_here(stepping, position));
}

/**
 * What the line makes at the chosen unit, where another number is looked at.
 * @param {Stepping} stepping
 * @param {Position} position
 */
function made_here(stepping, position) {
  const array = step.line.value?.writes[0];
  const values = array && stepping.values({ ...place_of(position), name: array.name });
  if (!array || !values) return null;
  const unit = Math.min(step.unit.value, values.length - 1);
  return { name: array.name, value: values[unit], unit };
}

customElements.define("unrolled-step-sentence", Sentence);
