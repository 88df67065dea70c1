/**
 * What the steps of the tour say about the network that is shown: every number is the engine's.
 */
import { brief, count, decimal, fine, percent } from "../../state/shared/format.js";
import { settings } from "../../state/shared/store.js";
import * as step from "../../state/step/step.js";
import {
  BACKWARD,
  CELL,
  FORWARD,
  PHASE,
  count_positions,
  find_position,
  position_at,
} from "../../state/step/walk.js";
import { norm_after } from "../step/chain_arrows.js";
import {
  is_done,
  made_on,
  norms_after,
  output_has_run,
  predictions,
  said_at_start,
} from "../step/chain_facts.js";
import { read_state } from "../step/scales.js";
import { label_of } from "../step/words.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/stepping.js").Address} Address */

/** The word after which gates and inputs are looked at. */
export const SECOND_WORD = 1;

/** @param {(at: import("../../state/step/walk.js").Position) => boolean} wanted goes to the first of which it holds */
export function go_to(wanted) {
  const stepping = step.stepping.value;
  if (!stepping) return;
  for (let k = 0; k < count_positions(stepping.positions); k++) {
    if (!wanted(position_at(stepping.positions, k))) continue;
    step.chosen.value = null;
    step.level.value = 1;
    step.at.value = k;
    return;
  }
}

/** Goes to the line of the listing that makes `name` at a word. @param {string} name @param {number} timestep */
export function go_to_line_of(name, timestep) {
  const stepping = step.stepping.value;
  if (!stepping) return;
  const line = made_on(stepping, name);
  const at = find_position(stepping.positions, { part: CELL, pass: FORWARD, timestep, line });
  if (at < 0) return;
  step.chosen.value = null;
  step.level.value = 1;
  step.at.value = at;
}

/** Goes to where all lines of a word have run. @param {number} timestep */
export function go_to_end_of(timestep) {
  const stepping = step.stepping.value;
  if (stepping) go_to((position) => position.timestep === timestep && is_done(stepping, position, timestep));
}

/** @param {number} t */
export function word(t) {
  const stepping = step.stepping.value;
  return stepping ? label_of(stepping, t) : "";
}

/** Length of a word vector. */
export const features = () => step.stepping.value?.description.features ?? 0;

/** What the output layer would say after a word. @param {number} t @returns {string} */
export function prediction_after(t) {
  const stepping = step.stepping.value;
  const said = stepping && predictions(stepping)?.[t];
  return said ? written(said) : "";
}

/** @param {import("../step/chain_facts.js").Prediction} said */
const written = (said) => `${percent(said.value, 1)} ${said.class_name || "positive"}`;

/** The last word of the text. */
export const last_word = () => (step.stepping.value?.description.labels.length ?? 1) - 1;

/** Where the prediction moves most, as sentences; where the first word moves it most, also at which of the others. */
export function turns() {
  const stepping = step.stepping.value;
  const said = stepping && predictions(stepping);
  if (!said) return "";
  const start = said_at_start(stepping);
  const before = [start ?? said[0], ...said];
  const moved = said.map(({ value }, t) => Math.abs(value - before[t].value));
  const most = (/** @type {number[]} */ numbers) => numbers.indexOf(Math.max(...numbers));
  const later = said.length > 1 ? 1 + most(moved.slice(1)) : 0;
  const turn = (/** @type {number} */ t) =>
    `at ${word(t)}: from ${percent(before[t].value, 1)}${t === 0 ? " before any word" : ""} to ${prediction_after(t)}`;
  const later_turn = later > 0 ? turn(later) : "";
  if (!start || most(moved) > 0) return later_turn && `It moves most ${later_turn}. `;
  return `It moves most ${turn(0)}${later_turn && `, then ${later_turn}`}. `;
}

/** Whether the output's prediction, or its loss, has been computed at the cursor. @param {"y" | "loss"} name */
export function computed_by_output(name) {
  const stepping = step.stepping.value;
  const position = step.position.value;
  return stepping !== null && position !== null && output_has_run(stepping, position, name);
}

/** Goes to the position at which the output has just computed `name`. @param {"y" | "loss"} name */
export function go_to_output(name) {
  const stepping = step.stepping.value;
  if (stepping) go_to((position) => output_has_run(stepping, position, name));
}

/** The last line's prediction and what it gave to the label. */
export function verdict() {
  const stepping = step.stepping.value;
  if (!stepping || stepping.description.said !== "binary") return { label: "", right: "", loss: "" };
  const positive = step.choice.value.target >= 0.5;
  const said = stepping.outcome.said[0];
  return {
    label: positive ? "positive" : "negative",
    right: percent(positive ? said : 1 - said, 1),
    loss: decimal(stepping.outcome.loss),
  };
}

/** The number of the word's vector to which the loss answers most. @returns {Address | null} */
function telling_input() {
  const stepping = step.stepping.value;
  if (!stepping) return null;
  const { cell } = stepping.description;
  const name = cell.parameters[0].name;
  const timestep = SECOND_WORD;
  const answers = stepping.values({
    part: CELL,
    pass: BACKWARD,
    timestep,
    line: cell.backward.last,
    name: `d_${name}`,
  });
  let index = 0;
  answers?.forEach((value, k) => {
    if (Math.abs(value) > Math.abs(answers[index])) index = k;
  });
  return { part: CELL, pass: FORWARD, timestep, line: cell.forward.head, name, index };
}

export function look_at_telling_input() {
  const where = telling_input();
  if (where) step.look_at(where);
}

/** What the edits by hand did to the last prediction. */
export function difference_at_the_end() {
  const stepping = step.stepping.value;
  if (!stepping) return { was: "", is: "" };
  const { output, labels } = stepping.description;
  const where = {
    part: /** @type {const} */ ("output"),
    pass: FORWARD,
    line: output.forward.last,
    name: "y",
  };
  const was = stepping.values_before(where)?.[labels.length - 1];
  return {
    was: was === undefined ? "" : percent(was, 1),
    is: prediction_after(labels.length - 1),
  };
}

/** How the network of the Train view differs from the one before; nothing where it is as large. */
export function network_in_training() {
  const [before, now] = [step.unit_count(), settings.value.units];
  return before === now ? "" : `This is another network, with ${now} units instead of ${before}. `;
}

/** Which network reads the text, where it is no longer the recorded one. */
export function network_that_reads() {
  const updates = step.network_updates.value;
  if (updates === 0) return "This is a recorded network. ";
  const padding = step.stepping.value?.description.before?.padding ?? 0;
  const read =
    padding > 0
      ? "It also read the empty places that fill up a short text, so its state is no longer 0 at the first word. "
      : "";
  return `This is the network that you trained, after ${count(updates)} updates. ${read}`;
}

/** Whether a number was changed by hand. */
export const is_edited = () => (step.stepping.value?.outcome.edits.length ?? 0) > 0;

/** Whether what was changed by hand can be seen in the last prediction, as it is written. */
export function has_moved_the_end() {
  const { was, is } = difference_at_the_end();
  return !is.startsWith(`${was} `);
}

/** The edited number, as `x[2] of “a” is now 3`. */
export function edited() {
  const stepping = step.stepping.value;
  const edit = stepping?.outcome.edits.at(-1);
  const where = step.address.value;
  if (!stepping || !edit || !where) return "";
  const value = stepping.values(where)?.[where.index];
  if (value === undefined) return "";
  const at = where.name === stepping.description.cell.parameters[0].name ? ` of ${word(where.timestep)}` : "";
  return `${where.name}[${where.index}]${at} is now ${fine(value)}.`;
}

/** The length of the gradient that arrives at the state after a word. @param {number} t @returns {string} */
export function gradient_after(t) {
  const stepping = step.stepping.value;
  const norm = stepping && norm_after(stepping, read_state(stepping), t);
  return norm === null ? "" : brief(norm);
}

/** What comes to the first word along the other states, as the memory of an LSTM; empty for a cell with one state. */
export function other_gradients() {
  const stepping = step.stepping.value;
  if (!stepping) return "";
  const read = read_state(stepping);
  const own = norm_after(stepping, read, 0) ?? 0;
  const others = norms_after(stepping, 0).filter(({ name }) => name !== read);
  return others
    .map(({ name, norm }) => {
      const more = norm > own ? "more" : "less";
      return `Along ${name} ${more} arrives there: ‖d_${name}‖ is ${brief(norm)}. `;
    })
    .join("");
}

/** Whether the way back has come to the first word. */
export function is_back_at_first_word() {
  const position = step.position.value;
  return (
    position !== null &&
    position.part === CELL &&
    position.pass === BACKWARD &&
    (position.timestep === 0 || position.phase === PHASE.SUM)
  );
}
