import { html, nothing } from "lit";
import { train_cell } from "../../state/shared/own_cell.js";
import { playing, speed } from "../../state/step/player.js";
import * as step from "../../state/step/step.js";
import { OWN } from "../../state/step/choice.js";
import { View } from "../view.js";
import { empty_click } from "./keys.js";
import "./arrays.js";
import "./copy.js";
import { MANY } from "./diagram.js";
import "./editor.js";
import "./listing.js";
import "./number.js";
import "./setup.js";
import "./transport.js";
import "./unrolled.js";

/** From this speed on the next position comes before a movement would have ended. */
const FAST = 4;

/** The Step view: listing, picture, number, and the whole sequence below, with one cursor through all of them. */
class StepView extends View {
  /** @override */
  render() {
    const level = step.level.value;
    const own = step.choice.value.cell === OWN;
    return html`
      <div
        class="step ${playing.value && speed.value >= FAST ? "fast" : ""}"
        data-level=${level}
        @click=${empty_click}
      >
        <unrolled-step-setup></unrolled-step-setup>
        <div class="where">
          <unrolled-step-phases></unrolled-step-phases><unrolled-step-origin></unrolled-step-origin>
        </div>
        <unrolled-step-notes></unrolled-step-notes>
        ${
          level === 0
            ? nothing
            : html` <div
                class="columns ${(step.stepping.value?.diagram.elements.length ?? 0) > MANY ? "large" : ""}"
              >
                <section class="text" aria-label="Listing">
                  ${own ? html`<unrolled-step-editor></unrolled-step-editor>` : nothing}
                  ${own && step.editing.value ? nothing : html`<unrolled-step-listing></unrolled-step-listing>`}
                  <unrolled-step-arrays></unrolled-step-arrays>
                </section>
                <section class="cell" aria-label="The cell">
                  <unrolled-step-diagram></unrolled-step-diagram>
                </section>
                <section class="explained-number" aria-label="This number">
                  <unrolled-step-number></unrolled-step-number>
                </section>
              </div>`
        }
        <section class="whole-sequence" aria-label="The whole sequence">
          <unrolled-step-sequence></unrolled-step-sequence>
        </section>
        <unrolled-step-transport></unrolled-step-transport>
        <div class="step-actions">
          ${
            level === 0
              ? html`<button @click=${() => (step.level.value = 1)}>Open the step</button>`
              : html`<button @click=${() => (step.level.value = 0)}>Whole sequence only</button>`
          }
          ${
            own
              ? nothing
              : html`<button ?disabled=${!step.stepping.value?.live} @click=${train_cell}>
                  Train this cell
                </button>`
          }
          <unrolled-step-copy></unrolled-step-copy>
        </div>
      </div>
    `;
  }
}

customElements.define("unrolled-step", StepView);
