/**
 * The other workers that make the steps of a run together with the one that leads.
 *
 * They are started when they are needed first, brought to the leader's step by its checkpoint, and stay idle while
 * training pauses. The leader's run never depends on them: when one fails or is silent all are released, and the
 * leader goes on alone from the step where it stands.
 */
import { Lockstep, allocate, can_share } from "./lockstep.js";
import { Remote, within } from "./rpc.js";

/** @typedef {import("../types/engine.js").Experiment} Experiment */

/** @typedef {import("./follower.js").FollowerRequests} FollowerRequests */

/** More replicas than these cost memory and gain little. */
const MOST_WORKERS = 8;
/** After so many failures of followers the run goes on alone. */
const MOST_FAILURES = 3;
/** Timeout for loading a data set and setting up a network; the leader trains in the meantime. */
const START_TIMEOUT_MS = 20_000;
/** Timeout for taking over a checkpoint, for which the leader waits. */
const JOIN_TIMEOUT_MS = 3_000;

/** How many workers this machine has room for, the page itself besides. @param {number} cores */
export function room_for(cores) {
  return Math.min(MOST_WORKERS, cores > 3 ? cores - 1 : cores);
}

/** @extends {Remote<FollowerRequests>} */
class Follower extends Remote {
  /** What it has loaded. @type {{ data: Uint8Array | null, experiment: Experiment | null }} */
  holds = { data: null, experiment: null };
  /** Resolves when it answers requests again. @type {Promise<unknown>} */
  idle;

  /** @param {WebAssembly.Module} module */
  constructor(module) {
    super(new Worker(new URL("./follower.js", import.meta.url), { type: "module", name: "follower" }));
    this.idle = this.request("start", { module });
    this.idle.catch(() => null); // Whoever awaits it is told.
  }

  /**
   * Loads the data set and sets up the network, unless it holds them.
   * @param {Uint8Array} bytes
   * @param {Experiment} experiment
   * @param {[string, string][]} texts of the cells that it names
   */
  async set_up(bytes, experiment, texts) {
    await this.idle;
    if (this.holds.data !== bytes) {
      this.holds.experiment = null;
      await this.request("load_dataset", { bytes });
      this.holds.data = bytes;
    }
    if (this.holds.experiment !== experiment) await this.request("set_up", { experiment, texts });
    else await this.request("ping", null); // It may have died in the meantime.
    this.holds.experiment = experiment;
  }
}

export class Followers {
  /** Where the leader meets them, while they follow. @type {Lockstep | null} */
  lockstep = null;
  /** @type {Follower[]} */
  #followers = [];
  /** @type {WebAssembly.Module | null} */
  #module = null;
  #most_workers = 1;
  #failures = 0;
  /** @type {Uint8Array | null} */
  #data = null;
  /** @type {Experiment | null} */
  #experiment = null;
  /** @type {[string, string][]} */
  #texts = [];
  #blocks = 1;
  #capacity = 0;
  /** @type {import("./lockstep.js").Shared | null} */
  #shared = null;
  /** Counts the releases: what was begun before one is of no interest any more. */
  #generation = 0;

  /**
   * @param {WebAssembly.Module} module
   * @param {number} [workers] at most, in place of what the machine has room for
   */
  start(module, workers) {
    this.#module = module;
    this.#most_workers = can_share() ? (workers ?? room_for(navigator.hardwareConcurrency ?? 1)) : 1;
  }

  /** Keeps a data set for them. @param {Uint8Array} bytes */
  load_dataset(bytes) {
    this.#data = this.#most_workers > 1 ? bytes : null;
  }

  /**
   * Another run: they are told when they are needed.
   * @param {Experiment} experiment
   * @param {[string, string][]} texts of the cells that it names
   * @param {number} blocks into which a batch is cut
   * @param {number} capacity of a block, in 32-bit words
   */
  set_up(experiment, texts, blocks, capacity) {
    this.stop();
    this.#experiment = experiment;
    this.#texts = texts;
    this.#blocks = blocks;
    this.#capacity = capacity;
    this.#shared = null;
    this.#failures = 0;
  }

  /** Workers of the present run, the leader counted. */
  #count() {
    return Math.min(this.#most_workers, this.#blocks);
  }

  /** Whether there is work for them, and reason to expect that they do it. */
  can_start() {
    return !this.lockstep && this.#count() > 1 && this.#failures < MOST_FAILURES;
  }

  /**
   * Starts them and gives them data and network, while the leader goes on alone.
   * @returns {Promise<boolean>} whether they can join
   */
  async prepare() {
    const [module, data, experiment, texts] = [this.#module, this.#data, this.#experiment, this.#texts];
    if (!this.can_start() || !module || !data || !experiment) return false;
    const others = this.#count() - 1;
    const generation = this.#generation;
    return this.#or_release(START_TIMEOUT_MS, async () => {
      while (this.#followers.length > others) this.#followers.pop()?.close();
      while (this.#followers.length < others) this.#followers.push(new Follower(module));
      await Promise.all(this.#followers.map((follower) => follower.set_up(data, experiment, texts)));
      return generation === this.#generation;
    });
  }

  /**
   * They take over the run as it is in `checkpoint` and follow. The leader makes no step before they have joined.
   * @param {Uint8Array} checkpoint @returns {Promise<boolean>}
   */
  async join(checkpoint) {
    const experiment = this.#experiment;
    // Another run was set up since.
    if (this.#followers.some(({ holds }) => holds.experiment !== experiment)) return false;
    return this.#or_release(JOIN_TIMEOUT_MS, async () => {
      const count = this.#followers.length + 1;
      if (this.#shared?.count !== count) this.#shared = allocate(this.#blocks, this.#capacity, count);
      const shared = this.#shared;
      await Promise.all(this.#followers.map((follower) => follower.idle));
      new Int32Array(shared.control).fill(0);
      const lockstep = new Lockstep(shared, 0);
      lockstep.set_learning_rate(NaN);
      const joined = this.#followers.map((follower, k) =>
        follower.request("join", { shared, rank: k + 1, checkpoint }),
      );
      await Promise.all(joined);
      if (experiment !== this.#experiment) return false;
      for (const follower of this.#followers) this.#follow(follower);
      this.lockstep = lockstep;
      return true;
    });
  }

  /** @param {Follower} follower */
  #follow(follower) {
    follower.idle = follower.request("follow", null);
    follower.idle.catch(() => this.#followers.includes(follower) && this.release());
  }

  /** They stop following and are idle; nothing of theirs is needed again before the next `join`. */
  stop() {
    this.lockstep?.stop();
    this.lockstep = null;
  }

  /** Ends them all: the leader is alone. */
  release() {
    if (this.#followers.length === 0) return;
    this.#failures += 1;
    this.#generation += 1;
    this.stop();
    for (const follower of this.#followers.splice(0)) follower.close();
    this.#shared = null;
  }

  /**
   * What fails or takes longer than its timeout releases them.
   * @param {number} timeout_ms
   * @param {() => Promise<boolean>} work
   * @returns {Promise<boolean>}
   */
  async #or_release(timeout_ms, work) {
    const generation = this.#generation;
    try {
      return await within(timeout_ms, work());
    } catch {
      if (generation === this.#generation) this.release();
      return false;
    }
  }
}
