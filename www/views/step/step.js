import { html, nothing } from "lit";
import { train_cell } from "../../state/shared/own_cell.js";
import { playing, speed } from "../../state/step/player.js";
import * as step from "../../state/step/step.js";
import { OWN, PANELS } from "../../state/step/choice.js";
import { script } from "../../state/step/draft.js";
import { View } from "../view.js";
import { empty_click } from "./keys.js";
import "./arrays.js";
import "./chain.js";
import "./copy.js";
import "./diagram.js";
import "./editor.js";
import "./listing.js";
import "./number.js";
import "./readout.js";
import "./sentence.js";
import "./setup.js";
import "./transport.js";

/** A cell with more names than this needs a wider panel for its picture. */
const MANY = 12;

/** What the panel of the picture has in a window of 1440 × 900, and the width from which a picture needs more. */
const PLAIN_ROOM = /** @type {const} */ ([540, 440]),
  WIDE = 546;

/** Whether a cell’s picture is wide, all boxes closed. @type {WeakMap<object, boolean>} */
const wide = new WeakMap();

/** @param {import("../../state/step/stepping.js").Stepping | null} stepping */
function is_wide(stepping) {
  if (!stepping) return false;
  let known = wide.get(stepping.description);
  if (known === undefined)
    wide.set(stepping.description, (known = stepping.diagram(...PLAIN_ROOM).width > WIDE));
  return known;
}

/** From this speed on the next position comes before a movement would have ended. */
const FAST = 4;

/** Below this width one panel is shown at a time. */
const NARROW = matchMedia("(max-width: 999px)");

/** @type {Record<import("../../state/step/choice.js").Panel, string>} */
const TITLES = { code: "Code", cell: "Cell", number: "Number" };

/**
 * The Step view, in rows whose places are fixed: what is stepped through, the unrolled chain, the sentence, the panels
 * Code, Cell and Number, the transport. On a narrow window one panel is shown at a time, behind tabs.
 */
class StepView extends View {
  /** @override */
  render() {
    if (script.value?.shown) {
      void import("./script.js");
      return html`<unrolled-script></unrolled-script>`;
    }
    const level = step.level.value;
    if (level === 0) void import("./unrolled.js");
    return html`
      <div
        class="step ${playing.value && speed.value >= FAST ? "fast" : ""} ${step.outdated.value ? "outdated" : ""}"
        data-level=${level}
        @click=${empty_click}
      >
        <unrolled-step-setup></unrolled-step-setup>
        <unrolled-chain></unrolled-chain>
        <div class="saying">
          <unrolled-step-sentence></unrolled-step-sentence>
          ${
            NARROW.matches
              ? nothing
              : html`<div class="aside">
                  <unrolled-step-origin></unrolled-step-origin><unrolled-step-notes></unrolled-step-notes>
                </div>`
          }
        </div>
        ${
          level === 0
            ? html`<section class="whole-sequence" aria-label="The whole sequence">
                <unrolled-step-sequence></unrolled-step-sequence>
              </section>`
            : this.#panels()
        }
        <unrolled-step-transport></unrolled-step-transport>
        <unrolled-step-readout></unrolled-step-readout>
      </div>
    `;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    NARROW.addEventListener("change", this.#resized);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    NARROW.removeEventListener("change", this.#resized);
  }

  #resized = () => this.requestUpdate();

  #panels() {
    const role = NARROW.matches ? "tabpanel" : nothing;
    const lines = step.stepping.value?.description.cell.forward.lines ?? [];
    const large = lines.flatMap((line) => line.writes).length > MANY;
    const size = large ? "large" : is_wide(step.stepping.value) ? "wide" : "";
    return html`<div class="columns ${size}" data-panel=${step.panel.value}>
      <div class="tabs" role="tablist" aria-label="Panels" @keydown=${this.#turn}>
        ${PANELS.map(
          (panel) =>
            html`<button
              role="tab"
              id="tab-${panel}"
              aria-controls="panel-${panel}"
              aria-selected=${step.panel.value === panel ? "true" : "false"}
              tabindex=${step.panel.value === panel ? 0 : -1}
              @click=${() => (step.panel.value = panel)}
            >
              ${TITLES[panel]}
            </button>`,
        )}
      </div>
      ${NARROW.matches ? html`<div class="noted"><unrolled-step-notes></unrolled-step-notes></div>` : nothing}
      <section class="text" id="panel-code" role=${role} aria-label="Code">${this.#code()}</section>
      <section class="cell" id="panel-cell" role=${role} aria-label="The cell">
        <unrolled-step-diagram></unrolled-step-diagram>
      </section>
      <section class="explained-number" id="panel-number" role=${role} aria-label="Number">
        <unrolled-step-number></unrolled-step-number>
      </section>
    </div>`;
  }

  #code() {
    const own = step.choice.value.cell === OWN;
    return html`
      ${own ? html`<unrolled-step-editor></unrolled-step-editor>` : nothing}
      ${own && step.editing.value ? nothing : html`<unrolled-step-listing></unrolled-step-listing>`}
      <unrolled-step-arrays></unrolled-step-arrays>
      <div class="step-actions">
        ${
          own
            ? nothing
            : html`<button ?disabled=${!step.stepping.value?.live} @click=${train_cell}>
                Train this cell
              </button>`
        }
        <button ?disabled=${!step.stepping.value?.live} @click=${open_unrollings}>Three unrollings</button>
        <unrolled-step-copy></unrolled-step-copy>
      </div>
    `;
  }

  /** Arrows choose the tab that follows. @param {KeyboardEvent} event */
  #turn = (event) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0 || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    const at = PANELS.indexOf(step.panel.value);
    step.panel.value = PANELS[(at + by + PANELS.length) % PANELS.length];
    void this.updateComplete.then(() =>
      /** @type {HTMLElement | null} */ (this.querySelector(`#tab-${step.panel.value}`))?.focus(),
    );
  };
}

/** The dialog is loaded when it is asked for. */
async function open_unrollings() {
  await (await import("./unrollings.js")).open_unrollings();
}

customElements.define("unrolled-step", StepView);
