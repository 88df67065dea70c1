/**
 * The worker in which the engine lives.
 *
 * Training runs in slices of a few milliseconds; between two slices every waiting request is answered, so pause and
 * trace never wait long.
 *
 * At full speed other workers take part in every step, where the browser lets workers share memory.
 */
import init, { Engine, provide_cell_text } from "../pkg/unrolled.js";
import { Followers } from "./followers.js";
import { merge } from "./merge.js";
import {
  BUDGET_MS,
  CHECKPOINT_BYTES_PER_SECOND,
  CHECKPOINT_INTERVAL_MS,
  FIRST_CHECKPOINT_MS,
  FULL_SPEED,
  PROGRESS_INTERVAL_MS,
} from "./protocol.js";
import { Transferred, serve } from "./rpc.js";
import { Worth } from "./worth.js";

/** @typedef {import("../types/engine.js").Report} Report */
/** @typedef {import("./protocol.js").Trace} Trace */

/** With a limited speed the clock is looked at this often. */
const IDLE_MS = 8;

/** @type {Engine | null} */
let engine = null;
/** Name of the present run, as the page calls it. */
let run = "";
let step = 0;
/** Time that the run has taken until then, NaN where that is not known. */
let seconds = NaN;
let training = false;
let until_step = 0;
let steps_per_second = FULL_SPEED;
/** When a limited speed was set, and at which step: the steps owed follow from the clock. */
let pace = { since: 0, from_step: 0 };
/** @type {string | null} */
let watched = null;
/** The lines that a language model writes while it is trained. @type {import("./protocol.js").Lines | null} */
let lines = null;
let next_checkpoint = 0;
let next_progress = 0;
/** @type {Report[]} */
let unreported = [];
/** The workers that take part. */
const followers = new Followers();
/** Whether they are worth it, which is of no interest where their number was asked for. */
const worth = new Worth();
let judged = true;
/** They are being started. */
let starting = false;
/** They are ready and wait for a checkpoint of the run. */
let ready = false;
/** The learning rate, where it was changed since they were given the checkpoint. @type {number | null} */
let changed_rate = null;

/** @param {import("./protocol.js").EventMessage} message @param {Transferable[]} [transfer] */
function emit(message, transfer = []) {
  server.emit(message, transfer);
}

/** @returns {Engine} */
function running() {
  if (!engine) throw { code: "not_started", message: "the engine has not been started" };
  return engine;
}

// A message to oneself comes after the messages that already wait, and without the 4 ms that timers cost.
const turn = new MessageChannel();
turn.port1.onmessage = (/** @type {MessageEvent<number>} */ message) => run_slice(() => slice(message.data));
/** Counts the loops, so that the last turn of a paused one does not run beside its successor. */
let loop = 0;

function start_loop() {
  pace = { since: performance.now(), from_step: step };
  if (training) return;
  training = true;
  loop += 1;
  next_checkpoint = performance.now() + FIRST_CHECKPOINT_MS;
  turn.port2.postMessage(loop);
}

/** Training ends, or goes on alone. */
function stop_followers() {
  ready = false;
  followers.stop();
}

/** Followers only help where the machine sets the speed, and where they are quicker than one alone. */
async function start_followers() {
  if (starting || ready || !followers.can_start()) return;
  if (judged && !worth.should_start(performance.now())) return;
  starting = true;
  const prepared = await followers.prepare();
  starting = false;
  ready = prepared && training && steps_per_second === FULL_SPEED;
}

/** Between two slices the followers take over the run. @param {number} of the loop */
async function let_followers_join(of) {
  ready = false;
  changed_rate = null;
  await followers.join(running().checkpoint());
  if (changed_rate !== null) followers.lockstep?.set_learning_rate(changed_rate);
  if (!training || of !== loop || steps_per_second !== FULL_SPEED) followers.stop();
  turn.port2.postMessage(of);
}

/** @param {"asked" | "reached"} reason */
function stop_loop(reason) {
  if (!training) return;
  training = false;
  stop_followers();
  report_progress();
  emit({ event: "paused", step, reason }); // First, so that the button answers at once.
  emit_trace();
  emit_checkpoint();
}

/** @returns {number} how many steps may be made now, at most */
function allowance() {
  const left = Math.min(until_step - step, lines ? lines.every - (step % lines.every) : Infinity);
  if (steps_per_second === FULL_SPEED) return left;
  const now = performance.now();
  const owed = Math.floor(((now - pace.since) / 1000) * steps_per_second) - (step - pace.from_step);
  if (owed <= Math.max(1, steps_per_second)) return Math.min(left, owed);
  // Whoever owes more than a second was asleep, or cannot keep pace: nothing of it is caught up.
  pace = { since: now - 1000 / steps_per_second, from_step: step };
  return Math.min(left, 1);
}

/** One slice of training. @param {number} of the loop that it belongs to */
function slice(of) {
  if (!training || of !== loop) return;
  if (ready && !followers.lockstep && steps_per_second === FULL_SPEED) return void let_followers_join(of);
  const steps = Math.max(0, allowance());
  // Without steps to make, the engine only goes on with an evaluation that is under way.
  const report = followers.lockstep
    ? running().train_together(BUDGET_MS, steps, followers.lockstep)
    : running().train_for(BUDGET_MS, steps);
  if (steps_per_second === FULL_SPEED) judge_followers(report);
  record(report);
  if (lines && report.losses.length > 0 && step % lines.every === 0) write_line(lines);
  if (report.finished && step >= until_step) return stop_loop("reached");
  const now = performance.now();
  if (now >= next_progress) report_progress();
  if (now >= next_checkpoint) emit_checkpoint();
  if (report.finished && allowance() <= 0) setTimeout(() => run_slice(() => slice(of)), IDLE_MS);
  else turn.port2.postMessage(of);
}

/** Who takes part from now on. @param {Report} report of the slice that was just made */
function judge_followers(report) {
  if (followers.lockstep?.broken) return followers.release();
  const spent = 1000 * (report.seconds - seconds);
  const made = report.losses.length;
  // An evaluation is made by one worker in any case; the first slice of a run that comes back holds all the time
  // before.
  if (made > 0 && report.validation.length === 0 && spent >= 0)
    worth.add(followers.lockstep !== null, made, spent);
  if (followers.lockstep && judged && worth.should_stop(performance.now())) followers.stop();
  else void start_followers();
}

/** @param {Report} report */
function record(report) {
  step = report.step;
  seconds = report.seconds;
  if (report.losses.length > 0 || report.validation.length > 0) unreported.push(report);
}

/** What the model as it is now writes, with its weights. @param {import("./protocol.js").Lines} lines */
function write_line({ text, length, temperature, seed }) {
  const line = running().write_line(text, length, temperature, seed);
  const weights = running().weights();
  emit({ event: "line", run, step, line, weights }, [weights.buffer]);
}

function report_progress() {
  next_progress = performance.now() + PROGRESS_INTERVAL_MS;
  if (unreported.length === 0) return;
  const report = merge(unreported);
  unreported = [];
  const pace = running().pace(until_step) ?? null;
  emit({ event: "progress", report, pace }, [report.losses.buffer, report.accuracies.buffer]);
}

/** Lets messages that wait be answered before work goes on. */
function between_messages() {
  return new Promise((go_on) => setTimeout(go_on, 0));
}

/** @param {string} text @returns {Trace} */
function trace(text) {
  return { .../** @type {Trace} */ (running().trace(text)), step };
}

/** @param {Trace} traced @returns {Transferable[]} */
function buffers_of(traced) {
  return [
    traced.probabilities.buffer,
    ...traced.layers.flatMap((layer) => layer.symbols.map((symbol) => symbol.data.buffer)),
  ];
}

function emit_trace() {
  if (watched === null) return;
  const traced = trace(watched);
  emit({ event: "trace", trace: traced }, buffers_of(traced));
}

/** What was reported belongs to what is kept, so the report goes first. */
function emit_checkpoint() {
  report_progress();
  const bytes = running().checkpoint();
  const pause = (1000 * bytes.length) / CHECKPOINT_BYTES_PER_SECOND;
  next_checkpoint = performance.now() + Math.min(CHECKPOINT_INTERVAL_MS, Math.max(1000, pause));
  emit({ event: "checkpoint", run, bytes, step }, [bytes.buffer]);
}

/** @type {import("./rpc.js").Handlers<import("./protocol.js").Requests>} */
const handlers = {
  async start({ module, workers }) {
    await init({ module_or_path: module });
    engine = new Engine();
    followers.start(module, workers);
    judged = workers === undefined;
    return null;
  },
  load_dataset({ bytes }) {
    const info = running().load_dataset(bytes);
    followers.load_dataset(bytes);
    return info;
  },
  set_up(argument) {
    training = false;
    stop_followers();
    unreported = [];
    watched = null;
    const texts = argument.texts ?? [];
    for (const [name, text] of texts) provide_cell_text(name, text);
    const setup = running().set_up(argument.experiment);
    const [blocks, capacity] = running().blocks();
    followers.set_up(argument.experiment, texts, blocks, capacity);
    worth.forget();
    seconds = NaN;
    run = argument.run;
    step = 0;
    return setup;
  },
  restore(argument) {
    stop_followers(); // They hold another step.
    seconds = NaN;
    step = running().restore(argument.bytes);
    return { step };
  },
  start_from({ bytes }) {
    stop_followers(); // They hold other weights.
    running().start_from(bytes);
    step = 0;
    return null;
  },
  checkpoint() {
    const bytes = running().checkpoint();
    return new Transferred({ bytes, step }, [bytes.buffer]);
  },
  weights() {
    const bytes = running().weights();
    return new Transferred({ bytes, step }, [bytes.buffer]);
  },
  train(argument) {
    until_step = argument.until_step;
    steps_per_second = argument.steps_per_second;
    lines = argument.lines ?? null;
    if (lines && step === 0) write_line(lines);
    start_loop();
    return null;
  },
  pause() {
    stop_loop("asked");
    return { step };
  },
  step_once() {
    record(running().step_once());
    emit_trace();
    emit_checkpoint();
    return null;
  },
  slow_update() {
    const slow = running().slow_update();
    record(slow.report);
    emit_trace();
    emit_checkpoint();
    return slow;
  },
  examine() {
    return running().examine();
  },
  async mistakes({ fresh }) {
    while (fresh && !training) {
      const { done, all, mistakes } = running().judge_for(BUDGET_MS);
      if (done === all) return mistakes;
      await between_messages();
    }
    return running().mistakes() ?? null;
  },
  set_learning_rate({ learning_rate }) {
    running().set_learning_rate(learning_rate);
    changed_rate = learning_rate;
    followers.lockstep?.set_learning_rate(learning_rate);
    return { step };
  },
  set_speed(argument) {
    steps_per_second = argument.steps_per_second;
    pace = { since: performance.now(), from_step: step };
    if (steps_per_second !== FULL_SPEED) stop_followers();
    return null;
  },
  reset() {
    training = false;
    stop_followers();
    seconds = NaN;
    unreported = [];
    running().reset();
    step = 0;
    emit_trace();
    return { step };
  },
  watch({ text }) {
    const traced = trace(text);
    watched = text;
    return new Transferred(traced, buffers_of(traced));
  },
  stepping_parts({ text }) {
    return { ...running().stepping_parts(text), step };
  },
  sample({ subset, index }) {
    return running().sample(subset, index);
  },
  class_counts() {
    return running().class_counts();
  },
  unwatch() {
    watched = null;
    return null;
  },
  weights_hash() {
    return running().weights_hash();
  },
};

const server = serve(handlers);

/** Runs a part of the loop; what it throws stops training and is told to the page. @param {() => void} work */
function run_slice(work) {
  server.run(work, (failure) => {
    training = false;
    stop_followers();
    emit({ event: "failed", failure });
  });
}
