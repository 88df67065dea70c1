import { html } from "lit";
import { draw_seed } from "../state/shared/seed.js";

/**
 * The button beside a seed that draws another one.
 * @param {(seed: number) => unknown} choose takes the seed over
 * @param {boolean} [disabled]
 */
export function new_seed(choose, disabled = false) {
  return html`<button
    type="button"
    class="quiet new-seed"
    title="Draws another seed and shows it: the link and the run keep it"
    ?disabled=${disabled}
    @click=${() => draw_seed(choose)}
  >
    New seed
  </button>`;
}
