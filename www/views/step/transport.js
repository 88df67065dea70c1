import { html } from "lit";
import {
  SPEEDS,
  move_line,
  move_timestep,
  playing,
  scrub,
  speed,
  stride,
  toggle_play,
} from "../../state/step/player.js";
import * as step from "../../state/step/step.js";
import { CELL, FORWARD, MOMENT, MOMENTS, count_stops } from "../../state/step/walk.js";
import { View } from "../view.js";

/** Play, pause, forwards, backwards, by line and by timestep, at any speed. */
class Transport extends View {
  /** @override */
  render() {
    const session = step.session.value;
    const stop = step.stop.value;
    const last = session ? count_stops(session.stops) - 1 : 0;
    const at = Math.min(step.at.value, last);
    const word = session?.description.words === false ? "step" : "word";
    return html`
      <div class="buttons">
        <button
          class="to-start"
          ?disabled=${at === 0}
          @click=${() => scrub(0)}
          aria-label="To the start"
          title="To the start"
        >
          <svg viewBox="0 0 14 12" aria-hidden="true"><path d="M1 1h2v10H1zM13 1v10L4 6z" /></svg>
        </button>
        <button class="by-word" ?disabled=${at === 0} @click=${() => move_timestep(-1)} title="Shift and ←">
          ‹ ${word}
        </button>
        <button ?disabled=${at === 0} @click=${() => move_line(-1)} title="←">‹ line</button>
        <button class="primary" @click=${toggle_play} aria-keyshortcuts="Space">
          ${playing.value ? "Pause" : "Play"}
        </button>
        <button ?disabled=${at === last} @click=${() => move_line(1)} title="→">line ›</button>
        <button class="by-word" ?disabled=${at === last} @click=${() => move_timestep(1)} title="Shift and →">
          ${word} ›
        </button>
      </div>
      <label class="scrub"
        ><span class="unseen">Position</span>
        <input
          type="range"
          min="0"
          max=${last}
          .value=${String(at)}
          aria-valuetext=${stop ? this.#standing(stop, word) : ""}
          @input=${(/** @type {InputEvent} */ event) =>
            scrub(Number(/** @type {HTMLInputElement} */ (event.target).value))}
        />
        ${session ? this.#turn(session, last) : ""}
      </label>
      <p class="standing">${stop ? this.#standing(stop, word) : ""}</p>
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

  /**
   * Where the way turns back: at the loss.
   * @param {import("../../state/step/stepping.js").Session} session
   * @param {number} last
   */
  #turn(session, last) {
    const { lines } = session.description.cell.forward;
    const turn = session.description.labels.length * (lines.length + 1);
    return html`<i
      class="turn"
      style="left:${(100 * turn) / last}%"
      title="the loss: from here it goes back"
    ></i>`;
  }

  /** @param {import("../../state/step/walk.js").Stop} stop @param {string} word */
  #standing(stop, word) {
    if (stop.moment === MOMENT.SUM) return "all timesteps added up";
    if (stop.part !== CELL) return MOMENTS[stop.moment];
    const count = step.session.value?.description.labels.length ?? 0;
    return `line ${stop.line} · ${word} ${stop.t + 1} of ${count} · ${stop.phase === FORWARD ? "forward" : "backward"}`;
  }
}

customElements.define("unrolled-step-transport", Transport);
