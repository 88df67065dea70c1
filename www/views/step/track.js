import { html, nothing } from "lit";
import { move_to_phase, scrub } from "../../state/step/player.js";
import * as step from "../../state/step/step.js";
import { phase_title } from "../../state/step/phases.js";
import { count_positions, position_at, stretches } from "../../state/step/walk.js";
import { View } from "../view.js";

/** @typedef {import("../../state/step/walk.js").Stretch} Stretch */

/**
 * The slider, cut where the phases begin. A stretch is as wide as its names at least, so that the single lines of
 * output and loss can be hit beside the hundreds of the way back; within a stretch the scale is even.
 */
class Track extends View {
  #held = false;

  /** @override */
  render() {
    const stepping = step.stepping.value;
    if (!stepping) return nothing;
    const last = count_positions(stepping.positions) - 1;
    const at = Math.min(step.at.value, last);
    const { phase } = position_at(stepping.positions, at);
    const parts = stretches(stepping.positions);
    return html`
      <ol class="phases" aria-label="Phases">
        ${parts.map(
          (part) =>
            html`<li style="flex-grow:${part.count}">
              <div class="names">${part.phases.map((known) => name_button(known, phase))}</div>
              <div class="rail">${rail(part, at)}</div>
            </li>`,
        )}
      </ol>
      <label class="slide"
        ><span class="unseen">Position</span>
        <input
          type="range"
          min="0"
          max=${last}
          .value=${String(at)}
          aria-valuetext=${phase_title(step.stepping.value, phase)}
          @input=${(/** @type {InputEvent} */ event) =>
            scrub(Number(/** @type {HTMLInputElement} */ (event.target).value))}
          @pointerdown=${(/** @type {PointerEvent} */ event) => this.#hold(event, parts)}
          @pointermove=${(/** @type {PointerEvent} */ event) => this.#held && this.#go(event, parts)}
          @pointerup=${() => (this.#held = false)}
          @pointercancel=${() => (this.#held = false)}
        />
      </label>
    `;
  }

  /** The input itself serves the keyboard; its own even scale would not fit the drawn one. */
  #hold(/** @type {PointerEvent} */ event, /** @type {Stretch[]} */ parts) {
    event.preventDefault();
    const input = /** @type {HTMLInputElement} */ (event.currentTarget);
    input.setPointerCapture(event.pointerId);
    input.focus({ preventScroll: true });
    this.#held = true;
    this.#go(event, parts);
  }

  #go(/** @type {PointerEvent} */ event, /** @type {Stretch[]} */ parts) {
    const rails = [...this.querySelectorAll(".rail")].map((one) => one.getBoundingClientRect());
    const index = Math.max(
      0,
      rails.findLastIndex((box) => event.clientX >= box.left),
    );
    const box = rails[index];
    if (!box) return;
    const share = Math.max(0, Math.min(0.999, (event.clientX - box.left) / box.width));
    scrub(parts[index].from + Math.floor(share * parts[index].count));
  }
}

/** @param {number} phase @param {number} now */
function name_button(phase, now) {
  return html`<button
    tabindex="-1"
    class=${phase === now ? "here" : ""}
    aria-current=${phase === now ? "step" : nothing}
    @click=${() => move_to_phase(phase)}
  >
    ${phase_title(step.stepping.value, phase)}
  </button>`;
}

/** What of a stretch has been passed, and the cursor in it. @param {Stretch} part @param {number} at */
function rail(part, at) {
  const inside = at >= part.from && at < part.from + part.count;
  const share = inside ? (at - part.from + 0.5) / part.count : at < part.from ? 0 : 1;
  return html`<i class="passed" style="width:${100 * share}%"></i>${
      inside ? html`<i class="cursor" style="left:${100 * share}%"></i>` : nothing
    }`;
}

customElements.define("unrolled-step-track", Track);
