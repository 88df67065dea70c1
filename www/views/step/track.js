import { html, nothing } from "lit";
import { move_to_phase, scrub } from "../../state/step/player.js";
import * as step from "../../state/step/step.js";
import { phase_title } from "../../state/step/phases.js";
import { count_positions, position_at, stretches } from "../../state/step/walk.js";
import { View } from "../view.js";

/** @typedef {{ title: string, is_here: boolean, go: () => void }} Name a button above a stretch */

/** @typedef {{ from: number, count: number, names: Name[] }} Stretch positions that are drawn as one */

/**
 * @typedef {object} Track what the slider moves along
 * @property {() => { at: number, last: number }} place the cursor, and the last position
 * @property {() => Stretch[]} stretches all positions; none before there are any
 * @property {() => string} said the position in a few words
 * @property {(to: number) => void} scrub
 */

/**
 * @typedef {Track & {
 *   word: () => string, standing: () => string, is_playing: () => boolean, toggle_play: () => void,
 *   move_line: (by: 1 | -1) => void, move_timestep: (by: 1 | -1) => void,
 * }} Walk what the transport moves along
 */

/** The walk through a cell: the slider is cut where its phases begin. @type {Track} */
export const CELL_TRACK = {
  place() {
    const positions = step.stepping.value?.positions;
    const last = positions ? count_positions(positions) - 1 : 0;
    return { at: Math.min(step.at.value, last), last };
  },
  stretches() {
    const positions = step.stepping.value?.positions;
    if (!positions) return [];
    const { phase } = position_at(positions, this.place().at);
    const name = (/** @type {number} */ known) => ({
      title: phase_title(step.stepping.value, known),
      is_here: known === phase,
      go: () => move_to_phase(known),
    });
    return stretches(positions).map(({ from, count, phases }) => ({ from, count, names: phases.map(name) }));
  },
  said() {
    const positions = step.stepping.value?.positions;
    return positions ? phase_title(step.stepping.value, position_at(positions, this.place().at).phase) : "";
  },
  scrub,
};

/**
 * The slider. A stretch is as wide as its names at least, so that the single lines of output and loss can be hit
 * beside the hundreds of the way back; within a stretch the scale is even.
 */
class TrackView extends View {
  /** @override */
  static properties = { walk: { attribute: false } };

  #held = false;

  constructor() {
    super();
    this.walk = CELL_TRACK;
  }

  /** @override */
  render() {
    const { walk } = this;
    const { at, last } = walk.place();
    const parts = walk.stretches();
    if (parts.length === 0) return nothing;
    return html`
      <ol class="phases" aria-label="Phases">
        ${parts.map(
          (part) =>
            html`<li style="flex-grow:${part.count}">
              <div class="names">${part.names.map(name_button)}</div>
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
          aria-valuetext=${walk.said()}
          @input=${(/** @type {InputEvent} */ event) =>
            walk.scrub(Number(/** @type {HTMLInputElement} */ (event.target).value))}
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
    this.walk.scrub(parts[index].from + Math.floor(share * parts[index].count));
  }
}

/** @param {Name} name */
function name_button({ title, is_here, go }) {
  return html`<button
    tabindex="-1"
    class=${is_here ? "here" : ""}
    aria-current=${is_here ? "step" : nothing}
    @click=${go}
  >
    ${title}
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

customElements.define("unrolled-step-track", TrackView);
