/**
 * The one worker of the page: started when first needed, replaced when it dies.
 */
import { EngineClient } from "../../engine/client.js";
import { engine_module } from "../../engine/load.js";
import { failure_from } from "../../engine/rpc.js";
import { notify } from "./store.js";

/** @typedef {import("../../engine/protocol.js").Requests} Requests */
/** @typedef {import("../../engine/protocol.js").EventMessage} EventMessage */

/** @type {Promise<EngineClient> | null} */
let starting = null;
/** @type {EngineClient | null} */
let client = null;

/** @type {Map<string, (message: any) => void>} */
const handlers = new Map();

/**
 * One handler for each kind of event.
 * @template {EventMessage["event"]} Name
 * @param {Name} name @param {(message: Extract<EventMessage, { event: Name }>) => void} handler
 */
export function on(name, handler) {
  handlers.set(name, handler);
}

/** @returns {Promise<EngineClient>} the running worker, started if there is none */
export function engine() {
  starting ??= start().catch((error) => {
    starting = null;
    throw error;
  });
  return starting;
}

async function start() {
  // The worker's scripts load while the engine compiles.
  const fresh = new EngineClient((message) => {
    if (message.event === "dead") {
      client = null;
      starting = null;
    }
    handlers.get(message.event)?.(message);
  });
  try {
    await fresh.request("start", { module: await engine_module() });
  } catch (error) {
    fresh.close();
    throw error;
  }
  performance.mark("engine-ready");
  client = fresh;
  return fresh;
}

/** While training runs, silence of the worker means that it is dead. @param {boolean} expected */
export function expect_events(expected) {
  client?.expect_events(expected);
}

/**
 * Runs `work` with the worker; a failure becomes a notice. Without a worker nothing happens; the end of a worker is
 * handled by the `dead` event.
 * @param {(engine: EngineClient) => Promise<unknown>} work
 * @returns {Promise<boolean>} whether it was done
 */
export async function attempt(work) {
  if (!client) return false;
  try {
    await work(client);
    return true;
  } catch (error) {
    const failure = failure_from(error);
    if (failure.code !== "worker_dead") notify({ key: "failure", kind: "trouble", text: failure.message });
    return false;
  }
}
