/**
 * What can be chosen in the Step view, its limits, and how it is written into a link.
 */

import { CELLS, STEPPING } from "../../generated/cells.js";
import { FACTS } from "../../generated/experiments.js";
import { OWN } from "../shared/listing_cell.js";
import { shortened } from "../shared/link_network.js";
import { MOST_EDITS, parse_edits, write_edits } from "./edits.js";
import { parse_number, write_number } from "./linked_number.js";

/** @typedef {"sentence" | "uniform" | "numbers" | "script"} InputKind `script`: what the reader's script reads */
/**
 * `trained`: the best that exists
 * @typedef {"trained" | "recorded" | "yours" | "script" | "written" | "random" | "uniform"} WeightKind
 */

/** @typedef {ArrayLike<number>} Numbers typed where the engine gave them, plain where a file holds them */

/**
 * @typedef {Pick<import("../../types/engine.js").Parts, "units" | "words" | "known" | "before" | "classes"> & {
 *   x: Numbers, weights: [string, Numbers][], initial: [string, Numbers][], output: [Numbers, Numbers],
 *   called?: import("../../types/engine.js").Called, excerpt?: import("../../types/engine.js").Excerpt
 * }} TrainedParts a trained network taken apart, with a text before it: whole, and made of words, where it does not say
 */

/**
 * @typedef {object} ScriptParts what a script gives its step
 * @property {string} numbers its inputs, a line each timestep
 * @property {[string, number[]][] | null} weights null where those are not for this listing
 * @property {[string, number[]][]} initial
 * @property {[string, number[]][]} shapes of input, states and weights; none where the listing is another one
 */

/**
 * @typedef {object} StepChoice
 * @property {string} cell name of a listing of the project, or `own`
 * @property {string} code the reader's own listing
 * @property {number} units
 * @property {string} sizes other sizes than the listing names: `d_state:8,rank:4`
 * @property {number} features length of a word's random vector
 * @property {number} seed
 * @property {InputKind} input
 * @property {string} text
 * @property {string} numbers
 * @property {WeightKind} weights
 * @property {number} target
 */

export { OWN };

/** The text that an own cell begins with. */
const FIRST_CODE = `# My first cell
def step(x, h, W, U, b):
    h = np.tanh(x @ W + h @ U + b)
    return h
`;

/** @type {StepChoice} */
export const DEFAULT_CHOICE = {
  cell: "lstm",
  code: FIRST_CODE,
  units: 12,
  sizes: "",
  features: 8,
  seed: 7,
  input: "sentence",
  text: "not a bad film, just a very slow one",
  numbers: "0 0.5 0.87 1 0.87 0.5 0 -0.5 -0.87 -1 -0.87 -0.5",
  weights: "trained",
  target: 1,
};

/** Tutorial 003: a hundred random vectors of 32 numbers, 64 units, weights uniform in [0, 1). */
export const TUTORIAL = {
  cell: "tutorial_003",
  units: 64,
  input: /** @type {InputKind} */ ("uniform"),
  weights: /** @type {WeightKind} */ ("uniform"),
};

/** @param {string} cell */
export const is_tutorial = (cell) => cell === TUTORIAL.cell || cell === `${TUTORIAL.cell}_bug`;

const TUTORIAL_TIMESTEPS = 100;
const TUTORIAL_FEATURES = 32;

export const UNITS = { minimum: 1, maximum: STEPPING.most_units };

export const SEED = FACTS.limits.seed;

/** Longer texts and listings stay on this machine. */
const LONGEST_IN_LINK = 1500;

/** What is typed and may be too long for a link; a listing has its own place. */
export const TYPED = /** @type {const} */ (["text", "numbers"]);

const PREFIX = "step-";

/** @param {number} size */
const is_size = (size) => Number.isInteger(size) && size >= UNITS.minimum && size <= UNITS.maximum;

/** The sizes that are chosen, as the engine takes them. @param {string} sizes @returns {[string, number][]} */
export function sizes_of(sizes) {
  const chosen = sizes.split(",").filter((size) => size !== "");
  return chosen.map((size) => [size.split(":")[0], Number(size.split(":")[1])]);
}

/** The same with another size. @param {string} sizes @param {string} name @param {number} size */
export function with_size(sizes, name, size) {
  const others = sizes_of(sizes).filter(([known]) => known !== name);
  return [...others, [name, size]].map((chosen) => chosen.join(":")).join(",");
}

/** @param {string} name @param {string} value @returns {unknown} the value as its kind, undefined if it is none */
function read(name, value) {
  const whole = Number.parseInt(value, 10);
  switch (name) {
    case "units":
      return whole >= UNITS.minimum && whole <= UNITS.maximum ? whole : undefined;
    case "sizes":
      return sizes_of(value).every(([name, size]) => /^[A-Za-z_]\w*$/.test(name) && is_size(size))
        ? value
        : undefined;
    case "features":
      return whole >= 1 && whole <= 64 ? whole : undefined;
    case "seed":
      return whole >= SEED.minimum && whole <= SEED.maximum ? whole : undefined;
    case "target":
      return Number.isFinite(Number(value)) ? Number(value) : undefined;
    case "input":
      return ["sentence", "uniform", "numbers", "script"].includes(value) ? value : undefined;
    case "weights":
      return ["trained", "recorded", "yours", "script", "written", "random", "uniform"].includes(value)
        ? value
        : undefined;
    case "cell":
      return value === OWN || CELLS.some((cell) => cell.name === value) ? value : undefined;
    default:
      return value;
  }
}

/** @typedef {"code" | "cell" | "number"} Panel */

/** @type {readonly Panel[]} */
export const PANELS = ["code", "cell", "number"];

/**
 * @typedef {object} StepLink
 * @property {StepChoice} choice
 * @property {number | null} at
 * @property {number | null} unit
 * @property {number | null} speed
 * @property {number | null} level
 * @property {import("./edits.js").LinkedEdit[]} edits numbers that were changed by hand
 * @property {boolean} difference whether what the edits change is shown
 * @property {import("./stepping.js").Address | null} number the number that was clicked
 * @property {number | null} summed which number of a weight's gradient is added up
 * @property {Panel} panel what is shown where only one panel fits
 * @property {string | null} script the text of the reader's script, "" where it is kept on her machine
 * @property {number | null} script_at the position in it; null where the cell is shown
 * @property {string[]} kept what is too long for a link and stays on the reader's machine: `text`, `numbers`, `edits`
 * @property {string[]} problems what could not be taken from the link
 */

/** @param {URLSearchParams} given @returns {StepLink} */
export function parse_step(given) {
  const choice = { ...DEFAULT_CHOICE };
  /** @type {string[]} */
  const problems = [];
  for (const name of /** @type {(keyof StepChoice)[]} */ (Object.keys(choice))) {
    const value = given.get(PREFIX + name);
    const known = value === null ? undefined : read(name, value);
    if (known !== undefined) Object.assign(choice, { [name]: known });
    else if (value !== null)
      problems.push(`“${PREFIX}${name}=${shortened(value)}” in this link cannot be used and is left out.`);
  }
  const { edits, problem } = parse_edits(given.get(`${PREFIX}edits`));
  if (problem !== "") problems.push(problem);
  const whole = (/** @type {string} */ name) => {
    const value = given.get(PREFIX + name);
    return value !== null && /^\d{1,6}$/.test(value) ? Number(value) : null;
  };
  const speed = Number(given.get(`${PREFIX}speed`));
  const panel = PANELS.find((known) => known === given.get(`${PREFIX}panel`));
  return {
    choice,
    at: whole("at"),
    unit: whole("unit"),
    level: whole("level"),
    speed: speed >= 0.25 && speed <= 16 ? speed : null,
    edits,
    difference: edits.length > 0 && given.get(`${PREFIX}difference`) === "1",
    number: parse_number(given.get(`${PREFIX}number`)),
    summed: whole("sum"),
    panel: panel ?? "code",
    script: given.get(`${PREFIX}script`),
    script_at: whole("script-at"),
    kept: given.get(`${PREFIX}kept`)?.split(",") ?? [],
    problems,
  };
}

/**
 * What of a state does not fit into a link.
 * @param {Pick<StepLink, "choice" | "edits">} state @returns {string[]}
 */
export function too_long({ choice, edits }) {
  const typed = TYPED.filter((name) => choice[name].length > LONGEST_IN_LINK);
  return edits.length > MOST_EDITS ? [...typed, "edits"] : typed;
}

/**
 * @param {URLSearchParams} query
 * @param {Omit<StepLink, "problems" | "kept" | "at" | "unit" | "speed" | "level" | "script" | "script_at"> & {
 *   at: number, unit: number, speed: number, level: number, script?: string | null, script_at?: number | null }} state
 */
export function write_step(query, state) {
  const { choice, at, unit, speed, level, edits, difference, number, summed, panel } = state;
  const { script = null, script_at = null } = state;
  for (const name of /** @type {(keyof StepChoice)[]} */ (Object.keys(choice))) {
    const value = String(choice[name]);
    if (name === "code" && choice.cell !== OWN) continue;
    if (choice[name] !== DEFAULT_CHOICE[name] && value.length <= LONGEST_IN_LINK)
      query.set(PREFIX + name, value);
  }
  const kept = too_long(state);
  if (kept.length > 0) query.set(`${PREFIX}kept`, kept.join(","));
  query.set(`${PREFIX}at`, String(at));
  query.set(`${PREFIX}unit`, String(unit));
  if (speed !== 1) query.set(`${PREFIX}speed`, String(speed));
  if (level !== 1) query.set(`${PREFIX}level`, String(level));
  if (edits.length > 0) query.set(`${PREFIX}edits`, write_edits(edits));
  if (difference) query.set(`${PREFIX}difference`, "1");
  if (number) query.set(`${PREFIX}number`, write_number(number));
  if (summed !== null) query.set(`${PREFIX}sum`, String(summed));
  if (panel !== "code") query.set(`${PREFIX}panel`, panel);
  if (script !== null) query.set(`${PREFIX}script`, script.length <= LONGEST_IN_LINK ? script : "");
  if (script_at !== null) query.set(`${PREFIX}script-at`, String(script_at));
}

/**
 * The choice as the engine takes it.
 * @param {StepChoice} choice @param {string} source
 * @param {TrainedParts | ScriptParts | null} trained
 * @returns {import("../../types/engine.js").Choice}
 */
export function engine_choice(choice, source, trained) {
  const { seed, target, units } = choice;
  if (trained && "numbers" in trained) {
    const { numbers, weights, initial, shapes } = trained;
    return {
      source,
      units,
      shapes,
      seed,
      input: { kind: "numbers", text: numbers },
      weights: weights ? { kind: "trained", weights, initial, output: null } : { kind: "random" },
      target,
      classes: [],
    };
  }
  return {
    source,
    units: trained?.units ?? choice.units,
    sizes: sizes_of(choice.sizes),
    shapes: [],
    seed,
    input: engine_input(choice, trained),
    weights: trained
      ? { kind: "trained", ...engine_weights(trained) }
      : { kind: choice.weights === "uniform" ? "uniform" : "random" },
    target,
    classes: trained?.classes ?? [],
  };
}

/** @param {TrainedParts} trained */
function engine_weights({ weights, initial, output: [kernel, bias] }) {
  const named = (/** @type {[string, Numbers][]} */ arrays) =>
    arrays.map(([name, values]) => /** @type {[string, number[]]} */ ([name, Array.from(values)]));
  /** @type {[number[], number[]]} */
  const output = [Array.from(kernel), Array.from(bias)];
  return { weights: named(weights), initial: named(initial), output };
}

/**
 * @param {StepChoice} choice
 * @param {TrainedParts | null} trained
 * @returns {import("../../types/engine.js").InputChoice}
 */
function engine_input(choice, trained) {
  switch (choice.input) {
    case "uniform":
      return { kind: "uniform", timesteps: TUTORIAL_TIMESTEPS, features: TUTORIAL_FEATURES };
    case "numbers":
    case "script":
      return { kind: "numbers", text: choice.numbers };
    default:
      return trained
        ? {
            kind: "embedded",
            words: trained.words,
            x: Array.from(trained.x),
            known: trained.known,
            before: trained.before,
            called: trained.called ?? "word",
            excerpt: trained.excerpt ?? { kind: "whole" },
          }
        : { kind: "sentence", text: choice.text, features: choice.features };
  }
}
