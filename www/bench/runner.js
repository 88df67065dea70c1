/** Runs workloads away from the page, which stays alive and can end this worker at any time. */
import { serve } from "../engine/rpc.js";
import { bench, init, peak } from "./engine.js";

/** @typedef {import("./engine.js").Options} Options */
/** @typedef {{ ms_per_step: number, gflops?: number, threads_used?: number, hash?: string }} Measured */

/**
 * @typedef {object} RunnerRequests Name of a request to its argument and its reply.
 * @property {{ argument: { options: Options }, reply: number }} peak in GFLOP/s
 * @property {{ argument: { options: Options, workload: import("./workloads.js").Workload }, reply: Measured }} bench
 */

/** @type {import("../engine/rpc.js").Handlers<RunnerRequests>} */
const handlers = {
  async peak({ options }) {
    await init(options);
    return peak();
  },
  async bench({ options, workload }) {
    await init(options);
    return bench(workload);
  },
};

serve(handlers);
