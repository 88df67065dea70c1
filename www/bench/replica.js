/** One worker of a benchmark: a replica of the workload that follows the leader, or leads and takes the time. */
import init, { Workload } from "../pkg-extra/unrolled_extra.js";
import { Lockstep } from "../engine/lockstep.js";
import { serve } from "../engine/rpc.js";
import { time_steps } from "./timing.js";

/** @typedef {import("../engine/lockstep.js").Shared} Shared */
/** @typedef {{ ms_per_step: number, min_ms: number, n: number, loss0: number, loss: number, hash: string }} Timed */

/**
 * @typedef {object} ReplicaRequests Name of a request to its argument and its reply.
 * @property {{ argument: { module: WebAssembly.Module, sizes: import("../types/extra.js").Sizes, portable: boolean },
 *   reply: { blocks: number, capacity: number } }} start
 * @property {{ argument: { shared: Shared, rank: number }, reply: string }} follow replies with the hash of the weights
 * @property {{ argument: { shared: Shared }, reply: Timed }} lead
 */

/** The leader makes steps without a break: after so many sleeps without a step it has gone. */
const MOST_SLEEPS = 4000;
const MISSING = "another worker did not finish its part of the step";

/** @type {Workload} */
let workload;

/** @type {import("../engine/rpc.js").Handlers<ReplicaRequests>} */
const handlers = {
  async start({ module, sizes, portable }) {
    await init({ module_or_path: module });
    workload = new Workload(sizes, portable);
    const [blocks, capacity] = workload.blocks();
    return { blocks, capacity };
  },
  follow({ shared, rank }) {
    const lockstep = new Lockstep(shared, rank);
    for (let next = lockstep.next(MOST_SLEEPS); next !== "stopped"; next = lockstep.next(MOST_SLEEPS)) {
      if (next === "nothing") throw new Error("the worker that leads has gone");
      if (!workload.step_together(lockstep)) throw new Error(MISSING);
    }
    return workload.weights_hash();
  },
  async lead({ shared }) {
    const lockstep = new Lockstep(shared, 0);
    let loss0 = NaN;
    const timed = await time_steps(() => {
      if (!workload.step_together(lockstep)) throw new Error(MISSING);
      if (Number.isNaN(loss0)) loss0 = workload.loss();
    });
    lockstep.stop();
    return { ...timed, loss0, loss: workload.loss(), hash: workload.weights_hash() };
  },
};

serve(handlers);
