/**
 * What the unrolled chain shows at a position: which states have been made, what flows along its arrows, what the
 * output says. Nothing is shown before the line that makes it has run.
 */
import { most_probable } from "../../state/step/own_number.js";
import * as step from "../../state/step/step.js";
import { BACKWARD, CELL, FORWARD, OUTPUT, PHASE } from "../../state/step/walk.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/walk.js").Position} Position */

/** Units of a state that are drawn at most. */
const MOST_UNITS = 16;

/** Names of the cell's states, in the order of its parameters. @param {Stepping} stepping */
export function state_names(stepping) {
  return stepping.description.cell.parameters.filter(({ role }) => role === "state").map(({ name }) => name);
}

/** Where in the listing a state is made. @param {Stepping} stepping @param {string} name @returns {number} its line */
export function made_on(stepping, name) {
  const { lines, last } = stepping.description.cell.forward;
  return lines.findLast(({ writes }) => writes.some((written) => written.name === name))?.line ?? last;
}

/** Whether the walk goes forwards through the words. @param {Position} position */
export const reads_on = ({ part, pass }) => part === CELL && pass === FORWARD;

/** Whether the walk goes back through the words, or has been back. @param {Position} position */
export const walks_back = ({ part, pass }) => part === CELL && pass === BACKWARD;

/**
 * @param {Position} position
 * @param {number} t
 * @param {number} line of the listing
 * @returns {boolean} whether it ran
 */
export function has_run(position, t, line) {
  return !reads_on(position) || t < position.timestep || (t === position.timestep && position.line >= line);
}

/** Whether all lines of a word have run. @param {Stepping} stepping @param {Position} position @param {number} t */
export function is_done(stepping, position, t) {
  const { lines, last } = stepping.description.cell.forward;
  return has_run(position, t, lines.at(-1)?.line ?? last);
}

/** Whether the gradient has arrived at the state after a word. @param {Position} position @param {number} t */
export function has_come_back(position, t) {
  return walks_back(position) && (position.phase === PHASE.SUM || t >= position.timestep);
}

/**
 * Whether an output's line has run: it is the part behind the last word.
 * @param {Stepping} stepping
 * @param {Position} position
 * @param {"y" | "loss"} name
 */
export function output_has_run(stepping, position, name) {
  if (reads_on(position)) return false;
  if (position.pass === BACKWARD) return true;
  const { lines } = stepping.description.output.forward;
  const made = name === "y" ? lines.find(({ writes }) => writes.some((w) => w.name === name)) : lines.at(-1);
  return position.line >= (made?.line ?? Infinity);
}

/** A state after every word, `[timesteps × units]`. @param {Stepping} stepping @param {string} name */
export function states_over_time(stepping, name) {
  return step.shown_values({ part: CELL, pass: FORWARD, line: stepping.description.cell.forward.last, name });
}

/** The gradient of a state after every word. @param {Stepping} stepping @param {string} name */
function gradients_over_time(stepping, name) {
  return stepping.values({
    part: CELL,
    pass: BACKWARD,
    line: stepping.description.cell.backward.head,
    name: `d_${name}`,
  });
}

/** What enters the first word. @param {Stepping} stepping @param {string} name */
export function first_state(stepping, name) {
  return step.shown_values({
    part: CELL,
    pass: FORWARD,
    timestep: 0,
    line: stepping.description.cell.forward.head,
    name,
  });
}

/**
 * What was read before the first word: how the state that it left is called, and what the output says of it.
 * @param {Stepping} stepping
 * @returns {{ said: Prediction | undefined, called: string, title: string }}
 */
export function read_before(stepping) {
  const { before, excerpt, called, labels, words } = stepping.description;
  const first = words ? `“${labels[0]}”` : `the first ${called}`;
  const padding = before?.padding ?? 0;
  if (padding > 0) {
    const title = `${padding} empty places were read before ${first}, as in training: this is the state that they left`;
    return { said: said_at_start(stepping), called: `${padding} empty places`, title };
  }
  if (excerpt.kind === "answer")
    return { said: undefined, called: "encoder", title: "The state that the encoder handed over" };
  if (excerpt.kind !== "continued")
    return { said: undefined, called: "start", title: `The state before ${first}` };
  const { read } = excerpt;
  const earlier = read === 1 ? `The earlier ${called}` : `The ${read} earlier ${called}s`;
  const [were, they] = read === 1 ? ["was", "it"] : ["were", "they"];
  const title = `${earlier} of the text ${were} read before ${first}: this is the state that ${they} left`;
  return { said: said_at_start(stepping), called: `${read} earlier`, title };
}

/** What the output says of the state before the first word. @param {Stepping} stepping */
export function said_at_start(stepping) {
  const said = stepping.outcome.said_before ?? [];
  return said.length > 0 ? prediction_of(stepping, said) : undefined;
}

/**
 * @typedef {{ value: number, class_name: string, index: number }} Prediction the most probable class with its index; no
 *   name where there are no classes to choose from
 */

/**
 * The most probable class, or the one number that is said.
 * @param {Stepping} stepping
 * @param {ArrayLike<number>} said
 * @returns {Prediction}
 */
export function prediction_of(stepping, said) {
  if (stepping.description.said !== "classes") return { value: said[0], class_name: "", index: 0 };
  const most = most_probable(said);
  const class_name = stepping.description.classes?.[most] ?? `class ${most}`;
  return { value: said[most], class_name, index: most };
}

/** What the output says after every word; null where it is not known. @param {Stepping} stepping */
export function predictions(stepping) {
  const { output, labels } = stepping.description;
  const values = stepping.values({
    part: OUTPUT,
    pass: FORWARD,
    line: output.forward.last,
    name: "y",
  });
  if (!values || values.length % labels.length !== 0) return null;
  const width = values.length / labels.length;
  return labels.map((_, t) => prediction_of(stepping, values.subarray(t * width, (t + 1) * width)));
}

/** @typedef {{ values: Float32Array, stride: number }} Thinned every `stride`-th number of a word */

/** @param {Float32Array | null} data @param {number} t @param {number} words @returns {Thinned | null} */
function thinned(data, t, words) {
  if (!data) return null;
  const units = data.length / words;
  const stride = Math.ceil(units / MOST_UNITS);
  const values = data.subarray(t * units, (t + 1) * units);
  return { values: stride === 1 ? values : values.filter((_, k) => k % stride === 0), stride };
}

/** @param {Stepping} stepping @param {string} name @param {number} t */
export function state_after(stepping, name, t) {
  return thinned(states_over_time(stepping, name), t, stepping.description.labels.length);
}

/** @param {Stepping} stepping @param {string} name @param {number} t */
export function gradient_after(stepping, name, t) {
  return thinned(gradients_over_time(stepping, name), t, stepping.description.labels.length);
}

/**
 * The length of the gradient that arrives at each state after a word. A state that no later word reads has one only
 * after the last word, where the output layer reads it.
 * @param {Stepping} stepping @param {number} t @returns {{ name: string, norm: number }[]}
 */
export function norms_after(stepping, t) {
  const { labels, cell } = stepping.description;
  const norms = stepping.gradient_norms();
  return state_names(stepping).flatMap((name, k) => {
    const norm = norms?.[k * labels.length + t];
    const is_read = !cell.outputs.includes(name) || (t === labels.length - 1 && norm > 0);
    return norm !== undefined && is_read ? [{ name, norm }] : [];
  });
}

/** @param {Stepping} stepping @param {string} name */
export function start_of(stepping, name) {
  return thinned(first_state(stepping, name), 0, 1);
}

/** Whether a word is not in the vocabulary of the network. @param {Stepping} stepping @param {number} t */
export function is_unknown(stepping, t) {
  return stepping.description.known?.[t] === false;
}
