import { html, nothing } from "lit";
import { lead, left, take_tour, tour, TOUR_STEPS } from "../state/tour.js";
import { View } from "./view.js";

/** What this page is, in five seconds, and the first thing to do; gone once it was closed or the tour was taken. */
class Lead extends View {
  /** @override */
  render() {
    if (!lead.value || tour.value !== null) return nothing;
    return html`<div class="lead">
      <p class="headline">See how a recurrent network reads</p>
      <p class="about">
        It reads one word at a time and keeps what it has read in a state.
        <span class="more">Here each line of one runs with its real numbers, forwards and backwards.</span>
      </p>
      <button class="primary" @click=${take_tour}>
        ${left.value === null ? "Take the tour" : `Resume the tour (${left.value} of ${TOUR_STEPS})`}
      </button>
      <button class="quiet close" aria-label="Close the introduction" @click=${() => (lead.value = false)}>
        <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M2 2l8 8M10 2l-8 8" /></svg>
      </button>
    </div>`;
  }
}

customElements.define("unrolled-lead", Lead);
