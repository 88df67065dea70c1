/**
 * What a run has reported so far: one loss and one accuracy a step, and the validations.
 */

/** @typedef {import("../../types/engine.js").Report} Report */
/** @typedef {import("../../types/engine.js").Evaluation} Validation */
/** @typedef {import("../../types/engine.js").Norms} Norms */

/**
 * @typedef {{ losses: Float32Array, accuracies: Float32Array, validation: Validation[], norms?: Norms[],
 *   seconds: number }} SavedHistory
 */

/** More norms than these are thinned out: a chart is not wider. */
const MOST_NORMS = 1500;

export class History {
  #losses = new Float32Array(1024);
  #accuracies = new Float32Array(1024);
  /** @type {Validation[]} */
  validation = [];
  /** Of some of the updates, in order. @type {Norms[]} */
  norms = [];
  length = 0;
  seconds = 0;

  /** One value a step, before the update of that step: a view, valid until the next `append`. */
  get losses() {
    return this.#losses.subarray(0, this.length);
  }

  get accuracies() {
    return this.#accuracies.subarray(0, this.length);
  }

  /** Steps already known are replaced, since a run that was set back repeats them. @param {Report} report */
  append(report) {
    const start = Math.min(Math.max(0, report.step - report.losses.length), this.length);
    this.cut(start);
    this.#reserve(start + report.losses.length);
    this.#losses.set(report.losses, start);
    this.#accuracies.set(report.accuracies, start);
    this.length = start + report.losses.length;
    this.validation.push(...report.validation);
    this.norms.push(...report.norms);
    if (this.norms.length > MOST_NORMS) this.norms = this.norms.filter((_, k) => k % 2 === 0);
    this.seconds = report.seconds;
  }

  /** Forgets what came after a step. @param {number} step */
  cut(step) {
    this.length = Math.min(this.length, step);
    this.validation = this.validation.filter((validation) => validation.step <= step);
    if ((this.norms.at(-1)?.step ?? 0) > step) this.norms = this.norms.filter((norms) => norms.step <= step);
  }

  /** @returns {SavedHistory} */
  save() {
    return {
      losses: this.losses.slice(),
      accuracies: this.accuracies.slice(),
      validation: [...this.validation],
      norms: [...this.norms],
      seconds: this.seconds,
    };
  }

  /** Whether what was read is a course with all of its parts. @param {SavedHistory | undefined} saved */
  static is_whole(saved) {
    const { losses, accuracies, validation, norms = [], seconds } = saved ?? {};
    return (
      losses instanceof Float32Array &&
      accuracies instanceof Float32Array &&
      losses.length === accuracies.length &&
      [validation, norms].every((points) => Array.isArray(points) && points.every(has_step)) &&
      typeof seconds === "number"
    );
  }

  /** @param {SavedHistory} saved @returns {History} */
  static restore(saved) {
    const history = new History();
    history.#reserve(saved.losses.length);
    history.#losses.set(saved.losses);
    history.#accuracies.set(saved.accuracies);
    history.length = saved.losses.length;
    history.validation = [...saved.validation];
    history.norms = [...(saved.norms ?? [])];
    history.seconds = saved.seconds;
    return history;
  }

  /** @returns {Validation | null} */
  get last_validation() {
    return this.validation[this.validation.length - 1] ?? null;
  }

  /**
   * The mean over the last batches: those of single batches vary too much to be read.
   * @param {number} count
   * @returns {{ loss: number, accuracy: number } | null}
   */
  recent(count) {
    const start = Math.max(0, this.length - count);
    const n = this.length - start;
    if (n === 0) return null;
    let loss = 0;
    let accuracy = 0;
    for (let k = start; k < this.length; k++) {
      loss += this.#losses[k];
      accuracy += this.#accuracies[k];
    }
    return { loss: loss / n, accuracy: accuracy / n };
  }

  /** @param {number} length */
  #reserve(length) {
    if (length <= this.#losses.length) return;
    const size = Math.max(length, 2 * this.#losses.length);
    this.#losses = enlarged(this.#losses, size);
    this.#accuracies = enlarged(this.#accuracies, size);
  }
}

/** @param {{ step?: unknown } | null} point */
const has_step = (point) => typeof point?.step === "number";

/** @param {Float32Array<ArrayBuffer>} array @param {number} size */
function enlarged(array, size) {
  const larger = new Float32Array(size);
  larger.set(array);
  return larger;
}
