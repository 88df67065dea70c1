import { html } from "lit";

/** @param {(seed: number) => unknown} choose takes the seed over */
async function draw(choose) {
  const { draw_seed } = await import("../state/shared/seed.js");
  await draw_seed(choose);
}

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
    @click=${() => draw(choose)}
  >
    New<span class="seed-word">&nbsp;seed</span>
  </button>`;
}
