/**
 * The engine as a module of a benchmark harness: `init(options)` once, then `bench(workload)` for each workload.
 *
 * A workload has `kind` (`train`, `infer` or `matmul`) and its sizes. Training and inference run as in the page; with
 * `options.workers` above 1 the blocks of a batch are shared by so many workers, with the same result bit for bit.
 */
import init_wasm, { MatrixProduct, Workload, simd_peak } from "../pkg/unrolled.js";
import { compile_engine } from "../engine/load.js";
import { allocate, can_share } from "../engine/lockstep.js";
import { time_short, time_steps } from "./timing.js";

/** @typedef {{ workers?: number, portable?: boolean, relaxed?: boolean }} Options */
/**
 * @typedef {{ id: string, kind: string, m?: number, k?: number, n?: number, flops: number } & Record<string,
 *   unknown>} Sizes
 */

/** @type {WebAssembly.Module} */
let module;
let workers = 1;
let portable = false;

/** @param {Options} [options] */
export async function init(options = {}) {
  workers = Math.max(1, Math.floor(options.workers ?? 1));
  portable = options.portable === true;
  if (module) return;
  module = await compile_engine(options.relaxed === true);
  await init_wasm({ module_or_path: module });
}

/** @param {Sizes} workload */
export async function bench(workload) {
  if (workload.kind === "matmul") return multiply(workload);
  if (workload.kind === "infer") return infer(workload);
  if (workload.kind !== "train") return null;
  return workers > 1 && can_share() ? train_together(workload) : train(workload);
}

/** Long enough for the browser to compile the loop with its best compiler and for the processor to reach its clock. */
const PEAK_MS = 300;

/** What multiplying and adding in registers reaches here, in GFLOP/s: the best of many short runs. */
export async function peak() {
  let best = 0;
  const until = performance.now() + PEAK_MS;
  while (performance.now() < until) {
    const start = performance.now();
    const operations = simd_peak(400_000, portable);
    best = Math.max(best, operations / (performance.now() - start) / 1e6);
  }
  return best;
}

/** @param {Sizes} sizes */
async function multiply({ m = 1, k = 1, n = 1, flops }) {
  const product = new MatrixProduct(m, k, n, portable);
  const timed = await time_short(() => product.run());
  product.free();
  return { ...timed, gflops: flops / timed.ms_per_step / 1e6 };
}

/** @param {Sizes} sizes */
async function infer(sizes) {
  const workload = new Workload(sizes, portable);
  const timed = await time_short(() => workload.forward());
  workload.free();
  return timed;
}

/** @param {Sizes} sizes */
async function train(sizes) {
  const workload = new Workload(sizes, portable);
  const loss0 = workload.step();
  let loss = loss0;
  const timed = await time_steps(() => {
    loss = workload.step();
  });
  const hash = workload.weights_hash();
  workload.free();
  return { ...timed, loss0, loss, hash, threads_used: 1 };
}

/** @param {Sizes} sizes */
async function train_together(sizes) {
  const group = Array.from(
    { length: workers },
    () => new Worker(new URL("./replica.js", import.meta.url), { type: "module" }),
  );
  try {
    const argument = { module, sizes, portable };
    const replies = await Promise.all(group.map((worker) => request(worker, "start", argument)));
    const { blocks, capacity } = /** @type {{ blocks: number, capacity: number }} */ (replies[0]);
    const shared = allocate(blocks, capacity, workers);
    const others = group.slice(1).map((worker, k) => request(worker, "follow", { shared, rank: k + 1 }));
    const timed = await request(group[0], "lead", { shared });
    await Promise.all(others);
    return { ...timed, threads_used: workers };
  } finally {
    group.forEach((worker) => worker.terminate());
  }
}

/** @param {Worker} worker @param {string} name @param {object} argument @returns {Promise<any>} */
function request(worker, name, argument) {
  return new Promise((keep, fail) => {
    worker.onmessage = ({ data }) => ("failure" in data ? fail(new Error(data.failure)) : keep(data.value));
    worker.onerror = (event) =>
      fail(new Error(event.message || "a worker of the benchmark could not be started"));
    worker.postMessage({ name, argument });
  });
}
