import { effect } from "@preact/signals-core";
import { html } from "lit";
import { left, take_tour, tour, TOUR_STEPS } from "../state/tour.js";
import { View } from "./view.js";

/** The way back to the tour and to the explanations, from everywhere. */
class Guide extends View {
  /** @override */
  render() {
    const resumed = tour.value === null && left.value !== null;
    return html`
      <button
        class="tour"
        aria-label=${resumed ? `Resume the tour (${left.value} of ${TOUR_STEPS})` : "Tour"}
        ?disabled=${tour.value !== null}
        @click=${take_tour}
      >
        ${resumed ? html`<i>Resume the </i>tour<i> (${left.value} of ${TOUR_STEPS})</i>` : "Tour"}
      </button>
      <button class="help" aria-label="How to read this page" title="How to read this page" @click=${explain}>
        ?
      </button>
    `;
  }
}

function explain() {
  /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog#guide"))?.showModal();
}

/** The tour itself is loaded when it is asked for. */
effect(() => {
  if (tour.value !== null) void import("./tour/card.js");
});

customElements.define("unrolled-guide", Guide);
