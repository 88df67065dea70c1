import { html, nothing } from "lit";
import { playing } from "../../state/step/player.js";
import * as step from "../../state/step/step.js";
import { View } from "../view.js";
import { label_of } from "./words.js";

/**
 * What happens at the position, as the engine says it of the number that is looked at. Read aloud when the reader moves
 * by hand, silent while it plays.
 */
class Sentence extends View {
  /** @override */
  render() {
    const stepping = step.stepping.value;
    const position = step.position.value;
    const address = step.address.value;
    step.version.value;
    if (!stepping || !position || !address) return nothing;
    return html`<p class="narration" aria-live=${playing.value ? "off" : "polite"}>
      <span class="unseen">${label_of(stepping, position.timestep)}, line ${position.line}. </span
      >${stepping.sentence(step.at.value, address)}
    </p>`;
  }
}

customElements.define("unrolled-step-sentence", Sentence);
