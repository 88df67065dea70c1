/**
 * Stepping as the views read it: either live, from the page's own instance of the engine, or recorded.
 */

/** @typedef {{ name: string, shape: number[] }} NamedArray */

/**
 * @typedef {object} Line
 * @property {number} line
 * @property {number} until last line of the text it reaches to
 * @property {NamedArray[]} writes
 * @property {string[]} reads
 * @property {string} made_by
 * @property {string | null} comment
 * @property {boolean} repeats in an adjoint: repeats a line of the listing
 */

/** @typedef {{ source: string, head: number, last: number, given: NamedArray[], lines: Line[] }} Side */

/**
 * @typedef {object} PartDescription
 * @property {Side} forward
 * @property {Side} backward
 * @property {{ name: string, role: "input" | "state" | "weight", shape: number[] }[]} parameters
 * @property {string[]} outputs
 */

/**
 * @typedef {object} Description
 * @property {PartDescription} cell
 * @property {PartDescription} output
 * @property {string[]} labels
 * @property {boolean} words
 * @property {number} features
 * @property {number} read_state
 * @property {"binary" | "classes" | "number"} said
 */

/**
 * @typedef {{ part: "cell" | "output", name: string, timestep: number, index: number, old: number, new: number }}
 *   Edit
 */
/** @typedef {{ loss: number, said: number[], saturation: number, edits: Edit[] }} Outcome */

/** @typedef {{ part: number, pass: number, t: number, line: number, name: string, index: number }} Address */

/** @typedef {{ label: string, value: number, origin: Origin }} Operand */
/**
 * @typedef {{ pass: "forward" | "backward", timestep: number, line: number, name: string, index: number }}
 *   EngineAddress
 */
/**
 * @typedef {{ kind: "written" | "initial" | "weight" | "part" } | { kind: "input", timestep: number }
 *   | { kind: "line", address: EngineAddress } | { kind: "returned", timestep: number }
 *   | { kind: "arriving", from_loss: number, from_next: [number, EngineAddress] | null }} Origin
 */

/**
 * @typedef {object} Explanation
 * @property {EngineAddress} address
 * @property {number[]} position
 * @property {number[]} shape
 * @property {number} value
 * @property {string} text
 * @property {string} formula
 * @property {string} filled
 * @property {Operand[]} operands
 * @property {string} sum_label
 * @property {number} sum
 * @property {{ label: string, value: number, factors: Operand[] }[]} terms
 * @property {Origin | null} origin
 */

/**
 * @typedef {object} Diagram
 * @property {number} width
 * @property {number} height
 * @property {{ node: number, figure: "box" | "circle", label: string, name: string | null, line: number, x: number,
 *   y: number, width: number, height: number }[]} elements
 * @property {{ points: [number, number][], carries: { kind: "parameter", name: string }
 *   | { kind: "element", index: number } | { kind: "mixed", names: string[] }, to: number | null,
 *   leaves: string | null, line: number }[]} wires
 * @property {{ text: string, name: string, x: number, y: number, at_end: boolean }[]} labels
 */

/** @typedef {import("../../pkg/unrolled.js").Stepper} Stepper */

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
      this.#stepper.value(part, pass, t, line, name),
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
      this.#stepper.value_before(part, pass, t, line, name),
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
    return this.#once(`f${part}${pass} ${line} ${name} ${before}`, () =>
      this.#stepper.field(part, pass, line, name, before),
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
  explain({ part, pass, t, line, name, index }) {
    return this.#once(`e${part}${pass} ${t} ${line} ${name} ${index}`, () =>
      this.#stepper.explain(part, pass, t, line, name, index),
    );
  }

  /** @param {Address} address */
  number_as_numpy({ part, pass, t, line, name, index }) {
    return this.#stepper.number_as_numpy(part, pass, t, line, name, index) ?? null;
  }

  /** @param {number} pass */
  as_numpy(pass) {
    return this.#stepper.as_numpy(pass);
  }

  /** @param {Address} address @param {number} value */
  edit({ part, t, name, index }, value) {
    this.#stepper.edit(part, name, t, index, value);
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
