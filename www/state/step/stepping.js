/**
 * Stepping as the views read it: either live, from the page's own instance of the engine, or recorded.
 */

/** @typedef {import("../../types/engine.js").Description} Description */
/** @typedef {import("../../types/engine.js").Diagram} Diagram */
/** @typedef {import("../../types/engine.js").Edit} Edit */
/** @typedef {import("../../types/engine.js").Explanation} Explanation */
/** @typedef {import("../../types/engine.js").Line} Line */
/** @typedef {import("../../types/engine.js").NamedArray} NamedArray */
/** @typedef {import("../../types/engine.js").Operand} Operand */
/** @typedef {import("../../types/engine.js").Origin} Origin */
/** @typedef {import("../../types/stepper.js").Outcome} Outcome */
/** @typedef {import("../../types/engine.js").Side} Side */
/** @typedef {import("../../types/stepper.js").Address} Address where one number stands */
/** @typedef {import("../../types/stepper.js").ArrayAddress} ArrayAddress one or all timesteps of an array */
/** @typedef {import("../../types/engine.js").Part} Part */
/** @typedef {import("../../types/engine.js").Pass} Pass */
/** @typedef {import("../../types/engine.js").ValueAddress} EngineAddress */
/** @typedef {import("../../pkg-stepper/unrolled_stepper.js").Stepper} Stepper */

/** Rooms for which a recording holds the picture, from narrow to wide: a phone, a small and a large window. */
export const RECORDED_ROOMS = /** @type {const} */ ([
  [340, 400],
  [430, 270],
  [520, 360],
]);

/** The key of an array in a recording. @param {ArrayAddress} address */
export function array_key({ part, pass, timestep, line, name }) {
  return `${part} ${pass} ${timestep ?? "all"} ${line} ${name}`;
}

/** The key of an explanation in a recording. @param {Address} address */
export function number_key(address) {
  return `${array_key(address)} ${address.index}`;
}

/** @param {Float32Array | null} now @param {Float32Array | null} before */
function minus(now, before) {
  return now && before ? now.map((value, k) => value - before[k]) : now;
}

export class LiveStepping {
  live = true;
  /** The calls whose operations the picture shows one by one. @type {number[]} */
  unfolded = [];
  /** @type {Stepper} */
  #stepper;
  /** @type {Map<string, any>} Everything that was asked for since the last change. */
  #asked = new Map();

  /**
   * @param {Stepper} stepper
   * @param {import("../../types/engine.js").Choice} choice what it was made from
   * @param {string} cell name of the listing, or `own`
   */
  constructor(stepper, choice, cell) {
    this.#stepper = stepper;
    this.cell = cell;
    this.choice = choice;
    /** @type {Description} */
    this.description = stepper.describe();
    this.positions = stepper.walk();
    /** @type {Outcome} */
    this.outcome = stepper.outcome();
  }

  /**
   * The picture of the cell for a room of CSS pixels.
   * @param {number} width @param {number} height @returns {Diagram}
   */
  diagram(width, height) {
    const open = Uint32Array.from(this.unfolded);
    return this.#once(`diagram ${width} ${height} ${open}`, () => this.#stepper.diagram(width, height, open));
  }

  /** @param {string} key @param {() => any} ask */
  #once(key, ask) {
    let found = this.#asked.get(key);
    if (found === undefined) this.#asked.set(key, (found = ask() ?? null));
    return found;
  }

  /**
   * The numbers at an address: `[width]`, or `[timesteps × width]` where it names no timestep.
   * @param {ArrayAddress} address @returns {Float32Array | null}
   */
  values(address) {
    return this.#once(`now ${array_key(address)}`, () => this.#stepper.values(address));
  }

  /** The same before the first change by hand. @param {ArrayAddress} address @returns {Float32Array | null} */
  values_before(address) {
    return this.#once(`before ${array_key(address)}`, () => this.#stepper.values_before(address));
  }

  /** What the changes by hand have added. @param {ArrayAddress} address @returns {Float32Array | null} */
  values_difference(address) {
    return this.#once(`difference ${array_key(address)}`, () =>
      minus(this.values(address), this.values_before(address)),
    );
  }

  /** @param {number} weight position among the weights @returns {Float32Array} */
  weight_gradient(weight) {
    return this.#once(`gradient ${weight}`, () => this.#stepper.weight_gradient(weight));
  }

  /** The size of the gradient that arrives at each state after each timestep, `[states, timesteps]`. */
  gradient_norms() {
    return /** @type {Float32Array} */ (this.#once("gradient norms", () => this.#stepper.gradient_norms()));
  }

  /** @param {string} name @param {number} index @returns {Float32Array | null} */
  over_time(name, index) {
    return this.#once(`over time ${name} ${index}`, () => this.#stepper.over_time(name, index));
  }

  /** @param {Address} address @returns {Explanation | null} */
  explain(address) {
    return this.#once(`explanation ${number_key(address)}`, () => this.#stepper.explain(address));
  }

  /**
   * One number of a weight's gradient, added up over time.
   * @param {string} weight its name @param {number} index @returns {Explanation | null}
   */
  explain_total(weight, index) {
    return this.#once(`total ${weight} ${index}`, () => this.#stepper.explain_total(weight, index));
  }

  /**
   * What happens at a position of the walk, said of the number that is looked at.
   * @param {number} at @param {Address} looked_at @returns {string}
   */
  sentence(at, looked_at) {
    return this.#once(`sentence ${at} ${number_key(looked_at)}`, () => this.#stepper.sentence(at, looked_at));
  }

  /** @param {Address} address */
  number_as_numpy(address) {
    return this.#stepper.number_as_numpy(address) ?? null;
  }

  /** @param {Pass} pass */
  as_numpy(pass) {
    return this.#stepper.as_numpy(pass);
  }

  /** @param {Address} address @param {number} value */
  edit(address, value) {
    this.#stepper.edit(address, value);
    this.#changed();
  }

  /** @returns {boolean} */
  undo() {
    const undone = this.#stepper.undo();
    this.#changed();
    return undone;
  }

  #changed() {
    this.#asked.clear();
    this.outcome = this.#stepper.outcome();
  }

  free() {
    this.#stepper.free();
  }
}

/** Stepping from a recording: what was not recorded is null. */
export class RecordedStepping {
  live = false;
  /** The listing that is recorded. */
  cell = "lstm";
  /** @type {number[]} */
  unfolded = [];

  /** @param {any} recording `www/lessons/recorded-step.json` */
  constructor(recording) {
    /** @type {Description} */
    this.description = recording.description;
    /** @type {Diagram[]} from narrow to wide */
    this.diagrams = recording.diagrams;
    this.positions = Int32Array.from(recording.positions);
    /** @type {Outcome} */
    this.outcome = recording.outcome;
    /** @type {Record<string, number[]>} */
    this.recorded = recording.values;
    /** @type {Record<string, Explanation>} */
    this.explanations = recording.explanations;
    /** @type {Record<string, string>} by position and number */
    this.sentences = recording.sentences ?? {};
    /** The size of the gradient that arrives at each state after each timestep, `[states, timesteps]`. */
    this.norms = Float32Array.from(recording.gradient_norms ?? []);
    /** @type {Map<string, Float32Array>} */
    this.arrays = new Map();
  }

  /** The widest recorded picture that fits. @param {number} width @returns {Diagram} */
  diagram(width) {
    return this.diagrams.findLast((diagram) => diagram.width <= width) ?? this.diagrams[0];
  }

  /** @param {string} key */
  #array(key) {
    const known = this.arrays.get(key);
    if (known || !this.recorded[key]) return known ?? null;
    const array = Float32Array.from(this.recorded[key]);
    this.arrays.set(key, array);
    return array;
  }

  /** @param {ArrayAddress} address */
  values(address) {
    return this.#array(array_key(address));
  }

  values_before() {
    return null;
  }

  values_difference() {
    return null;
  }

  weight_gradient() {
    return null;
  }

  gradient_norms() {
    return this.norms;
  }

  over_time() {
    return null;
  }

  /** @param {Address} address @returns {Explanation | null} */
  explain(address) {
    return this.explanations[number_key(address)] ?? null;
  }

  explain_total() {
    return null;
  }

  /** What was recorded of the number, else nothing. @param {number} at @param {Address} looked_at @returns {string} */
  sentence(at, looked_at) {
    return this.sentences[`${at} ${number_key(looked_at)}`] ?? "";
  }

  number_as_numpy() {
    return null;
  }

  as_numpy() {
    return "";
  }

  edit() {}

  undo() {
    return false;
  }

  free() {}
}

/** @typedef {LiveStepping | RecordedStepping} Stepping */
