/**
 * The keyboard in the Step view: arrows move the cursor, space plays, Escape goes one level up.
 */
import { batch } from "@preact/signals-core";
import {
  move_line,
  move_timestep,
  move_unit,
  scrub,
  stop_playing,
  toggle_play,
} from "../../state/step/player.js";
import { back } from "../../state/step/crumbs.js";
import * as step from "../../state/step/step.js";
import { count_positions } from "../../state/step/walk.js";

/** @param {KeyboardEvent} event */
export function step_key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const target = /** @type {HTMLElement} */ (event.target);
  const typing = target.closest("input, textarea, select, dialog, .cm-editor");
  if (typing) {
    if (event.key === "Escape" && !target.closest(".cm-editor, dialog")) target.blur();
    return;
  }
  if (event.key === " " && target.closest("button, a, summary")) return;
  if (act(event)) event.preventDefault();
}

/** @param {KeyboardEvent} event @returns {boolean} whether the key meant something */
function act(event) {
  const last = step.stepping.value ? count_positions(step.stepping.value.positions) - 1 : 0;
  switch (event.key) {
    case "ArrowRight":
      event.shiftKey ? move_timestep(1) : move_line(1);
      return true;
    case "ArrowLeft":
      event.shiftKey ? move_timestep(-1) : move_line(-1);
      return true;
    case "ArrowDown":
      move_unit(1);
      return true;
    case "ArrowUp":
      move_unit(-1);
      return true;
    case "Home":
      scrub(0);
      return true;
    case "End":
      scrub(last);
      return true;
    case " ":
      toggle_play();
      return true;
    case "Enter":
      return deeper(event);
    case "Escape":
      stop_playing();
      return back() || step.level_up();
    default:
      return false;
  }
}

/** From the strip to the step, from the number to its sum. @param {KeyboardEvent} event */
function deeper(event) {
  if (/** @type {HTMLElement} */ (event.target).closest("button, a, summary")) return false;
  if (step.level.value === 0) step.level.value = 1;
  else if (step.explanation.value && step.explanation.value.terms.length > 1) step.level.value = 2;
  return true;
}

/** A click beside everything goes one level up. @param {MouseEvent} event */
export function empty_click(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (
    target.closest(
      "button, a, input, select, label, textarea, unrolled-cells, svg g, table, code, .cm-editor, output, dialog",
    )
  )
    return;
  if (String(getSelection() ?? "") !== "") return;
  batch(() => {
    if (step.level.value === 2) step.level.value = 1;
    else if (step.chosen.value) step.chosen.value = null;
  });
}
