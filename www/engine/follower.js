/**
 * A worker that holds a replica of the run and makes every step together with the worker that leads.
 *
 * It follows in slices, so that it can be told to do something else.
 */
import init, { Engine } from "../pkg/unrolled.js";
import { Lockstep } from "./lockstep.js";
import { failure_from } from "./protocol.js";

/** It looks at its messages after about this time. */
const SLICE_MS = 15;
/** A wait of this many naps without a step ends a slice too. */
const NAPS = 4;

/** @typedef {import("./lockstep.js").Shared} Shared */

/** @type {Engine} */
let engine;
/** The learning rate that the leader has set, NaN before it does. */
let rate = NaN;

const turn = new MessageChannel();

/** @param {Lockstep} lockstep @returns {boolean} whether the leader has stopped the group */
function follow_some(lockstep) {
  const until = performance.now() + SLICE_MS;
  while (performance.now() < until) {
    const next = lockstep.next(NAPS);
    if (next === "stopped") return true;
    if (next === "nothing") return false;
    if (!Object.is(lockstep.rate(), rate)) engine.set_learning_rate((rate = lockstep.rate()));
    if (!engine.follow(lockstep)) throw new Error("another worker did not finish its part of the step");
  }
  return false;
}

/** @param {Lockstep} lockstep @returns {Promise<null>} */
function follow(lockstep) {
  return new Promise((keep, fail) => {
    turn.port1.onmessage = () => {
      try {
        if (follow_some(lockstep)) keep(null);
        else turn.port2.postMessage(null);
      } catch (thrown) {
        fail(thrown);
      }
    };
    turn.port2.postMessage(null);
  });
}

/** @type {Lockstep} */
let place;

/** @type {Record<string, (argument: any) => unknown>} */
const requests = {
  async start(/** @type {{ module: WebAssembly.Module }} */ { module }) {
    await init({ module_or_path: module });
    engine = new Engine();
  },
  load_dataset: (/** @type {{ bytes: Uint8Array }} */ { bytes }) => void engine.load_dataset(bytes),
  set_up: (/** @type {{ config: object }} */ { config }) => void engine.set_up(config),
  answer: () => null,
  join(/** @type {{ shared: Shared, rank: number, checkpoint: Uint8Array }} */ { shared, rank, checkpoint }) {
    engine.restore(checkpoint);
    rate = NaN;
    place = new Lockstep(shared, rank);
  },
  follow: () => follow(place),
};

self.onmessage = async (message) => {
  const { name, argument } = message.data;
  try {
    await requests[name](argument);
    self.postMessage({ done: name });
  } catch (thrown) {
    self.postMessage({ failure: failure_from(thrown).message });
  }
};
