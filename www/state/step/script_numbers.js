/**
 * The step of a script as a cell: with the inputs, weights and first states that the script has.
 */
import { Stepper } from "../../pkg-stepper/unrolled_stepper.js";
import { stepper_instance } from "../../engine/page.js";
import { failure_from } from "../../engine/rpc.js";
import { notify } from "../shared/store.js";
import { OWN, DEFAULT_CHOICE, UNITS, engine_choice } from "./choice.js";
import { keep_draft, kept_draft, script, show_script } from "./draft.js";
import { live_script } from "./script.js";
import { offer_back } from "./set_aside.js";
import * as step from "./step.js";
import { CELL, FORWARD, find_position } from "./walk.js";

/** @typedef {import("./choice.js").ScriptParts} ScriptParts */
/** @typedef {import("./choice.js").StepChoice} StepChoice */
/** @typedef {import("./script.js").LiveScript} LiveScript */

/** The most timesteps that are stepped through in a cell. */
const MOST_TIMESTEPS = 200;

/**
 * The network of a cell that reads what the script reads.
 * @param {StepChoice} choice
 * @returns {Promise<import("./trained.js").Network & { parts: ScriptParts | null }>}
 */
export async function script_network(choice) {
  const source = script.value?.source;
  const live = source === undefined ? null : await live_script(source);
  const numbers = live?.step_numbers(MOST_TIMESTEPS);
  const text = live?.facts.step?.text;
  /** @type {import("./trained.js").Network["menu"]} */
  const menu = [{ kind: "random", title: "untrained" }];
  if (!live || !numbers)
    return { kind: "random", menu, examples: [], parts: null, sentence: untrained(choice, "numbers") };
  const is_its_step = choice.cell === OWN && choice.code === text;
  if (is_its_step) menu.unshift({ kind: "script", title: "your script’s weights" });
  const { x, timesteps, initial } = numbers;
  const shapes = is_its_step ? shapes_of(live, choice.units) : [];
  const all = live.facts.timesteps ?? timesteps;
  const read = timesteps < all ? `the first ${timesteps} of the ${all} inputs` : "the inputs";
  if (!is_its_step || choice.weights === "random") {
    const parts = { numbers: x, weights: null, initial: [], shapes };
    return {
      kind: "random",
      menu,
      examples: [],
      parts,
      sentence: untrained(choice, `${read} of your script`),
    };
  }
  return {
    kind: "script",
    menu,
    examples: [],
    parts: { numbers: x, weights: numbers.weights, initial, shapes },
    sentence: `the step of your script, with its weights and ${read}, in 32 bits`,
  };
}

/** @param {StepChoice} choice @param {string} input */
const untrained = ({ units, seed }, input) =>
  `an untrained network with ${units} units: ${input}, initial weights, seed ${seed}`;

/**
 * Why the numbers of a script cannot be stepped through in a cell; a stepping of them where they can.
 * @param {LiveScript} live @param {StepChoice} choice @param {string} text
 * @returns {{ stepper: Stepper } | { why: string }}
 */
function tried(live, choice, text) {
  const numbers = live.step_numbers(MOST_TIMESTEPS);
  if (!numbers || !live.facts.step) return { why: "it has no step" };
  if (numbers.timesteps < 2) return { why: "its loop runs once and a sequence is longer" };
  const units = units_of(live);
  if (units > UNITS.maximum)
    return { why: `its state has ${units} numbers and ${UNITS.maximum} are the most` };
  const { x, weights, initial } = numbers;
  const parts = { numbers: x, weights, initial, shapes: shapes_of(live, units) };
  try {
    return { stepper: new Stepper(engine_choice(choice, text, parts)) };
  } catch (failure) {
    return { why: failure_from(failure).message };
  }
}

/** @param {LiveScript} live */
const units_of = (live) => live.facts.step?.states[0]?.shape[0] ?? DEFAULT_CHOICE.units;

/**
 * The shapes that the script's own arrays have; none with other units than its own.
 * @param {LiveScript} live @param {number} units @returns {[string, number[]][]}
 */
function shapes_of(live, units) {
  const { step: found } = live.facts;
  if (!found || units !== units_of(live)) return [];
  return [found.input, ...found.states, ...found.weights].map(({ name, shape }) => [name, shape]);
}

/**
 * Shows the step of the script as a cell, at the timestep that the script is at.
 * @param {LiveScript} live @param {number} timestep
 */
export async function to_cell(live, timestep) {
  const found = live.facts.step;
  if (!found) return;
  await stepper_instance();
  const kept = kept_draft();
  const units = units_of(live);
  const { text } = found;
  /** @type {StepChoice} */
  const wanted = {
    ...step.choice.value,
    cell: OWN,
    code: text,
    units: Math.max(UNITS.minimum, Math.min(UNITS.maximum, units)),
    input: "script",
    weights: "trained",
  };
  const taken = tried(live, wanted, text);
  let at = null;
  if ("stepper" in taken) {
    const { stepper } = taken;
    const line = stepper.describe().cell.forward.head;
    at = Math.max(0, find_position(stepper.walk(), { part: CELL, pass: FORWARD, timestep, line }));
    stepper.free();
  } else {
    wanted.input = "numbers";
    notify({
      key: "script",
      kind: "note",
      text: `The cell is your script’s, its numbers are not: ${taken.why}. Inputs and weights here are others.`,
    });
  }
  keep_draft({ typed: text, accepted: text });
  if (kept && ![text, live.source, DEFAULT_CHOICE.code].includes(kept.typed))
    offer_back(kept.typed, text, "Your script");
  step.editing.value = false;
  step.level.value = 1;
  step.expect_link({ edits: [], difference: false, number: null, at });
  step.choose_step(wanted);
  show_script(false);
}
