/**
 * The other workers that make the steps of a run together with the one that leads.
 *
 * They are made when they are needed first, brought to the leader's step by its checkpoint, and stay parked while
 * training pauses. The leader's run never depends on them: when one fails or falls silent all are let go, and the
 * leader goes on alone from the step where it stands.
 */
import { Lockstep, allocate, can_share } from "./lockstep.js";

/** More replicas than these cost memory and gain little. */
const MOST_WORKERS = 8;
/** A group that was lost this often is not made again. */
const LOSSES_FORGIVEN = 3;
/** Whoever needs longer than this for a data set and a network has gone; the leader trains in the meantime. */
const PREPARE_MS = 20_000;
/** The same for a checkpoint, during which the leader waits. */
const JOIN_MS = 3_000;

/** How many workers this machine has room for, the page itself besides. @param {number} cores */
export function room_for(cores) {
  return Math.min(MOST_WORKERS, cores > 3 ? cores - 1 : cores);
}

/** A worker that answers every message with one. */
class Follower {
  /** What it holds. @type {{ data: Uint8Array | null, config: object | null }} */
  holds = { data: null, config: null };
  /** Kept when it is back at its messages. @type {Promise<unknown>} */
  parked = Promise.resolve();
  #worker;
  /** @type {{ keep(value: unknown): void, fail(error: Error): void }[]} */
  #waiting = [];

  constructor() {
    this.#worker = new Worker(new URL("./follower.js", import.meta.url), {
      type: "module",
      name: "follower",
    });
    this.#worker.onmessage = ({ data }) => {
      const next = this.#waiting.shift();
      if ("failure" in data) next?.fail(new Error(data.failure));
      else next?.keep(data.done);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message || "a worker could not be started");
    };
  }

  /** @param {string} name @param {object | null} argument @returns {Promise<unknown>} */
  ask(name, argument) {
    const answer = new Promise((keep, fail) => this.#waiting.push({ keep, fail }));
    this.#worker.postMessage({ name, argument });
    return answer;
  }

  end() {
    this.#worker.terminate();
    this.#fail("the worker was let go");
  }

  /** @param {string} message */
  #fail(message) {
    for (const { fail } of this.#waiting.splice(0)) fail(new Error(message));
  }
}

export class Group {
  /** Where the leader meets the others, while they follow. @type {Lockstep | null} */
  place = null;
  /** @type {Follower[]} */
  #followers = [];
  /** @type {WebAssembly.Module | null} */
  #module = null;
  #most = 1;
  #losses = 0;
  /** @type {Uint8Array | null} */
  #data = null;
  /** @type {object | null} */
  #config = null;
  #blocks = 1;
  #capacity = 0;
  /** @type {import("./lockstep.js").Shared | null} */
  #shared = null;
  /** Counts the groups: whatever belongs to one that was let go is of no interest any more. */
  #generation = 0;

  /** @param {WebAssembly.Module} module @param {number} [workers] at most, in place of what the machine has room for */
  start(module, workers) {
    this.#module = module;
    this.#most = can_share() ? (workers ?? room_for(navigator.hardwareConcurrency ?? 1)) : 1;
  }

  /** Keeps a data set for the others. @param {Uint8Array} bytes */
  load_dataset(bytes) {
    this.#data = this.#most > 1 ? bytes : null;
  }

  /**
   * Another run: the others are told when they are needed.
   * @param {object} config
   * @param {number} blocks
   * @param {number} capacity
   */
  set_up(config, blocks, capacity) {
    this.leave();
    this.#config = config;
    this.#blocks = blocks;
    this.#capacity = capacity;
    this.#shared = null;
    this.#losses = 0;
  }

  /** Workers of the present run, the leader counted. */
  #count() {
    return Math.min(this.#most, this.#blocks);
  }

  /** Whether there is something for others to do, and reason to believe that they would. */
  may_help() {
    return !this.place && this.#count() > 1 && this.#losses < LOSSES_FORGIVEN;
  }

  /**
   * Makes the others and gives them data and network, while the leader goes on alone.
   * @returns {Promise<boolean>} whether they can join
   */
  async prepare() {
    if (!this.may_help()) return false;
    const others = this.#count() - 1;
    const generation = this.#generation;
    return this.#with_patience(PREPARE_MS, async () => {
      while (this.#followers.length > others) this.#followers.pop()?.end();
      while (this.#followers.length < others) this.#followers.push(this.#hire());
      await Promise.all(this.#followers.map((follower) => this.#furnish(follower)));
      return generation === this.#generation;
    });
  }

  #hire() {
    const follower = new Follower();
    follower.parked = follower.ask("start", { module: this.#module });
    follower.parked.catch(() => null); // Whoever waits for it hears of it.
    return follower;
  }

  /** @param {Follower} follower */
  async #furnish(follower) {
    await follower.parked;
    const { holds } = follower;
    const [data, config] = [this.#data, this.#config];
    if (holds.data !== data) {
      holds.config = null;
      await follower.ask("load_dataset", { bytes: data });
      holds.data = data;
    }
    if (holds.config !== config) await follower.ask("set_up", { config });
    else await follower.ask("answer", null); // It may have gone in the meantime.
    holds.config = config;
  }

  /**
   * The others take up the run as it is in `checkpoint` and follow. The leader makes no step before they have joined.
   * @param {Uint8Array} checkpoint @returns {Promise<boolean>}
   */
  async join(checkpoint) {
    const config = this.#config;
    if (this.#followers.some(({ holds }) => holds.config !== config)) return false; // Another run was set up since.
    return this.#with_patience(JOIN_MS, async () => {
      const count = this.#followers.length + 1;
      if (this.#shared?.count !== count) this.#shared = allocate(this.#blocks, this.#capacity, count);
      const shared = this.#shared;
      await Promise.all(this.#followers.map((follower) => follower.parked));
      new Int32Array(shared.control).fill(0);
      const place = new Lockstep(shared, 0);
      place.set_rate(NaN);
      await Promise.all(
        this.#followers.map((follower, k) => follower.ask("join", { shared, rank: k + 1, checkpoint })),
      );
      if (config !== this.#config) return false;
      for (const follower of this.#followers) {
        follower.parked = follower.ask("follow", null);
        follower.parked.catch(() => this.let_go_of(follower));
      }
      this.place = place;
      return true;
    });
  }

  /** The others stop following and wait; nothing of theirs is needed again before the next `join`. */
  leave() {
    this.place?.stop();
    this.place = null;
  }

  /** One of the others failed. @param {Follower} follower */
  let_go_of(follower) {
    if (this.#followers.includes(follower)) this.lose();
  }

  /** Lets all others go: the leader is alone. */
  lose() {
    if (this.#followers.length === 0) return;
    this.#losses += 1;
    this.#generation += 1;
    this.leave();
    for (const follower of this.#followers.splice(0)) follower.end();
    this.#shared = null;
  }

  /**
   * What takes too long, or fails, is the end of the group.
   * @param {number} patience
   * @param {() => Promise<boolean>} work
   * @returns {Promise<boolean>}
   */
  async #with_patience(patience, work) {
    const generation = this.#generation;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let limit;
    const too_long = new Promise((_, fail) => {
      limit = setTimeout(() => fail(new Error("a worker did not answer")), patience);
    });
    try {
      return await /** @type {Promise<boolean>} */ (Promise.race([work(), too_long]));
    } catch {
      if (generation === this.#generation) this.lose();
      return false;
    } finally {
      clearTimeout(limit);
    }
  }
}
