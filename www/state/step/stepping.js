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
/** @typedef {import("../../types/engine.js").Outcome} Outcome */
/** @typedef {import("../../types/engine.js").Side} Side */
/** @typedef {import("../../types/engine.js").ValueAddress} EngineAddress */
/** @typedef {import("../../pkg/unrolled.js").Stepper} Stepper */

/** @typedef {{ part: number, pass: number, t: number, line: number, name: string, index: number }} Address */

/** The engine's names of what the walk, links and the recording number. */
const PARTS = /** @type {const} */ (["cell", "output"]);
const PASSES = /** @type {const} */ (["forward", "backward"]);

/** @param {Address} address @returns {import("../../types/engine.js").Address} */
function engine_address({ part, pass, t, line, name, index }) {
  return { part: PARTS[part], pass: PASSES[pass], timestep: t, line, name, index };
}

/** @param {Float32Array | null} now @param {Float32Array | null} before */
function minus(now, before) {
  return now && before ? now.map((value, k) => value - before[k]) : now;
}

export class LiveStepping {
  live = true;
  /** @type {Stepper} */
  #stepper;
  /** @type {Map<string, any>} Everything that was asked for since the last change. */
  #asked = new Map();

  /** @param {Stepper} stepper */
  constructor(stepper) {
    this.#stepper = stepper;
    /** @type {Description} */
    this.description = stepper.describe();
    /** @type {Diagram} */
    this.diagram = stepper.diagram();
    this.positions = stepper.walk();
    /** @type {Outcome} */
    this.outcome = stepper.outcome();
  }

  /** @param {string} key @param {() => any} ask */
  #once(key, ask) {
    let found = this.#asked.get(key);
    if (found === undefined) this.#asked.set(key, (found = ask() ?? null));
    return found;
  }

  /**
   * @param {number} part
   * @param {number} pass
   * @param {number} t
   * @param {number} line
   * @param {string} name
   * @returns {Float32Array | null}
   */
  value(part, pass, t, line, name) {
    return this.#once(`v${part}${pass} ${t} ${line} ${name}`, () =>
      this.#stepper.values({ part: PARTS[part], pass: PASSES[pass], timestep: t, line, name }),
    );
  }

  /**
   * The value before the first change by hand.
   * @param {number} part
   * @param {number} pass
   * @param {number} t
   * @param {number} line
   * @param {string} name
   * @returns {Float32Array | null}
   */
  value_before(part, pass, t, line, name) {
    return this.#once(`w${part}${pass} ${t} ${line} ${name}`, () =>
      this.#stepper.values_before({ part: PARTS[part], pass: PASSES[pass], timestep: t, line, name }),
    );
  }

  /**
   * What the changes by hand have added.
   * @param {number} part
   * @param {number} pass
   * @param {number} t
   * @param {number} line
   * @param {string} name
   * @returns {Float32Array | null}
   */
  value_difference(part, pass, t, line, name) {
    return this.#once(`d${part}${pass} ${t} ${line} ${name}`, () =>
      minus(this.value(part, pass, t, line, name), this.value_before(part, pass, t, line, name)),
    );
  }

  /**
   * The same at all timesteps.
   * @param {number} part
   * @param {number} pass
   * @param {number} line
   * @param {string} name
   * @returns {Float32Array | null}
   */
  field_difference(part, pass, line, name) {
    return this.#once(`df${part}${pass} ${line} ${name}`, () =>
      minus(this.field(part, pass, line, name), this.field(part, pass, line, name, true)),
    );
  }

  /**
   * All timesteps, `[timesteps × width]`.
   * @param {number} part
   * @param {number} pass
   * @param {number} line
   * @param {string} name
   * @param {boolean} [before]
   * @returns {Float32Array | null}
   */
  field(part, pass, line, name, before = false) {
    const address = { part: PARTS[part], pass: PASSES[pass], line, name };
    return this.#once(`f${part}${pass} ${line} ${name} ${before}`, () =>
      before ? this.#stepper.values_before(address) : this.#stepper.values(address),
    );
  }

  /** @param {number} weight position among the weights @returns {Float32Array} */
  weight_gradient(weight) {
    return this.#once(`g${weight}`, () => this.#stepper.weight_gradient(weight));
  }

  /** @param {string} name @param {number} index @returns {Float32Array | null} */
  over_time(name, index) {
    return this.#once(`o${name} ${index}`, () => this.#stepper.over_time(name, index));
  }

  /** @param {Address} address @returns {Explanation | null} */
  explain(address) {
    const { part, pass, t, line, name, index } = address;
    return this.#once(`e${part}${pass} ${t} ${line} ${name} ${index}`, () =>
      this.#stepper.explain(engine_address(address)),
    );
  }

  /** @param {Address} address */
  number_as_numpy(address) {
    return this.#stepper.number_as_numpy(engine_address(address)) ?? null;
  }

  /** @param {number} pass */
  as_numpy(pass) {
    return this.#stepper.as_numpy(PASSES[pass]);
  }

  /** @param {Address} address @param {number} value */
  edit(address, value) {
    this.#stepper.edit(engine_address(address), value);
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

  /** @param {any} recording `www/lessons/recorded-step.json` */
  constructor(recording) {
    /** @type {Description} */
    this.description = recording.description;
    /** @type {Diagram} */
    this.diagram = recording.diagram;
    this.positions = Int32Array.from(recording.positions);
    /** @type {Outcome} */
    this.outcome = recording.outcome;
    /** @type {Record<string, number[]>} */
    this.values = recording.values;
    /** @type {Record<string, Explanation>} */
    this.explanations = recording.explanations;
    /** @type {Map<string, Float32Array>} */
    this.arrays = new Map();
  }

  /** @param {string} key */
  #array(key) {
    const known = this.arrays.get(key);
    if (known || !this.values[key]) return known ?? null;
    const array = Float32Array.from(this.values[key]);
    this.arrays.set(key, array);
    return array;
  }

  /** @param {number} part @param {number} pass @param {number} t @param {number} line @param {string} name */
  value(part, pass, t, line, name) {
    return this.#array(`v${part}${pass} ${t} ${line} ${name}`);
  }

  value_before() {
    return null;
  }

  value_difference() {
    return null;
  }

  field_difference() {
    return null;
  }

  /** @param {number} part @param {number} pass @param {number} line @param {string} name @param {boolean} [before] */
  field(part, pass, line, name, before = false) {
    return this.#array(`f${part}${pass} ${line} ${name} ${before}`);
  }

  weight_gradient() {
    return null;
  }

  over_time() {
    return null;
  }

  /** @param {Address} address @returns {Explanation | null} */
  explain({ part, pass, t, line, name, index }) {
    return this.explanations[`e${part}${pass} ${t} ${line} ${name} ${index}`] ?? null;
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
