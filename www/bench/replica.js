/** One worker of a benchmark: a replica of the workload that follows the leader, or leads and takes the time. */
import init, { Workload } from "../pkg/unrolled.js";
import { Lockstep } from "../engine/lockstep.js";
import { time_steps } from "./timing.js";

/** @typedef {{ module: WebAssembly.Module, sizes: object, portable: boolean, rank: number, count: number }} Start */

/** The leader makes steps without a break, so whoever waits as long as this many naps waits for nobody. */
const NAPS = 4000;
const MISSING = "another worker did not finish its part of the step";

/** @type {Workload} */
let workload;

/** @type {Record<string, (argument: any) => unknown>} */
const requests = {
  async start(/** @type {Start} */ { module, sizes, portable }) {
    await init({ module_or_path: module });
    workload = new Workload(sizes, portable);
    const [blocks, capacity] = workload.blocks();
    return { blocks, capacity };
  },
  follow({ shared, rank }) {
    const place = new Lockstep(shared, rank);
    for (let next = place.next(NAPS); next !== "stopped"; next = place.next(NAPS)) {
      if (next === "nothing") throw new Error("the worker that leads has gone");
      if (!workload.step_together(place)) throw new Error(MISSING);
    }
    return workload.weights_hash();
  },
  async lead({ shared }) {
    const place = new Lockstep(shared, 0);
    let loss0 = NaN;
    const timed = await time_steps(() => {
      if (!workload.step_together(place)) throw new Error(MISSING);
      if (Number.isNaN(loss0)) loss0 = workload.loss();
    });
    place.stop();
    return { ...timed, loss0, loss: workload.loss(), hash: workload.weights_hash() };
  },
};

self.onmessage = async (message) => {
  const { name, argument } = message.data;
  try {
    self.postMessage({ value: await requests[name](argument) });
  } catch (thrown) {
    const failure = /** @type {{ message?: string }} */ (thrown);
    self.postMessage({ failure: failure?.message ?? String(thrown) });
  }
};
