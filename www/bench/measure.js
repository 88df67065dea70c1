/** Which workloads are run in which ways, in a worker of their own, and what came out so far. */
import { can_share } from "../engine/lockstep.js";
import { Remote } from "../engine/rpc.js";

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

/** @type {Remote<import("./runner.js").RunnerRequests> | null} */
let remote = null;
let stopped = false;

function runner() {
  remote ??= new Remote(new Worker(new URL("./runner.js", import.meta.url), { type: "module" }));
  return remote;
}

/** Ends what runs; what was measured stays. */
export function stop() {
  stopped = true;
  remote?.close();
  remote = null;
}

/** @param {Workload} workload */
async function measure(workload) {
  for (const mode of modes_of(workload)) {
    state.running = { workload, mode };
    changed();
    const result = await runner().request("bench", { options: mode.options, workload });
    state.results.set(key_of(workload, mode), {
      gflops: workload.flops / result.ms_per_step / 1e6,
      ...result,
    });
  }
}

/** @param {Workload[]} workloads */
export async function run(workloads) {
  if (state.running) return;
  stopped = false;
  try {
    state.running = { workload: null, mode: null };
    changed();
    state.peak = Math.max(state.peak ?? 0, await runner().request("peak", { options: { workers: 1 } }));
    for (const workload of workloads) await measure(workload);
    state.said = "Done.";
  } catch (thrown) {
    const failure = /** @type {{ message?: string }} */ (thrown);
    state.said = stopped ? "Stopped." : `The benchmark stopped: ${failure?.message ?? String(thrown)}`;
    stop();
  } finally {
    state.running = null;
    changed();
  }
}
