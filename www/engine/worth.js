/**
 * Whether several workers are quicker than one, from what steps have cost so far: on a machine whose other cores are
 * busy everybody waits for the slowest.
 */

/** Steps alone and together that are needed for a decision, and how long they must have taken. */
const STEPS = 12,
  SPAN_MS = 400;
/** Older steps count less: the machine changes. */
const MEMORY = 0.97;
/** Alone for this long, before followers are started again. */
const REST_MS = 20_000;

/** A mean of what was seen lately. */
class Lately {
  #steps = 0;
  #ms = 0;
  #seen = 0;
  #seen_ms = 0;

  /** @param {number} steps @param {number} ms that they took */
  add(steps, ms) {
    const keep = MEMORY ** steps;
    this.#steps = this.#steps * keep + steps;
    this.#ms = this.#ms * keep + ms;
    this.#seen += steps;
    this.#seen_ms += ms;
  }

  /** Milliseconds a step, or nothing if too little was seen. */
  mean() {
    return this.#seen >= STEPS && this.#seen_ms >= SPAN_MS ? this.#ms / this.#steps : null;
  }
}

export class Worth {
  #alone = new Lately();
  #together = new Lately();
  #rests_until = -Infinity;

  /** Another network, other costs. */
  forget() {
    this.#alone = new Lately();
    this.#together = new Lately();
    this.#rests_until = -Infinity;
  }

  /** @param {boolean} together @param {number} steps @param {number} ms */
  add(together, steps, ms) {
    (together ? this.#together : this.#alone).add(steps, ms);
  }

  /**
   * Whether followers should be started: enough is known of one worker alone, and they were not stopped just now.
   * @param {number} now
   */
  should_start(now) {
    return now >= this.#rests_until && this.#alone.mean() !== null;
  }

  /** Whether followers cost more than they bring; what was measured of them is then forgotten. @param {number} now */
  should_stop(now) {
    const [alone, together] = [this.#alone.mean(), this.#together.mean()];
    if (alone === null || together === null || together < alone) return false;
    this.#alone = new Lately();
    this.#together = new Lately();
    this.#rests_until = now + REST_MS;
    return true;
  }
}
