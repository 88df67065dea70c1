/**
 * The state of the Step view: the choice, the stepping made from it, and the one cursor of all its figures.
 */
import { batch, computed, signal } from "@preact/signals-core";
import { Stepper, words_of } from "../../pkg-stepper/unrolled_stepper.js";
import { stepper_instance } from "../../engine/page.js";
import { EngineError, failure_from } from "../../engine/rpc.js";
import { listing_source } from "../shared/listing_source.js";
import { found_number } from "./linked_number.js";
import { own_number } from "./own_number.js";
import { LiveStepping, RecordedStepping } from "./stepping.js";
import { DEFAULT_CHOICE, OWN, engine_choice } from "./choice.js";
import { recorded_sentence, recorded_stepping } from "./recorded.js";
import { awaits_network, network_for, tell_missing, without_units } from "./trained.js";
import { CELL, FORWARD, PHASE, count_positions, find_position, position_at } from "./walk.js";

/** @typedef {import("./stepping.js").Stepping} Stepping */
/** @typedef {import("./stepping.js").Address} Address */
/** @typedef {import("./stepping.js").ArrayAddress} ArrayAddress */
/** @typedef {import("./stepping.js").Part} Part */
/** @typedef {import("./stepping.js").Pass} Pass */
/** @typedef {import("./stepping.js").Side} Side */
/** @typedef {import("./choice.js").StepChoice} StepChoice */

/** @typedef {import("../../types/engine.js").Diagnostic} Diagnostic */

/** The first word, before any line has run: where the page opens. */
const FIRST_POSITION = 0;
const FIRST_UNIT = 5;

export const choice = signal(/** @type {StepChoice} */ ({ ...DEFAULT_CHOICE }));
export const stepping = signal(/** @type {Stepping | null} */ (null));
/** Changes whenever a number of the stepping does. */
export const version = signal(0);
/** Why the present choice could not be taken; the last stepping stays. */
export const trouble = signal("");
/** Whether the stepping that is shown is not that of the present choice, which could not be taken. */
export const outdated = signal(false);
/** Where the numbers come from, as a sentence. */
export const provenance = signal("");
/** What is stepped through, and what else there is; null until the engine has loaded. */
export const network = signal(/** @type {import("./trained.js").Network | null} */ (null));

export const at = signal(FIRST_POSITION);
export const unit = signal(FIRST_UNIT);
/** A number that was clicked; without one the line's own at the chosen unit. */
export const chosen = signal(/** @type {Address | null} */ (null));
/** 0: the whole sequence, 1: one timestep opened, 2: one sum. */
export const level = signal(1);
export const difference = signal(false);
export const editing = signal(false);
/** Which number of a weight's gradient is added up over time; null: that of the chosen unit. */
export const summed = signal(/** @type {number | null} */ (null));
/** The panel that is shown where only one fits. */
export const panel = signal(/** @type {import("./choice.js").Panel} */ ("code"));

export const position = computed(() => {
  const here = stepping.value;
  return here ? position_at(here.positions, Math.min(at.value, count_positions(here.positions) - 1)) : null;
});

/** The listing or adjoint that the cursor is in. */
export const side = computed(() => {
  const here = stepping.value;
  const now = position.value;
  return here && now ? side_of(here, now.part, now.pass) : null;
});

/** The line under the cursor; null at `def`. */
export const line = computed(
  () => side.value?.lines.find((known) => known.line === position.value?.line) ?? null,
);

/** The number that is explained. */
export const address = computed(() => chosen.value ?? own_address());

/** Whether what is explained is a weight's gradient, added up over all timesteps. */
export const is_total = computed(() => position.value?.phase === PHASE.SUM && chosen.value === null);

export const explanation = computed(() => {
  version.value;
  const here = stepping.value;
  const now = address.value;
  if (!here || !now) return null;
  const weight = is_total.value ? weight_names(here)[position.value?.weight ?? -1] : undefined;
  return weight ? here.explain_total(weight, now.index) : here.explain(now);
});

/** The names of the cell's weights. @param {Stepping} here */
const weight_names = (here) =>
  here.description.cell.parameters.filter(({ role }) => role === "weight").map(({ name }) => name);

/**
 * A weight's gradient, added up over all timesteps; null for another name.
 * @param {Stepping} here @param {string} name
 */
export function total_of(here, name) {
  const weight = weight_names(here).findIndex((known) => `d_${known}` === name);
  return weight < 0 ? null : here.weight_gradient(weight);
}

/** Looks at another number of a weight's summed gradient. @param {string} name of the gradient @param {number} index */
export function look_at_total(name, index) {
  const here = stepping.value;
  const weight = here ? weight_names(here).findIndex((known) => `d_${known}` === name) : -1;
  if (!here || weight < 0) return;
  batch(() => {
    for (let k = 0; k < count_positions(here.positions); k++)
      if (position_at(here.positions, k).weight === weight) at.value = k;
    summed.value = index;
    chosen.value = null;
  });
}

/** @param {Stepping} here @param {Part} part @param {Pass} pass @returns {Side} */
export function side_of(here, part, pass) {
  const description = part === CELL ? here.description.cell : here.description.output;
  return pass === FORWARD ? description.forward : description.backward;
}

/** The first thing that the line makes, at the chosen unit. */
function own_address() {
  const here = stepping.value;
  const now = position.value;
  if (!here || !now) return null;
  const number = now.phase === PHASE.SUM ? (summed.value ?? unit.value) : unit.value;
  return own_number(here.description, now, number, here.outcome.said);
}

/**
 * The reader's own listing as it was accepted last, with its units; null while another cell is stepped. Training
 * starts from it.
 */
export const own_listing = computed(() => {
  const here = stepping.value;
  return here?.live && choice.value.cell === OWN
    ? { source: here.description.cell.forward.source, units: choice.value.units }
    : null;
});

/** How many states the cell has. */
export function states() {
  return (
    stepping.value?.description.cell.parameters.filter((parameter) => parameter.role === "state").length ?? 1
  );
}

/** How many units can be chosen: the width of what the line makes, or of the first state. */
export function unit_count() {
  const state = stepping.value?.description.cell.parameters[1];
  return state?.shape[0] ?? 1;
}

let made = 0;

/**
 * @typedef {object} Expected what is changed by hand in a stepping that is to come, and the number that is looked at
 * @property {import("./edits.js").LinkedEdit[]} edits
 * @property {boolean} difference whether what the edits change is shown
 * @property {Address | null} number
 * @property {number | null} [at] the position of the cursor
 */

/** @type {Expected} */
const NOTHING = { edits: [], difference: false, number: null, at: null };

/** What a link says of its stepping, until that is there. */
let linked = NOTHING;

/** @param {Expected} expected */
export function expect_link(expected) {
  linked = expected;
}

/** Looks at the number of a link that changes nothing else. */
export function show_linked_number() {
  const { number } = linked;
  linked = NOTHING;
  chosen.value = stepping.value && found_number(stepping.value, number);
}

/** The update of the reader's own network that is stepped through, 0 for every other network. */
export const network_updates = signal(0);

/** Changes of a link that are not made yet. */
export const awaited_edits = () => linked.edits;

/** Whether nothing else may be shown: a link's network is being rebuilt, or its changes are not made yet. */
export function awaits_link() {
  return awaits_network(choice.value) || linked.edits.length > 0;
}

/** Whether a stepping is there, or on its way, or has been refused: the view has been opened. */
export const has_begun = () => made > 0;

/** Makes the stepping of the present choice. The one before stays until it is ready, or if it fails. */
export async function prepare_stepping() {
  const mine = ++made;
  try {
    await stepper_instance();
    const wanted = choice.value;
    const source = await listing_source(wanted);
    if (awaits_network(wanted)) return show_nothing();
    if (wanted.input === "sentence" && words_of(wanted.text).length === 0)
      throw new EngineError("no_word", "Type at least one word");
    const { parts, ...shown } = await network_for(wanted);
    if (mine !== made) return;
    tell_missing(shown.misses, prepare_stepping);
    const weights = parts ? "trained" : shown.kind === "uniform" ? "uniform" : "random";
    const given = engine_choice({ ...wanted, weights }, source, parts);
    const fresh = new LiveStepping(new Stepper(given), given, wanted.cell);
    const { edits, difference: differs, number, at: wanted_at } = linked;
    linked = NOTHING;
    const refused = make_edits(fresh, edits);
    replace_stepping(fresh, shown, wanted_at ?? null);
    network_updates.value = shown.updates ?? 0;
    difference.value = differs && fresh.outcome.edits.length > 0;
    if (number) chosen.value = found_number(fresh, number);
    if (refused !== "") trouble.value = refused;
  } catch (error) {
    if (mine !== made) return;
    batch(() => {
      trouble.value = failure_from(error).message;
      outdated.value = stepping.value !== null;
    });
  }
}

/**
 * Makes the changes of a link.
 * @param {LiveStepping} fresh
 * @param {typeof linked.edits} edits
 * @returns {string} a sentence
 */
function make_edits(fresh, edits) {
  for (const { part, name, timestep, index, new: value } of edits) {
    const { head } = side_of(fresh, part, FORWARD);
    try {
      fresh.edit({ part, pass: FORWARD, timestep, line: head, name, index }, value);
    } catch (error) {
      return `This link changes ${name}, number ${index}, which is not possible here: ${failure_from(error).message}`;
    }
  }
  return "";
}

/** Until a link's network is there no other numbers are shown. */
function show_nothing() {
  const before = stepping.value;
  batch(() => {
    stepping.value = null;
    trouble.value = "";
    outdated.value = false;
    provenance.value = "";
    version.value += 1;
  });
  before?.free();
}

/**
 * @param {LiveStepping} fresh
 * @param {import("./trained.js").Network} shown
 * @param {number | null} linked_at where a link puts the cursor
 */
function replace_stepping(fresh, shown, linked_at) {
  const before = stepping.value;
  const was = position.value;
  batch(() => {
    if (linked_at !== null) at.value = linked_at;
    else if (before && !same_input(before, fresh)) at.value = FIRST_POSITION;
    else if (before && was && !same_walk(before, fresh)) at.value = matching(fresh, was);
    chosen.value = null;
    difference.value = false;
    trouble.value = "";
    outdated.value = false;
    network.value = shown;
    const { sentence } = shown;
    provenance.value = fresh.description.cell.without_units ? without_units(sentence) : sentence;
    stepping.value = fresh;
    version.value += 1;
    unit.value = Math.min(unit.value, unit_count() - 1);
  });
  before?.free();
  performance.mark("stepping-live");
}

/** Whether the same words, or as many timesteps, are read. @param {Stepping} one @param {Stepping} other */
const same_input = (one, other) => one.description.labels.join(" ") === other.description.labels.join(" ");

/** @param {Stepping} one @param {Stepping} other */
function same_walk(one, other) {
  return (
    one.positions.length === other.positions.length &&
    one.description.cell.forward.source === other.description.cell.forward.source
  );
}

/**
 * The same phase at the same timestep in another stepping.
 * @param {Stepping} fresh
 * @param {import("./walk.js").Position} was
 */
function matching(fresh, was) {
  const timestep = Math.min(was.timestep, fresh.description.labels.length - 1);
  for (let k = 0; k < count_positions(fresh.positions); k++) {
    const now = position_at(fresh.positions, k);
    if (now.phase === was.phase && (now.timestep === timestep || was.phase === PHASE.SUM)) return k;
  }
  return Math.max(0, find_position(fresh.positions, { part: CELL, pass: FORWARD, timestep, line: Infinity }));
}

/** Shows the recording until the engine has loaded. */
export async function show_recorded_stepping() {
  const recording = await recorded_stepping();
  if (!recording || stepping.value) return;
  batch(() => {
    stepping.value = new RecordedStepping(recording);
    provenance.value = recorded_sentence(recording.network);
    version.value += 1;
  });
}

/** @param {Partial<StepChoice>} changed */
export function choose_step(changed) {
  // With another true label the same network reads the same text: what was changed by hand in them stays.
  const edits = stepping.value?.outcome.edits ?? [];
  if (Object.keys(changed).join() === "target" && edits.length > 0)
    expect_link({ edits, difference: difference.value, number: chosen.value });
  choice.value = { ...choice.value, ...changed };
  void prepare_stepping();
}

/** @param {Address} where shows a number and takes the cursor to the step that made it, if the walk has one */
export function look_at(where) {
  const here = stepping.value;
  if (!here) return;
  batch(() => {
    if (!given_here(where)) {
      const found = find_position(here.positions, where);
      if (found >= 0) at.value = found;
    }
    chosen.value = where;
  });
}

/** What the present step was given is looked at without leaving the line. @param {Address} where */
function given_here(where) {
  const now = position.value;
  return (
    now &&
    side.value &&
    now.part === where.part &&
    now.pass === where.pass &&
    now.timestep === where.timestep &&
    where.line <= side.value.head
  );
}

/** @param {Address} where @param {number} value @returns {string} what is wrong with it, or nothing */
export function change_number(where, value) {
  const here = stepping.value;
  if (!here?.live) return "The engine is still loading.";
  try {
    here.edit(where, value);
  } catch (error) {
    return failure_from(error).message;
  }
  version.value += 1;
  return "";
}

export function undo_change() {
  const here = stepping.value;
  if (!here?.live || here.outcome.edits.length === 0) return;
  here.undo();
  batch(() => {
    if (here.outcome.edits.length === 0) difference.value = false;
    version.value += 1;
  });
}

/** One level up: from a number to its step, from the step to the strip. @returns {boolean} whether there was one */
export function level_up() {
  if (level.value === 2) level.value = 1;
  else if (chosen.value) chosen.value = null;
  else if (level.value === 1) level.value = 0;
  else return false;
  return true;
}

/**
 * The numbers that are shown: as they are, or their difference to before the change.
 * @param {ArrayAddress} where
 */
export function shown_values(where) {
  const here = stepping.value;
  return (difference.value ? here?.values_difference(where) : here?.values(where)) ?? null;
}
