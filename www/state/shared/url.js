/**
 * The state that fits into a link, as `#/train?v=1&data=imdb&units=16&…`.
 *
 * Only what differs from the defaults is written. Unknown keys are ignored and values outside their limits are
 * brought inside, so that a link from another version still opens.
 */
import { parse_step, write_step } from "../step/choice.js";
import { parse_trained, shortened, write_trained } from "./link_network.js";
import { OWN, is_known_cell } from "./listing_cell.js";
import { DATASETS, LIMITS, choice_of, fitting, known_dataset, within_limits } from "../train/settings.js";

/** @typedef {import("../train/settings.js").Settings} Settings */

/** @typedef {import("../../types/engine.js").Changes} Changes */

/**
 * An experiment of the project by its name, and what is changed in it. Changes that are too long for a link stay on
 * this machine: `null`.
 * @typedef {{ name: string, changes: Changes | null }} NamedExperiment
 */

/**
 * @typedef {object} LinkState
 * @property {string} route name of the view
 * @property {Settings} settings of an own cell without its listing, if that is too long for a link
 * @property {NamedExperiment | null} experiment in place of the settings
 * @property {string | null} text typed sentence, null where the link has none
 * @property {{ t: number, u: number } | null} selected word and unit
 * @property {number | null} speed steps a second, 0 for full speed
 * @property {import("../step/choice.js").StepLink} step
 * @property {import("./link_network.js").TrainedTo | null} trained how far the network has been trained
 * @property {boolean} relaxed whether its arithmetic is the one that is not reproducible
 * @property {boolean} contrast figures drawn to their own limits
 */

const LINK_VERSION = 1;

/** Longer texts stay on this machine: links longer than this are cut by mail programs and chats. */
export const LONGEST_TEXT_IN_LINK = 600;

/** The same for the reader's own listing. */
export const LONGEST_CODE_IN_LINK = 1500;

/** The same for the changes of an experiment, as JSON. */
export const LONGEST_CHANGES_IN_LINK = 4000;

/** What stands in a link for changes that are too long for it. */
const KEPT = "kept";

const DEFAULT_ROUTE = "step";

/** The word for arithmetic whose last digits differ from one machine to the next. */
const RELAXED = "relaxed";

const NUMBERS = /** @type {(keyof typeof LIMITS)[]} */ (Object.keys(LIMITS));

/**
 * @param {string} fragment with or without `#`
 * @returns {LinkState & { problems: string[] }} `problems`: what could not be taken from the link, in sentences
 */
export function parse_link(fragment) {
  const [path, query = ""] = fragment.replace(/^#?\/?/, "").split(/\?(.*)/s);
  const given = new URLSearchParams(query);
  const data = known_dataset(given.get("data"));
  const { trained, problem } = parse_trained(given);
  const step = parse_step(given);
  const named = parse_experiment(given);
  const problems = [...unknown_names(given), named.problem, problem, ...step.problems].filter(
    (text) => text !== "",
  );
  const settings = { ...DATASETS[data].defaults };
  for (const name of NUMBERS) {
    const value = given.has(name) ? within_limits(name, given.get(name)) : null;
    if (value !== null) settings[name] = value;
  }
  const cell = given.get("cell");
  if (cell !== null && is_known_cell(cell)) settings.cell = cell;
  settings.code = given.get("code") ?? "";
  const t = index(given.get("t"));
  const u = index(given.get("u"));
  const speed = given.has("speed") ? index(given.get("speed")) : null;
  return {
    route: /^[a-z][a-z-]*$/.test(path) ? path : DEFAULT_ROUTE,
    settings: fitting(settings),
    experiment: named.experiment,
    text: given.get("text"),
    selected: t !== null && u !== null ? { t, u } : null,
    speed,
    contrast: given.get("contrast") !== "0",
    trained: unknown_names(given).length === 0 && named.problem === "" ? trained : null,
    relaxed: given.get("arithmetic") === RELAXED,
    step,
    problems,
  };
}

/** @param {URLSearchParams} given @returns {{ experiment: NamedExperiment | null, problem: string }} */
function parse_experiment(given) {
  const name = given.get("experiment");
  if (name === null) return { experiment: null, problem: "" };
  const said = given.get("changes") ?? "{}";
  if (said === KEPT) return { experiment: { name, changes: null }, problem: "" };
  try {
    const changes = JSON.parse(said);
    if (typeof changes === "object" && changes !== null && !Array.isArray(changes) && is_flat(changes))
      return { experiment: { name, changes }, problem: "" };
  } catch {
    // The sentence below says so.
  }
  const problem =
    `The changes of the experiment “${shortened(name)}” in this link cannot be read; another experiment is ` +
    "shown, untrained.";
  return { experiment: null, problem };
}

/** No document is nested so deeply; a browser that passes on what is ends the page. */
const DEEPEST = 64;

/** Whether what a link holds is nested no deeper than documents are. @param {object} value */
function is_flat(value) {
  /** @type {[unknown, number][]} */
  const left = [[value, 0]];
  for (let next = left.pop(); next; next = left.pop()) {
    const [one, depth] = next;
    if (typeof one !== "object" || one === null) continue;
    if (depth > DEEPEST) return false;
    for (const inner of Object.values(one)) left.push([inner, depth + 1]);
  }
  return true;
}

/** Whether the changes of an experiment can stand in a link. @param {NamedExperiment} experiment */
export function fits_link({ changes }) {
  return changes !== null && JSON.stringify(changes).length <= LONGEST_CHANGES_IN_LINK;
}

/** @param {URLSearchParams} query @param {NamedExperiment} experiment */
function write_experiment(query, experiment) {
  query.set("experiment", experiment.name);
  const { changes } = experiment;
  if (!fits_link(experiment)) query.set("changes", KEPT);
  else if (changes && Object.keys(changes).length > 0) query.set("changes", JSON.stringify(changes));
}

/** Names that this page does not know. @param {URLSearchParams} given @returns {string[]} */
function unknown_names(given) {
  const unknown = [];
  const data = given.get("data");
  if (data !== null && known_dataset(data) !== data)
    unknown.push(`This page has no data set “${shortened(data)}”; another one is shown, untrained.`);
  const cell = given.get("cell");
  if (cell !== null && !is_known_cell(cell))
    unknown.push(`This page has no cell “${shortened(cell)}”; another one is shown, untrained.`);
  return unknown;
}

/**
 * @param {Omit<LinkState, "step" | "trained" | "relaxed" | "experiment"> & { step?: Parameters<typeof write_step>[1],
 *   trained?: LinkState["trained"], relaxed?: boolean, experiment?: NamedExperiment | null,
 *   usual_text?: string }} state
 *   `usual_text`: what is typed for the reader at first
 * @returns {string} beginning with `#/`
 */
export function link_of(state) {
  const query = new URLSearchParams({ v: String(LINK_VERSION) });
  if (state.experiment) write_experiment(query, state.experiment);
  else write_settings(query, state.settings);
  const whole = state.experiment ? fits_link(state.experiment) : is_whole(query, state.settings);
  if (state.trained && whole) write_trained(query, state.trained, state.settings.rate);
  if (state.relaxed) query.set("arithmetic", RELAXED);
  if (state.speed !== null) query.set("speed", String(state.speed));
  if (!state.contrast) query.set("contrast", "0");
  if (
    state.text !== null &&
    state.text.length <= LONGEST_TEXT_IN_LINK &&
    state.text !== (state.usual_text ?? choice_of(state.settings).text)
  ) {
    query.set("text", state.text);
  }
  if (state.selected) {
    query.set("t", String(state.selected.t));
    query.set("u", String(state.selected.u));
  }
  if (state.step) write_step(query, state.step);
  return `#/${state.route}?${query}`;
}

/** @param {URLSearchParams} query @param {Settings} settings */
function write_settings(query, settings) {
  query.set("data", settings.data);
  const { defaults } = choice_of(settings);
  for (const name of NUMBERS) {
    if (settings[name] !== defaults[name]) query.set(name, String(settings[name]));
  }
  if (settings.cell !== defaults.cell) query.set("cell", settings.cell);
  const { cell, code } = settings;
  if (cell === OWN && code.length <= LONGEST_CODE_IN_LINK) query.set("code", code);
}

/**
 * Without its listing the network of an own cell cannot be rebuilt.
 * @param {URLSearchParams} query @param {Settings} settings
 */
function is_whole(query, { cell }) {
  return cell !== OWN || query.has("code");
}

/** @param {string | null} value @returns {number | null} */
function index(value) {
  if (value === null || !/^\d{1,6}$/.test(value)) return null;
  return Number(value);
}
