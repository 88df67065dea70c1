/**
 * Several workers compute the blocks of one batch and finish every step together.
 *
 * Each worker holds a replica of the whole network. A step is: everybody computes its share of the batch's fixed blocks
 * and writes their gradients into shared memory; when all have done so, everybody adds up all blocks in their order
 * and makes the same update. The result does not depend on how many workers there are, bit for bit.
 *
 * Two sets of buffers take turns: a worker may begin the next step while another still reads the last one's blocks.
 */

/** Words of the control array. */
const PERMITTED = 0, FINISHED = 1, STOPPED = 2, LENGTHS = 3;

/** Looks at a word this often before it sleeps: a step's blocks end within microseconds of each other. */
const SPINS = 20_000;
/** A worker that sleeps looks up after this time even if nobody wakes it. */
const NAP_MS = 5;
/** Longer than any step: whoever has not come by then will not come. */
const LOST_MS = 4_000;

/**
 * @typedef {object} Replica what the engine offers to a group
 * @property {() => number} block_count blocks of the next step's batch
 * @property {(index: number, to: Uint32Array) => number} compute_block writes a block, returns its length in words
 * @property {(blocks: Uint32Array[]) => void} finish_step makes the update
 */

/** @typedef {{ control: SharedArrayBuffer, words: SharedArrayBuffer, blocks: number, capacity: number, count: number }} Shared */

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
  #control;
  /** @type {Uint32Array[]} a view for each block, of either turn */
  #views;
  #shared;
  #rank;
  /** Steps made since the group began. */
  #made = 0;

  /** @param {Shared} shared @param {number} rank 0 leads */
  constructor(shared, rank) {
    this.#shared = shared;
    this.#rank = rank;
    this.#control = new Int32Array(shared.control);
    this.#views = Array.from({ length: 2 * shared.blocks }, (_, k) =>
      new Uint32Array(shared.words, 4 * k * shared.capacity, shared.capacity));
  }

  /** The leader allows one more step and takes part in it. @param {Replica} replica */
  lead(replica) {
    Atomics.store(this.#control, PERMITTED, this.#made + 1);
    Atomics.notify(this.#control, PERMITTED);
    this.#step(replica);
  }

  /** The leader sends the others back to their messages. */
  stop() {
    Atomics.store(this.#control, STOPPED, 1);
    Atomics.notify(this.#control, PERMITTED);
  }

  /** The leader lets the others follow again; each must be told to. */
  resume() {
    Atomics.store(this.#control, STOPPED, 0);
  }

  /** Another worker makes every step that the leader allows, until it is stopped. @param {Replica} replica */
  follow(replica) {
    for (;;) {
      let spins = 0;
      while (Atomics.load(this.#control, PERMITTED) <= this.#made) {
        if (Atomics.load(this.#control, STOPPED) === 1) return;
        if (++spins > SPINS) Atomics.wait(this.#control, PERMITTED, this.#made, NAP_MS);
      }
      this.#step(replica);
    }
  }

  /** @param {Replica} replica */
  #step(replica) {
    const { blocks, count } = this.#shared;
    const base = (this.#made % 2) * blocks;
    const present = replica.block_count();
    for (let k = 0; k < present; k++) {
      if (owner(k, count) === this.#rank) {
        Atomics.store(this.#control, LENGTHS + base + k, replica.compute_block(k, this.#views[base + k]));
      }
    }
    this.#made += 1;
    this.#meet();
    const views = [];
    for (let k = 0; k < present; k++) {
      views.push(this.#views[base + k].subarray(0, Atomics.load(this.#control, LENGTHS + base + k)));
    }
    replica.finish_step(views);
  }

  /** Waits until every worker has written its blocks of this step. */
  #meet() {
    const all = this.#shared.count * this.#made;
    if (Atomics.add(this.#control, FINISHED, 1) + 1 >= all) {
      Atomics.notify(this.#control, FINISHED);
      return;
    }
    let spins = 0;
    let deadline = 0;
    for (;;) {
      const finished = Atomics.load(this.#control, FINISHED);
      if (finished >= all) return;
      if (++spins <= SPINS) continue;
      deadline ||= performance.now() + LOST_MS;
      if (performance.now() > deadline) throw new Error("another worker did not finish its part of the step");
      Atomics.wait(this.#control, FINISHED, finished, NAP_MS);
    }
  }
}

/**
 * Who computes block `k`: blocks get smaller, so they are dealt out to and fro.
 * @param {number} k @param {number} count workers
 */
export function owner(k, count) {
  const round = Math.floor(k / count);
  return round % 2 === 0 ? k % count : count - 1 - (k % count);
}
