/** The page's end of the connection to the worker in which a language model writes: started when first needed. */
import { compile_extra } from "../../engine/load.js";
import { Remote } from "../../engine/rpc.js";

/** @typedef {import("../../engine/writer_worker.js").WriterRequests} WriterRequests */
/** @typedef {import("../../engine/writer_worker.js").WriterEvent} WriterEvent */
/** @typedef {WriterEvent | { event: "dead", message: string }} WriterMessage */

/** No call takes longer; writing tells of itself many times a second. */
const SILENCE_MS = 20_000;

/** @type {Promise<Remote<WriterRequests>> | null} */
let starting = null;

/** @type {(message: WriterMessage) => void} */
let listener = () => {};

/** Who is told what the worker writes. @param {(message: WriterMessage) => void} told */
export function on_writing(told) {
  listener = told;
}

/** The worker, started if there is none. */
export function writer_worker() {
  starting ??= start().catch((error) => {
    starting = null;
    throw error;
  });
  return starting;
}

async function start() {
  const url = new URL("../../engine/writer_worker.js", import.meta.url);
  const worker = new Worker(url, { type: "module", name: "writer" });
  const on_event = (/** @type {WriterMessage} */ message) => {
    if (message.event === "dead") starting = null; // The next request starts another one.
    listener(message);
  };
  /** @type {Remote<WriterRequests>} */
  const remote = new Remote(worker, { on_event, silence_ms: SILENCE_MS });
  try {
    await remote.request("start", { module: await compile_extra() });
  } catch (error) {
    remote.close();
    throw error;
  }
  return remote;
}
