/** Which workloads are run in which ways, in a worker of their own, and what came out so far. */
import { can_share } from "../engine/lockstep.js";

/** @typedef {import("./workloads.js").Workload} Workload */
/** @typedef {{ ms_per_step: number, gflops: number, threads_used?: number, hash?: string }} Result */
/** @typedef {{ key: string, title: string, options: { portable: boolean, workers: number } }} Mode */

const WORKERS = Math.max(2, Math.min(4, navigator.hardwareConcurrency ?? 2));

/** @type {Mode[]} */
export const MODES = [
  { key: "portable", title: "portable", options: { portable: true, workers: 1 } },
  { key: "simd128", title: "simd128", options: { portable: false, workers: 1 } },
  ...(can_share()
    ? [
        {
          key: "workers",
          title: `simd128, ${WORKERS} workers`,
          options: { portable: false, workers: WORKERS },
        },
      ]
    : []),
];

/** @param {Workload} workload Only a batch can be shared. */
export const modes_of = (workload) =>
  MODES.filter((mode) => mode.key !== "workers" || workload.kind === "train");

export const state = {
  /** GFLOP/s of one worker @type {number | null} */
  peak: null,
  /** @type {Map<string, Result>} by workload and mode */
  results: new Map(),
  /** What runs now. @type {{ workload: Workload | null, mode: Mode | null } | null} */
  running: null,
  said: "",
  workers: can_share() ? WORKERS : 1,
};

/** @param {Workload} workload @param {Mode} mode */
export const key_of = (workload, mode) => `${workload.id} ${mode.key}`;

/** @type {() => void} */
let changed = () => {};

/** Has `react` called whenever the state has changed. @param {() => void} react */
export function on_change(react) {
  changed = react;
}

/** @type {Worker | null} */
let runner = null;
/** Breaks off what the runner is asked. @type {((reason: Error) => void) | null} */
let interrupt = null;

class Stopped extends Error {}

/** @param {object} options @param {Workload | null} workload @returns {Promise<any>} */
function ask(options, workload) {
  runner ??= new Worker(new URL("./runner.js", import.meta.url), { type: "module" });
  const present = runner;
  return new Promise((keep, fail) => {
    interrupt = fail;
    present.onmessage = ({ data }) => ("failure" in data ? fail(new Error(data.failure)) : keep(data.value));
    present.onerror = (event) =>
      fail(new Error(event.message || "the worker of the benchmark could not be started"));
    present.postMessage({ options, workload });
  });
}

/** Ends what runs; what was measured stays. */
export function stop() {
  runner?.terminate();
  runner = null;
  interrupt?.(new Stopped());
}

/** @param {Workload} workload */
async function measure(workload) {
  for (const mode of modes_of(workload)) {
    state.running = { workload, mode };
    changed();
    const result = await ask(mode.options, workload);
    state.results.set(key_of(workload, mode), {
      gflops: workload.flops / result.ms_per_step / 1e6,
      ...result,
    });
  }
}

/** @param {Workload[]} workloads */
export async function run(workloads) {
  if (state.running) return;
  try {
    state.running = { workload: null, mode: null };
    changed();
    state.peak = Math.max(state.peak ?? 0, await ask({ workers: 1 }, null));
    for (const workload of workloads) await measure(workload);
    state.said = "Done.";
  } catch (thrown) {
    const failure = /** @type {{ message?: string }} */ (thrown);
    state.said =
      thrown instanceof Stopped ? "Stopped." : `The benchmark stopped: ${failure?.message ?? String(thrown)}`;
    stop();
  } finally {
    state.running = null;
    changed();
  }
}
