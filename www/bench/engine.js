/**
 * The engine as a module of a benchmark harness: `init(options)` once, then `bench(workload)` for each workload.
 *
 * A workload has `kind` (`train`, `infer` or `matmul`) and its sizes. Training and inference run as in the page; with
 * `options.workers` above 1 the blocks of a batch are shared by so many workers, with the same result bit for bit.
 * `options.relaxed` takes the build that `cargo xtask build --bench` makes; the first call decides.
 */
import init_wasm, { MatrixProduct, Workload, simd_peak } from "../pkg-extra/unrolled_extra.js";
import { compile_extra } from "../engine/load.js";
import { allocate, can_share } from "../engine/lockstep.js";
import { Remote } from "../engine/rpc.js";
import { time_short, time_steps } from "./timing.js";

/** @typedef {{ workers?: number, portable?: boolean, relaxed?: boolean }} Options */
/** @typedef {import("../types/extra.js").Sizes & { kind: "train" | "infer" }} Network */
/** @typedef {{ kind: "matmul", m: number, k: number, n: number, flops: number }} Product */

/** @type {WebAssembly.Module} */
let module;
let workers = 1;
let portable = false;

/** @param {Options} [options] */
export async function init(options = {}) {
  workers = Math.max(1, Math.floor(options.workers ?? 1));
  portable = options.portable === true;
  if (module) return;
  module = await compile_extra(options.relaxed === true);
  await init_wasm({ module_or_path: module });
}

/** @param {Network | Product} workload */
export async function bench(workload) {
  if (workload.kind === "matmul") return multiply(workload);
  if (workload.kind === "infer") return infer(workload);
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

/** @param {Product} sizes */
async function multiply({ m, k, n, flops }) {
  const product = new MatrixProduct(m, k, n, portable);
  const timed = await time_short(() => product.run());
  product.free();
  return { ...timed, gflops: flops / timed.ms_per_step / 1e6 };
}

/** @param {Network} sizes */
async function infer(sizes) {
  const workload = new Workload(sizes, portable);
  const timed = await time_short(() => workload.forward());
  workload.free();
  return timed;
}

/** @param {Network} sizes */
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

/** @returns {Remote<import("./replica.js").ReplicaRequests>} */
function replica() {
  return new Remote(new Worker(new URL("./replica.js", import.meta.url), { type: "module" }));
}

/** @param {Network} sizes */
async function train_together(sizes) {
  const group = Array.from({ length: workers }, replica);
  try {
    const started = group.map((worker) => worker.request("start", { module, sizes, portable }));
    const [{ blocks, capacity }] = await Promise.all(started);
    const shared = allocate(blocks, capacity, workers);
    const [leader, ...others] = group;
    const followed = others.map((worker, k) => worker.request("follow", { shared, rank: k + 1 }));
    const timed = await leader.request("lead", { shared });
    await Promise.all(followed);
    return { ...timed, threads_used: workers };
  } finally {
    group.forEach((worker) => worker.close());
  }
}
