import { html } from "lit";
import {
  SPEEDS,
  move_line,
  move_timestep,
  playing,
  speed,
  stride,
  toggle_play,
} from "../../state/step/player.js";
import { phase_title } from "../../state/step/phases.js";
import * as step from "../../state/step/step.js";
import { CELL, FORWARD, PHASE } from "../../state/step/walk.js";
import { View } from "../view.js";
import { CELL_TRACK } from "./track.js";

/** @typedef {import("./track.js").Walk} Walk */

/** The walk through a cell. @type {Walk} */
const CELL_WALK = {
  ...CELL_TRACK,
  word: () => step.stepping.value?.description.called ?? "word",
  standing() {
    const position = step.position.value;
    return position ? standing(position, this.word()) : "";
  },
  is_playing: () => playing.value,
  toggle_play,
  move_line,
  move_timestep,
};

/** Play, pause, forwards, backwards, by line and by timestep, at any speed: through a cell, or another walk. */
class Transport extends View {
  /** @override */
  static properties = { walk: { attribute: false } };

  constructor() {
    super();
    this.walk = CELL_WALK;
  }

  /** @override */
  render() {
    const { walk } = this;
    const { scrub, move_line, move_timestep } = walk;
    const { at, last } = walk.place();
    const word = walk.word();
    return html`
      <unrolled-step-track .walk=${walk}></unrolled-step-track>
      <div class="buttons">
        <button
          class="to-start"
          ?disabled=${at === 0}
          @click=${() => scrub(0)}
          aria-label="To the start"
          title="To the start (Home)"
        >
          <svg viewBox="0 0 14 12" aria-hidden="true"><path d="M1 1h2v10H1zM13 1v10L4 6z" /></svg>
        </button>
        <button class="by-word" ?disabled=${at === 0} @click=${() => move_timestep(-1)} title="Shift and ←">
          ‹ ${word}
        </button>
        <button ?disabled=${at === 0} @click=${() => move_line(-1)} title="←">‹ line</button>
        <button class="primary" @click=${walk.toggle_play} aria-keyshortcuts="Space">
          ${walk.is_playing() ? "Pause" : "Play"}
        </button>
        <button ?disabled=${at === last} @click=${() => move_line(1)} title="→">line ›</button>
        <button class="by-word" ?disabled=${at === last} @click=${() => move_timestep(1)} title="Shift and →">
          ${word} ›
        </button>
      </div>
      <p class="standing">${walk.standing()}</p>
      <label class="speed"
        ><span>Speed</span>
        <select
          @change=${(/** @type {Event} */ event) =>
            (speed.value = Number(/** @type {HTMLSelectElement} */ (event.target).value))}
        >
          ${SPEEDS.map((value) => html`<option value=${value} ?selected=${speed.value === value}>${value}×</option>`)}
        </select>
        <select
          aria-label="Play by"
          @change=${(/** @type {Event} */ event) =>
            (stride.value = /** @type {"line" | "timestep"} */ (
              /** @type {HTMLSelectElement} */ (event.target).value
            ))}
        >
          <option value="line" ?selected=${stride.value === "line"}>by line</option>
          <option value="timestep" ?selected=${stride.value === "timestep"}>by ${word}</option>
        </select>
      </label>
    `;
  }
}

/**
 * Where the cursor stands, in words.
 * @param {import("../../state/step/walk.js").Position} position
 * @param {string} word
 */
export function standing(position, word) {
  if (position.phase === PHASE.SUM) return "gradients added up over all timesteps";
  if (position.part !== CELL) return phase_title(step.stepping.value, position.phase);
  const count = step.stepping.value?.description.labels.length ?? 0;
  const pass = position.pass === FORWARD ? "forward" : "backward";
  return `line ${position.line} · ${word} ${position.timestep + 1} of ${count} · ${pass}`;
}

customElements.define("unrolled-step-transport", Transport);
