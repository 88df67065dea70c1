/** One worker of a benchmark: a replica of the workload that follows the leader, or leads and takes the time. */
import init, { Workload } from "../pkg/unrolled.js";
import { Lockstep } from "../engine/lockstep.js";
import { time_steps } from "./timing.js";

/** @typedef {{ module: WebAssembly.Module, sizes: object, portable: boolean, rank: number, count: number }} Start */

/** @type {Workload} */
let workload;

/** @type {Record<string, (argument: any) => unknown>} */
const requests = {
  async start(/** @type {Start} */ { module, sizes, portable }) {
    await init({ module_or_path: module });
    workload = new Workload(sizes, portable);
    return { blocks: workload.block_count(), capacity: workload.block_capacity() };
  },
  follow({ shared, rank }) {
    new Lockstep(shared, rank).follow(workload);
    return workload.weights_hash();
  },
  async lead({ shared }) {
    const group = new Lockstep(shared, 0);
    let first;
    const timed = await time_steps(() => {
      group.lead(workload);
      first ??= workload.loss();
    });
    group.stop();
    return { ...timed, loss0: first, loss: workload.loss(), hash: workload.weights_hash() };
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
