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

export const playing = signal(false);
export const speed = signal(1);
/** @type {import("@preact/signals-core").Signal<"line" | "timestep">} */
export const stride = signal(/** @type {"line" | "timestep"} */ ("line"));

/** Time of the last frame, and the fraction of a position that has accumulated since the last move. */
let last = 0;
let accumulated = 0;
let frame = 0;

export function toggle_play() {
  if (playing.value) stop_playing();
  else start();
}

function start() {
  const stepping = step.stepping.value;
  if (!stepping) return;
  if (step.at.value >= count_positions(stepping.positions) - 1) step.at.value = 0;
  step.chosen.value = null;
  playing.value = true;
  accumulated = 0;
  last = performance.now();
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(tick);
}

export function stop_playing() {
  playing.value = false;
  cancelAnimationFrame(frame);
}

/** @param {number} now */
function tick(now) {
  if (!playing.value) return;
  const stepping = step.stepping.value;
  if (!stepping) return stop_playing();
  accumulated += (Math.min(now - last, LONGEST_FRAME_MS) / 1000) * POSITIONS_PER_SECOND * speed.value;
  last = now;
  let at = step.at.value;
  for (; accumulated >= 1; accumulated -= 1)
    at =
      stride.value === "line" ? by_line(stepping.positions, at, 1) : by_timestep(stepping.positions, at, 1);
  step.at.value = at;
  if (at >= count_positions(stepping.positions) - 1) return stop_playing();
  frame = requestAnimationFrame(tick);
}

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
