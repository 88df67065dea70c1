/**
 * A whole script that is stepped through: its positions, the one cursor, and moving along them.
 */
import { batch, computed, effect, signal } from "@preact/signals-core";
import { extra } from "../../engine/extra.js";
import { failure_from } from "../../engine/rpc.js";
import { script } from "./draft.js";
import { make_clock, stride } from "./player.js";

/** @typedef {import("../../types/extra.js").ScriptFacts} ScriptFacts */
/** @typedef {import("../../types/extra.js").ScriptMoment} ScriptMoment */
/** @typedef {import("../../types/extra.js").ScriptValue} ScriptValue */
/** @typedef {import("../../types/extra.js").ScriptOutput} ScriptOutput */
/** @typedef {import("../../types/extra.js").ScriptWalk} ScriptWalk */
/** @typedef {import("./step.js").Diagnostic} Diagnostic */

/** Numbers of one position. */
const WIDTH = 4;

/** @typedef {{ line: number, until: number, timestep: number, is_turn: boolean }} Position timestep −1 outside */

/** A script that has run. */
export class LiveScript {
  /** @type {ScriptWalk} */
  #walk;
  /** @type {Map<string, any>} Everything that was asked for. */
  #asked = new Map();

  /** @param {string} source @param {ScriptWalk} walk */
  constructor(source, walk) {
    this.source = source;
    this.#walk = walk;
    /** @type {ScriptFacts} */
    this.facts = walk.describe();
    this.positions = walk.walk();
    this.last = this.positions.length / WIDTH - 1;
  }

  /** @param {string} key @param {() => any} ask */
  #once(key, ask) {
    let found = this.#asked.get(key);
    if (found === undefined) this.#asked.set(key, (found = ask() ?? null));
    return found;
  }

  /** @param {number} at @returns {Position} */
  position(at) {
    const [line, until, timestep, turn] = this.positions.subarray(at * WIDTH, (at + 1) * WIDTH);
    return { line, until, timestep, is_turn: turn === 1 };
  }

  /** @param {number} at @returns {ScriptMoment} */
  moment(at) {
    return this.#once(`moment ${at}`, () => this.#walk.moment(at));
  }

  /** The names that can be read. @param {number} at @returns {ScriptValue[]} */
  names(at) {
    return this.#once(`names ${at}`, () => this.#walk.names(at).values);
  }

  /** For each line the position of its last run, or −1. @param {number} at @returns {Int32Array} */
  latest(at) {
    return this.#walk.latest(at);
  }

  /** @param {number} at @returns {ScriptOutput[]} */
  printed(at) {
    return this.#walk.printed(at).outputs;
  }

  /** @param {number} array @returns {Float32Array} */
  numbers(array) {
    return this.#once(`numbers ${array}`, () => this.#walk.numbers(array));
  }

  /** One number with all its digits. @param {number} array @param {number} index */
  number(array, index) {
    return this.#walk.number(array, index);
  }

  /** What its step takes, of the first timesteps. @param {number} timesteps */
  step_numbers(timesteps) {
    return this.#walk.step_numbers(timesteps) ?? null;
  }
}

/** @type {Promise<LiveScript> | null} */
let last_made = null;
let last_source = "";

/** Runs a script, once as long as it stays the same. Rejects with its mistakes. @param {string} source */
export function live_script(source) {
  if (last_made && source === last_source) return last_made;
  last_source = source;
  const made = extra().then(({ ScriptWalk }) => new LiveScript(source, new ScriptWalk(source)));
  made.catch(() => {
    if (last_made === made) last_made = null; // The next attempt runs it again.
  });
  last_made = made;
  return made;
}

/** The script that is shown; null until it has run. */
export const live = signal(/** @type {LiveScript | null} */ (null));
/** Why it does not run: its mistakes. */
export const mistakes = signal(/** @type {Diagnostic[]} */ ([]));

/** Keeps what is shown to the text that is kept. */
export function follow_script() {
  return effect(() => {
    const source = script.value?.source ?? "";
    if (source === "" || live.peek()?.source === source) return;
    live_script(source).then(
      (made) => {
        if (script.value?.source !== source) return;
        batch(() => {
          mistakes.value = [];
          live.value = made;
        });
      },
      (failure) => {
        if (script.value?.source !== source) return;
        batch(() => {
          mistakes.value = mistakes_of(failure);
          live.value = null;
        });
      },
    );
  });
}

/** @param {any} failure @returns {Diagnostic[]} */
export function mistakes_of(failure) {
  const { diagnostics = [] } = failure;
  const { message } = failure_from(failure);
  return diagnostics.length > 0 ? diagnostics : [{ line: 1, column: 1, length: 1, message }];
}

export const at = computed(() => Math.min(script.value?.at ?? 0, live.value?.last ?? 0));

/** @param {number} to */
function move_to(to) {
  if (script.value && live.value)
    script.value = { ...script.value, at: Math.max(0, Math.min(live.value.last, to)) };
}

/** @param {number} to */
export function scrub(to) {
  stop_playing();
  move_to(to);
}

/** @param {1 | -1} by */
export function move_line(by) {
  scrub(at.value + by);
}

/** @param {1 | -1} by */
export function move_timestep(by) {
  if (live.value) scrub(by_timestep(live.value, at.value, by));
}

/**
 * The same line one timestep further, or the first line of what follows.
 * @param {Pick<LiveScript, "position" | "last">} script @param {number} from @param {1 | -1} by
 */
export function by_timestep(script, from, by) {
  const here = script.position(from);
  let edge = from;
  while (edge >= 0 && edge <= script.last && script.position(edge).timestep === here.timestep) edge += by;
  if (edge < 0 || edge > script.last) return by > 0 ? script.last : 0;
  const { timestep } = script.position(edge);
  const is_in = (/** @type {number} */ k) =>
    k >= 0 && k <= script.last && script.position(k).timestep === timestep;
  while (is_in(edge - 1)) edge -= 1;
  for (let k = edge; is_in(k); k++) if (script.position(k).line === here.line) return k;
  return edge;
}

const clock = make_clock({
  place: () => (live.value && script.value?.shown ? { at: at.value, last: live.value.last } : null),
  onward(from) {
    const here = live.value;
    if (!here) return from;
    return stride.value === "line" ? Math.min(here.last, from + 1) : by_timestep(here, from, 1);
  },
  go: move_to,
});

export const { playing, toggle: toggle_play, stop: stop_playing } = clock;
