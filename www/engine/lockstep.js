/**
 * Several workers compute the blocks of one batch and finish every step together.
 *
 * Each worker holds a replica of the whole run. A step is: everybody computes its share of the batch's fixed blocks and
 * writes their gradients into shared memory; when all have done so, everybody adds up all blocks in their order and
 * makes the same update. The result does not depend on how many workers there are, bit for bit. The engine does the
 * computing and asks its place here to `begin`, whether it `owns` a block, to `put` its own, to `meet` and to `get`
 * the others'.
 *
 * Two sets of buffers take turns: a worker may begin the next step while another still reads the last one's blocks.
 */

/** Words of the control array; the first two hold the learning rate. */
const PERMITTED = 2,
  FINISHED = 3,
  STOPPED = 4,
  LENGTHS = 5;

/** Looks at a word this often before it sleeps: a step's blocks end within microseconds of each other. */
const SPINS = 20_000;
/** A worker that sleeps looks up after this time even if nobody wakes it. */
const NAP_MS = 5;
/**
 * Whoever is later than this many naps, and than this many times what one's own blocks took, will not come. Naps are
 * counted and not the clock's time, so that a machine that was asleep does not lose anybody.
 */
const LOST_NAPS = 400,
  LOST_TIMES = 8;

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
  /** Somebody did not come: the group makes no more steps. */
  broken = false;
  /** @type {Int32Array} */
  #control;
  /** @type {Float64Array} */
  #rate;
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
    this.#rate = new Float64Array(shared.control, 0, 1);
    this.#views = Array.from(
      { length: 2 * shared.blocks },
      (_, k) => new Uint32Array(shared.words, 4 * k * shared.capacity, shared.capacity),
    );
  }

  /** The leader has all others use this learning rate from the next step on. @param {number} rate */
  set_rate(rate) {
    this.#rate[0] = rate;
  }

  /** What `set_rate` was given last. */
  rate() {
    return this.#rate[0];
  }

  /** The leader sends the others back to their messages. */
  stop() {
    Atomics.store(this.#control, STOPPED, 1);
    Atomics.notify(this.#control, PERMITTED);
  }

  /**
   * Another worker waits for the leader to allow a step.
   * @param {number} naps at most
   * @returns {"step" | "nothing" | "stopped"}
   */
  next(naps) {
    let slept = 0;
    for (let spins = 0; Atomics.load(this.#control, PERMITTED) <= this.#made; spins++) {
      if (Atomics.load(this.#control, STOPPED) === 1) return "stopped";
      if (spins < SPINS) continue;
      if (slept++ >= naps) return "nothing";
      Atomics.wait(this.#control, PERMITTED, this.#made, NAP_MS);
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
  #place(block) {
    return (this.#made % 2) * this.#shared.blocks + block;
  }

  /** Writes a block for the others; false if it is too large. @param {number} block @param {Uint32Array} words */
  put(block, words) {
    if (block >= this.#shared.blocks || words.length > this.#shared.capacity) return false;
    const place = this.#place(block);
    this.#views[place].set(words);
    Atomics.store(this.#control, LENGTHS + place, words.length);
    return true;
  }

  /** Waits until every worker has written its blocks of this step; false if somebody does not come. */
  meet() {
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
    const patience = Math.max(LOST_NAPS, (LOST_TIMES * own) / NAP_MS);
    for (let spins = 0, naps = 0; naps < patience; spins++) {
      const finished = Atomics.load(this.#control, FINISHED);
      if (finished >= all) return true;
      if (spins < SPINS) continue;
      if (Atomics.wait(this.#control, FINISHED, finished, NAP_MS) === "timed-out") naps += 1;
    }
    return false;
  }

  /** Another worker's block, after all have met. @param {number} block */
  get(block) {
    const place = ((this.#made + 1) % 2) * this.#shared.blocks + block; // of the step that `meet` has just ended
    return this.#views[place].subarray(0, Atomics.load(this.#control, LENGTHS + place));
  }
}
