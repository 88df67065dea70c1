/**
 * Several workers compute the blocks of one batch and finish every step together.
 *
 * Each worker holds a replica of the whole run. A step is: everybody computes its share of the batch's fixed blocks and
 * writes their gradients into shared memory; when all have done so, everybody adds up all blocks in their order and
 * makes the same update. The result does not depend on how many workers there are, bit for bit. The engine does the
 * computing and calls `begin`, `owns`, `publish`, `barrier` and `fetch` of its place here.
 *
 * Two sets of buffers take turns: a worker may begin the next step while another still reads the last one's blocks.
 */

/** Words of the control array; the first two hold the learning rate. */
const PERMITTED = 2,
  FINISHED = 3,
  STOPPED = 4,
  LENGTHS = 5;

/** Reads a word this often before it sleeps: the blocks of a step end within microseconds of each other. */
const SPINS = 20_000;
/** A worker that sleeps wakes after this time even if it is not notified. */
const SLEEP_MS = 5;
/**
 * The timeout of the barrier: so many sleeps, or so many times the time that one's own blocks took, whichever is
 * longer.
 * Sleeps are counted instead of time, so that a machine that was suspended does not lose its workers.
 */
const TIMEOUT_SLEEPS = 400,
  TIMEOUT_FACTOR = 8;

/**
 * @typedef {{ control: SharedArrayBuffer, words: SharedArrayBuffer, blocks: number, capacity: number,
 *   count: number }} Shared
 */

/**
 * Memory for a group of `count` workers.
 * @param {number} blocks most blocks of a batch
 * @param {number} capacity most words of a block
 * @param {number} count
 * @returns {Shared}
 */
export function allocate(blocks, capacity, count) {
  const control = new SharedArrayBuffer(4 * (LENGTHS + 2 * blocks));
  return { control, words: new SharedArrayBuffer(4 * 2 * blocks * capacity), blocks, capacity, count };
}

/** Whether this page may share memory between workers. */
export function can_share() {
  return globalThis.crossOriginIsolated === true && typeof SharedArrayBuffer === "function";
}

/** One worker's place in a group. */
export class Lockstep {
  /** A worker missed the barrier: the group makes no more steps. */
  broken = false;
  /** @type {Int32Array} */
  #control;
  /** @type {Float64Array} */
  #learning_rate;
  /** @type {Uint32Array[]} a view for each block, of either turn */
  #views;
  #shared;
  #rank;
  /** Steps made since the group began. */
  #made = 0;
  /** When the present step began. */
  #begun = 0;

  /** @param {Shared} shared zeroed before a group begins @param {number} rank 0 leads */
  constructor(shared, rank) {
    this.#shared = shared;
    this.#rank = rank;
    this.#control = new Int32Array(shared.control);
    this.#learning_rate = new Float64Array(shared.control, 0, 1);
    this.#views = Array.from(
      { length: 2 * shared.blocks },
      (_, k) => new Uint32Array(shared.words, 4 * k * shared.capacity, shared.capacity),
    );
  }

  /** The leader has all others use this learning rate from the next step on. @param {number} learning_rate */
  set_learning_rate(learning_rate) {
    this.#learning_rate[0] = learning_rate;
  }

  /** What `set_learning_rate` was given last. */
  learning_rate() {
    return this.#learning_rate[0];
  }

  /** The leader has the others stop following. */
  stop() {
    Atomics.store(this.#control, STOPPED, 1);
    Atomics.notify(this.#control, PERMITTED);
  }

  /**
   * Another worker waits for the leader to allow a step.
   * @param {number} sleeps at most
   * @returns {"step" | "nothing" | "stopped"}
   */
  next(sleeps) {
    let slept = 0;
    for (let spins = 0; Atomics.load(this.#control, PERMITTED) <= this.#made; spins++) {
      if (Atomics.load(this.#control, STOPPED) === 1) return "stopped";
      if (spins < SPINS) continue;
      if (slept++ >= sleeps) return "nothing";
      Atomics.wait(this.#control, PERMITTED, this.#made, SLEEP_MS);
    }
    return "step";
  }

  /** The engine begins a step; the leader's allows it to all. */
  begin() {
    this.#begun = performance.now();
    if (this.#rank !== 0 || this.broken) return;
    Atomics.store(this.#control, PERMITTED, this.#made + 1);
    Atomics.notify(this.#control, PERMITTED);
  }

  /** Blocks get smaller, so they are dealt out to and fro. @param {number} block */
  owns(block) {
    const { count } = this.#shared;
    const round = Math.floor(block / count);
    return (round % 2 === 0 ? block % count : count - 1 - (block % count)) === this.#rank;
  }

  /** @param {number} block */
  #slot(block) {
    return (this.#made % 2) * this.#shared.blocks + block;
  }

  /** Writes a block for the others; false if it is too large. @param {number} block @param {Uint32Array} words */
  publish(block, words) {
    if (block >= this.#shared.blocks || words.length > this.#shared.capacity) return false;
    const slot = this.#slot(block);
    this.#views[slot].set(words);
    Atomics.store(this.#control, LENGTHS + slot, words.length);
    return true;
  }

  /** Waits until every worker has published its blocks of this step; false if one did not in time. */
  barrier() {
    if (this.broken) return false;
    const all = this.#shared.count * (this.#made + 1);
    if (Atomics.add(this.#control, FINISHED, 1) + 1 >= all) Atomics.notify(this.#control, FINISHED);
    else if (!this.#wait_for(all)) {
      this.broken = true;
      return false;
    }
    this.#made += 1;
    return true;
  }

  /** @param {number} all */
  #wait_for(all) {
    const own = performance.now() - this.#begun;
    const timeout = Math.max(TIMEOUT_SLEEPS, (TIMEOUT_FACTOR * own) / SLEEP_MS);
    for (let spins = 0, sleeps = 0; sleeps < timeout; spins++) {
      const finished = Atomics.load(this.#control, FINISHED);
      if (finished >= all) return true;
      if (spins < SPINS) continue;
      if (Atomics.wait(this.#control, FINISHED, finished, SLEEP_MS) === "timed-out") sleeps += 1;
    }
    return false;
  }

  /** Another worker's block, after the barrier. @param {number} block */
  fetch(block) {
    const slot = ((this.#made + 1) % 2) * this.#shared.blocks + block; // of the step that `barrier` has just ended
    return this.#views[slot].subarray(0, Atomics.load(this.#control, LENGTHS + slot));
  }
}
