/** The page's end of the connection to the engine's worker. */
import { Remote } from "./rpc.js";

/** @typedef {import("./protocol.js").Requests} Requests */
/** @typedef {import("./protocol.js").EventMessage} EventMessage */

/** Every call in the worker takes far less than this; only loading a large data set comes near one second. */
const SILENCE_MS = 10_000;

/** @extends {Remote<Requests>} */
export class EngineClient extends Remote {
  /** @param {(message: EventMessage) => void} on_event */
  constructor(on_event) {
    const url = new URL("./worker.js", import.meta.url);
    super(new Worker(url, { type: "module", name: "engine" }), { on_event, silence_ms: SILENCE_MS });
  }
}
