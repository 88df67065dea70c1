/**
 * The worker that answers what is asked about the network beside its training. It is started when it is first needed
 * and holds the network of the page, with the weights that were last sent to it.
 */
import { Remote } from "../../engine/rpc.js";
import { engine } from "../shared/connection.js";
import * as store from "../shared/store.js";
import { pack_of } from "../train/open_network.js";

/** @typedef {import("../../engine/analysis_worker.js").AnalysisRequests} AnalysisRequests */

/** @type {Remote<AnalysisRequests> | null} */
let remote = null;
/** The document whose network it holds. @type {unknown} */
let held = null;
/** What it is doing to get there. @type {Promise<void>} */
let opening = Promise.resolve();

/** @returns {Remote<AnalysisRequests>} */
function started() {
  if (remote) return remote;
  const url = new URL("../../engine/analysis_worker.js", import.meta.url);
  const worker = new Worker(url, { type: "module", name: "analysis" });
  const on_event = (/** @type {{ event: string }} */ { event }) => {
    if (event === "dead") remote = held = null; // The next question starts another one.
  };
  remote = new Remote(worker, { on_event });
  return remote;
}

/**
 * The worker with the present network and its present weights, and the update that they stand after.
 * @returns {Promise<{ analysis: Remote<AnalysisRequests>, step: number }>}
 */
export async function analysis_now() {
  const analysis = started();
  const { document } = store.experiment.value;
  if (held !== document) {
    held = document;
    opening = open(analysis, document);
    opening.catch(() => (held = null));
  }
  await opening;
  const { bytes, step } = await (await engine()).request("weights", null);
  await analysis.request("take_weights", { weights: bytes }, [bytes.buffer]);
  return { analysis, step };
}

/** The worker, whatever network it holds. */
export function analysis_worker() {
  return started();
}

/** @param {Remote<AnalysisRequests>} analysis @param {import("../../types/engine.js").Experiment} document */
async function open(analysis, document) {
  const pack = await pack_of(document);
  await analysis.request("open", { experiment: document, pack });
}
