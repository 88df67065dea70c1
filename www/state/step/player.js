/**
 * Playing: moves the cursor along the positions, a line or a timestep at a time, at any speed.
 */
import { signal } from "@preact/signals-core";
import * as step from "./step.js";
import { by_line, by_timestep, count_positions, to_phase } from "./walk.js";

/** Positions a second at 1×, slow enough to read what a line makes. */
const POSITIONS_PER_SECOND = 1.5;

/** A page that was asleep catches nothing up. */
const LONGEST_FRAME_MS = 250;

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16];

export const speed = signal(1);
/** @type {import("@preact/signals-core").Signal<"line" | "timestep">} */
export const stride = signal(/** @type {"line" | "timestep"} */ ("line"));

/**
 * What is played: where its cursor stands, null while there is nothing, how far a stride leads, and how it moves.
 * @typedef {object} Played
 * @property {() => { at: number, last: number } | null} place
 * @property {(at: number) => number} onward
 * @property {(to: number) => void} go
 * @property {() => void} [begin] done before it plays
 */

/** The clock of a walk. @param {Played} walk */
export function make_clock({ place, onward, go, begin }) {
  const playing = signal(false);
  /** Time of the last frame, and the fraction of a position that has accumulated since the last move. */
  let before = 0;
  let accumulated = 0;
  let frame = 0;

  function stop() {
    playing.value = false;
    cancelAnimationFrame(frame);
  }

  function toggle() {
    if (playing.value) return stop();
    const here = place();
    if (!here) return;
    if (here.at >= here.last) go(0);
    begin?.();
    playing.value = true;
    accumulated = 0;
    before = performance.now();
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(tick);
  }

  /** @param {number} now */
  function tick(now) {
    const here = place();
    if (!playing.value || !here) return stop();
    accumulated += (Math.min(now - before, LONGEST_FRAME_MS) / 1000) * POSITIONS_PER_SECOND * speed.value;
    before = now;
    let { at } = here;
    for (; accumulated >= 1; accumulated -= 1) at = onward(at);
    if (at !== here.at) go(at);
    if (at >= here.last) return stop();
    frame = requestAnimationFrame(tick);
  }

  return { playing, toggle, stop };
}

const clock = make_clock({
  place() {
    const stepping = step.stepping.value;
    return stepping && { at: step.at.value, last: count_positions(stepping.positions) - 1 };
  },
  onward(at) {
    const positions = step.stepping.value?.positions;
    if (!positions) return at;
    return stride.value === "line" ? by_line(positions, at, 1) : by_timestep(positions, at, 1);
  },
  go: (to) => (step.at.value = to),
  begin: () => (step.chosen.value = null),
});

export const { playing, toggle: toggle_play, stop: stop_playing } = clock;

/** @param {1 | -1} by */
export function move_line(by) {
  const stepping = step.stepping.value;
  if (!stepping) return;
  stop_playing();
  step.chosen.value = null;
  step.at.value = by_line(stepping.positions, step.at.value, by);
}

/** @param {1 | -1} by */
export function move_timestep(by) {
  const stepping = step.stepping.value;
  if (!stepping) return;
  stop_playing();
  step.chosen.value = null;
  step.at.value = by_timestep(stepping.positions, step.at.value, by);
}

/** @param {number} phase */
export function move_to_phase(phase) {
  const stepping = step.stepping.value;
  if (!stepping) return;
  const found = to_phase(stepping.positions, step.at.value, phase);
  if (found < 0) return;
  stop_playing();
  step.chosen.value = null;
  step.at.value = found;
}

/** @param {number} at */
export function scrub(at) {
  stop_playing();
  step.chosen.value = null;
  step.at.value = at;
}

/** @param {number} by units up or down */
export function move_unit(by) {
  const count = step.unit_count();
  const address = step.chosen.value;
  step.unit.value = Math.max(0, Math.min(count - 1, step.unit.value + by));
  const size = address && step.explanation.value?.shape.reduce((product, n) => product * n, 1);
  if (address && size)
    step.chosen.value = { ...address, index: Math.max(0, Math.min(size - 1, address.index + by)) };
}
