/** The benchmark page: runs the workloads here, on the reader's machine, and shows what came out. */
import { bench, init, peak } from "./engine.js";
import { can_share } from "../engine/lockstep.js";
import { WORKLOADS } from "./workloads.js";

/** @typedef {import("./workloads.js").Workload} Workload */
/** @typedef {{ ms_per_step: number, gflops?: number, threads_used?: number }} Result */

const WORKERS = Math.max(2, Math.min(4, navigator.hardwareConcurrency ?? 2));
const MODES = [
  { key: "portable", title: "portable", options: { portable: true, workers: 1 } },
  { key: "simd128", title: "simd128", options: { portable: false, workers: 1 } },
  ...(can_share() ? [{ key: "workers", title: `simd128, ${WORKERS} workers`, options: { portable: false, workers: WORKERS } }] : []),
];

/** @param {string} id @returns {HTMLElement} */
function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element ${id}`);
  return found;
}

const status = element("status");
const rows = element("rows");
const start = /** @type {HTMLButtonElement} */ (element("start"));

/** @param {number} value @param {number} [digits] */
function number(value, digits = 3) {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)).toLocaleString("en") : "–";
}

/** @param {string} text @param {string} [class_name] */
function cell(text, class_name = "number") {
  const made = document.createElement("td");
  made.textContent = text;
  made.className = class_name;
  return made;
}

/** A bar as wide as the share of the peak that was reached. @param {number} share */
function bar(share) {
  const made = document.createElement("td");
  made.className = "bar";
  const fill = document.createElement("span");
  fill.style.inlineSize = `${Math.min(100, 100 * share)}%`;
  const label = document.createElement("span");
  label.className = "number";
  label.textContent = `${number(100 * share, 2)} %`;
  made.append(fill, label);
  return made;
}

/** @param {Workload} workload @param {typeof MODES[number]} mode @param {number} best */
async function run(workload, mode, best) {
  if (mode.key === "workers" && workload.kind !== "train") return;
  status.textContent = `${workload.title}: ${mode.title} …`;
  await init(mode.options);
  const result = /** @type {Result} */ (await bench(workload));
  const gflops = result.gflops ?? workload.flops / result.ms_per_step / 1e6;
  const line = document.createElement("tr");
  const name = document.createElement("th");
  name.scope = "row";
  name.textContent = mode === MODES[0] ? workload.title : "";
  line.append(
    name,
    cell(mode.title, "mode"),
    cell(number(result.ms_per_step)),
    cell(workload.tokens > 0 ? number(workload.tokens / result.ms_per_step * 1000) : "–"),
    cell(number(gflops)),
    bar(gflops / best),
  );
  rows.append(line);
}

async function run_all() {
  start.disabled = true;
  rows.replaceChildren();
  try {
    status.textContent = "Measuring what the processor can do …";
    await init({ workers: 1 });
    const best = await peak();
    element("peak").textContent = `${number(best)} GFLOP/s on one worker, multiplying and adding in registers only.`;
    for (const workload of WORKLOADS) {
      for (const mode of MODES) await run(workload, mode, best);
    }
    status.textContent = "Done. Shares above 100 % belong to several workers.";
  } catch (thrown) {
    const failure = /** @type {{ message?: string }} */ (thrown);
    status.textContent = `The benchmark stopped: ${failure?.message ?? String(thrown)}`;
  } finally {
    start.disabled = false;
  }
}

element("workers").textContent = can_share()
  ? `Steps are also run by ${WORKERS} workers, which share the batch and give the same numbers bit for bit.`
  : "This page may not share memory between workers here, so one worker is used; results are the same.";
start.addEventListener("click", run_all);
