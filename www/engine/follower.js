/**
 * A worker that holds a replica of the run and makes every step together with the worker that leads.
 *
 * It follows in slices, so that it also answers requests.
 */
import init, { Engine, provide_cell_text } from "../pkg/unrolled.js";
import { Lockstep } from "./lockstep.js";
import { serve } from "./rpc.js";

/** Requests are looked at after about this time. */
const SLICE_MS = 15;
/** A wait of so many sleeps without a step ends a slice too. */
const MOST_SLEEPS = 4;

/** @typedef {import("../types/engine.js").Experiment} Experiment */

/** @typedef {import("./lockstep.js").Shared} Shared */

/**
 * @typedef {object} FollowerRequests Name of a request to its argument and its reply.
 * @property {{ argument: { module: WebAssembly.Module }, reply: null }} start
 * @property {{ argument: { bytes: Uint8Array }, reply: null }} load_dataset
 * @property {{ argument: { experiment: Experiment, texts: [string, string][] }, reply: null }} set_up with the texts
 *   of the project's cells that it names
 * @property {{ argument: null, reply: null }} ping
 * @property {{ argument: { shared: Shared, rank: number, checkpoint: Uint8Array }, reply: null }} join
 * @property {{ argument: null, reply: null }} follow is replied to when the leader has stopped the group
 */

/** @type {Engine} */
let engine;
/** @type {Lockstep} */
let lockstep;
/** The learning rate that the leader has set, NaN before it does. */
let learning_rate = NaN;

const turn = new MessageChannel();

/** @returns {boolean} whether the leader has stopped the group */
function follow_some() {
  const until = performance.now() + SLICE_MS;
  while (performance.now() < until) {
    const next = lockstep.next(MOST_SLEEPS);
    if (next === "stopped") return true;
    if (next === "nothing") return false;
    if (!Object.is(lockstep.learning_rate(), learning_rate)) {
      learning_rate = lockstep.learning_rate();
      engine.set_learning_rate(learning_rate);
    }
    if (!engine.follow(lockstep)) throw new Error("another worker did not finish its part of the step");
  }
  return false;
}

/** @returns {Promise<null>} */
function follow() {
  return new Promise((resolve, reject) => {
    turn.port1.onmessage = () => {
      try {
        if (follow_some()) resolve(null);
        else turn.port2.postMessage(null);
      } catch (thrown) {
        reject(thrown);
      }
    };
    turn.port2.postMessage(null);
  });
}

/** @type {import("./rpc.js").Handlers<FollowerRequests>} */
const handlers = {
  async start({ module }) {
    await init({ module_or_path: module });
    engine = new Engine();
    return null;
  },
  load_dataset({ bytes }) {
    engine.load_dataset(bytes);
    return null;
  },
  set_up({ experiment, texts }) {
    for (const [name, text] of texts) provide_cell_text(name, text);
    engine.set_up(experiment);
    return null;
  },
  ping: () => null,
  join({ shared, rank, checkpoint }) {
    engine.restore(checkpoint);
    learning_rate = NaN;
    lockstep = new Lockstep(shared, rank);
    return null;
  },
  follow,
};

serve(handlers);
