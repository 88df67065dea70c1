/** The page's end of the connection to the worker that knows the formats of files: one for each piece of work. */
import { Remote } from "./rpc.js";

/** @typedef {import("./own_worker.js").OwnRequests} OwnRequests */

/**
 * Asks once. Arrays of the argument are copied.
 * @template {keyof OwnRequests} Name
 * @param {Name} name @param {OwnRequests[Name]["argument"]} argument
 * @returns {Promise<OwnRequests[Name]["reply"]>}
 */
export async function ask_own(name, argument) {
  const url = new URL("./own_worker.js", import.meta.url);
  const worker = new Worker(url, { type: "module", name: "own files" });
  /** @type {Remote<OwnRequests>} */
  const remote = new Remote(worker);
  try {
    return await remote.request(name, argument);
  } finally {
    remote.close();
  }
}
