/**
 * The worker in which an encoder and a decoder are trained, in slices, so that every message is answered between two.
 */
import init, { EncoderDecoderRun } from "../pkg-extra/unrolled_extra.js";
import { compile_extra, once } from "./load.js";
import { Transferred, serve } from "./rpc.js";

/** @typedef {import("../types/extra.js").Answer} Answer */
/** @typedef {import("../types/extra.js").DecoderParts} DecoderParts */
/** @typedef {import("../types/extra.js").EncoderDecoderProgress} Progress */
/** @typedef {import("../types/extra.js").EncoderDecoderSettings} Settings */
/** @typedef {import("../types/extra.js").PairTaskFacts} Facts */

/** @typedef {{ facts: Facts, progress: Progress }} Opened */

/**
 * @typedef {object} EncoderDecoderRequests
 * @property {{ argument: { settings: Settings, kept: Uint8Array | null }, reply: Opened }} open a run that was kept, or
 *   a new one
 * @property {{ argument: null, reply: null }} train
 * @property {{ argument: null, reply: Progress }} pause and write the answers anew, with the weights of now
 * @property {{ argument: { source: string }, reply: Answer }} ask the answer to any source
 * @property {{ argument: { source: string, steps: number }, reply: DecoderParts }} parts the decoder taken apart
 * @property {{ argument: null, reply: { run: Uint8Array, updates: number } }} save the run as bytes
 */

/** @typedef {{ event: "progress", progress: Progress } | { event: "stopped", message: string }} EncoderDecoderEvent */

/** The longest time that a slice takes, and least time between two reports. */
const SLICE_MS = 20;
const REPORT_MS = 150;

/** A second instance would not know what is held by the first: there is one, whatever asks for it at the same time. */
const engine = once(async () => init({ module_or_path: await compile_extra() }));

/** @type {EncoderDecoderRun | null} */
let run = null;
let training = false;
/** Losses that were reported, and when. */
let reported = { losses: 0, at: 0 };

/** @returns {EncoderDecoderRun} */
function opened() {
  if (!run) throw { code: "not_started", message: "no encoder and decoder has been opened" };
  return run;
}

/** @param {EncoderDecoderEvent} message @param {Transferable[]} [transfer] */
function emit(message, transfer = []) {
  server.emit(message, transfer);
}

function tick() {
  if (!training) return;
  opened().train_for(SLICE_MS);
  if (performance.now() - reported.at > REPORT_MS) report();
  next();
}

/** What the run has become since the last time. */
function progress() {
  const made = /** @type {Progress} */ (opened().progress(reported.losses));
  reported = { losses: made.updates, at: performance.now() };
  return made;
}

function report() {
  const made = progress();
  emit({ event: "progress", progress: made }, [made.losses.buffer]);
}

function next() {
  setTimeout(() =>
    server.run(tick, (failure) => {
      training = false;
      emit({ event: "stopped", message: failure.message });
    }),
  );
}

/** @type {import("./rpc.js").Handlers<EncoderDecoderRequests>} */
const handlers = {
  async open({ settings, kept }) {
    await engine();
    training = false;
    const made = kept ? EncoderDecoderRun.restore(kept) : new EncoderDecoderRun(settings);
    run?.free();
    run = made;
    reported = { losses: 0, at: 0 };
    return { facts: run.facts(), progress: progress() };
  },
  train() {
    if (!training) next();
    training = true;
    return null;
  },
  pause() {
    training = false;
    opened().answer();
    return progress();
  },
  ask: ({ source }) => opened().ask(source),
  parts: ({ source, steps }) => opened().parts(source, steps),
  save() {
    const bytes = opened().save();
    return new Transferred({ run: bytes, updates: opened().progress(0).updates }, [bytes.buffer]);
  },
};

const server = serve(handlers);
