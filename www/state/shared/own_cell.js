/**
 * From stepping to training and back, with the same cell.
 */
import { signal } from "@preact/signals-core";
import { load_trained_code, save_trained_code } from "../runs/texts.js";
import { KERAS_LISTINGS, OWN, is_listing } from "./listing_cell.js";
import { key_of, opened, why_no_steps } from "../train/experiment.js";
import { cell_place, read_sizes, with_controls } from "../train/places.js";
import * as step from "../step/step.js";
import { UNITS, sizes_of } from "../step/choice.js";
import * as store from "./store.js";

/** @typedef {import("../train/settings.js").Settings} Settings */

/**
 * Sets up another network; what that needs is loaded with the Train view. An experiment without one place for the cell
 * gives way to the one that the page starts with.
 * @param {Partial<Settings>} wanted
 */
async function choose_settings(wanted) {
  await (await import("../train/choices.js")).choose_settings(wanted);
}

/** The reader's own listing that was trained last; empty if there is none. */
export const trained_code = signal("");

/** @param {string} code */
function remember(code) {
  trained_code.value = code;
  save_trained_code(code);
}

/**
 * Settings of an own cell with their listing: the one in the link, or else the one that was trained last.
 * @param {Settings} settings
 */
export function with_listing(settings) {
  const kept = load_trained_code();
  if (settings.cell !== OWN) {
    trained_code.value = kept;
    return settings;
  }
  const code = settings.code === "" ? kept : settings.code;
  if (code === "") return { ...settings, cell: "LSTM" };
  remember(code);
  return { ...settings, code };
}

/**
 * The cell that is stepped through, as settings of a run.
 * @returns {{ cell: string, code: string, units: number, sizes?: Record<string, number> } | null} null while there is
 *   none
 */
function stepped_cell() {
  const { cell, units, sizes } = step.choice.value;
  if (cell !== OWN)
    return {
      cell: Object.keys(KERAS_LISTINGS).find((name) => KERAS_LISTINGS[name] === cell) ?? cell,
      code: "",
      units,
      sizes: Object.fromEntries(sizes_of(sizes)),
    };
  const own = step.own_listing.value;
  return own && { cell, code: own.source, units: own.units };
}

/** Takes the cell that is stepped through to the Train view. */
export async function train_cell() {
  const wanted = stepped_cell();
  if (!wanted) return;
  if (wanted.cell === OWN) {
    remember(wanted.code);
    // The sizes that were chosen stand in the text that is trained.
    step.choice.value = { ...step.choice.value, code: wanted.code, sizes: "" };
  }
  store.route.value = "train";
  scrollTo(0, 0);
  const { document, from } = store.experiment.value;
  const same =
    cell_place(document) !== null &&
    key_of(opened(with_controls(document, wanted), from)) === key_of(store.experiment.value);
  if (!same || store.status.value === "failed") await choose_settings(wanted);
}

/** Trains the own cell again that was trained last. */
export async function choose_own() {
  if (trained_code.value !== "") await choose_settings({ cell: OWN, code: trained_code.value });
}

/** Why the trained cell cannot be stepped through; empty where it can. */
export function steps_refused() {
  return why_no_steps(store.experiment.value.document, UNITS.maximum);
}

/** Takes the trained cell to the Step view, with its weights and the text that is read. */
export function step_through() {
  const { cell, code, units } = store.settings.value;
  store.route.value = "step";
  scrollTo(0, 0);
  const text = store.text.value.trim() === "" ? step.choice.value.text : store.text.value;
  const listing = is_listing(cell) ? cell : KERAS_LISTINGS[cell];
  step.editing.value = false;
  step.choose_step({
    cell: listing,
    units,
    sizes: read_sizes(store.experiment.value.document),
    input: "sentence",
    weights: "trained",
    text,
    ...(cell === OWN && { code }),
  });
}
