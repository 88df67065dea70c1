/**
 * The life of a run: engine, data, model, training. The only file that talks to the worker.
 */
import { EngineClient } from "../engine/client.js";
import { EngineError, compile_engine } from "../engine/load.js";
import { failure_from } from "../engine/protocol.js";
import { History } from "./history.js";
import { forget_run, load_run, save_run } from "./keep.js";
import * as store from "./store.js";
import { fetch_dataset } from "./fetch.js";
import { DATASETS, EPOCHS_A_LEG, engine_config, run_key } from "./settings.js";

/** @typedef {import("../engine/protocol.js").EventMessage} EventMessage */
/** @typedef {import("./keep.js").SavedRun} SavedRun */

/** @type {Promise<WebAssembly.Module> | null} */
let compiled = null;
/** @type {EngineClient | null} */
let client = null;
/** The data set that the present worker holds. @type {string | null} */
let loaded = null;
/** @type {{ bytes: Uint8Array, step: number } | null} */
let checkpoint = null;
/** Preparations overtaken by a newer one give up silently. */
let preparation = 0;
/** A worker that dies again and again is not started for ever. */
let deaths = 0;
let told_not_kept = false;

/** The compiled engine, shared by the worker and the page's own instance. */
export function engine_module() {
  compiled ??= compile_engine().catch((error) => {
    compiled = null;
    throw error;
  });
  return compiled;
}

/** Another run: the present one is kept and comes back with its settings. @param {import("./settings.js").Settings} settings */
export async function choose(settings) {
  await put_away();
  store.settings.value = settings;
  await prepare();
}

/** Brings engine, data and model to where `settings` wants them, with the kept run of these settings if there is one. */
export async function prepare() {
  const mine = ++preparation;
  store.phase.value = "preparing";
  try {
    await set_up(mine);
  } catch (error) {
    if (mine === preparation) fail(error);
  }
}

/** @param {number} mine */
async function set_up(mine) {
  const overtaken = () => mine !== preparation;
  const settings = store.settings.value;
  store.preparing.value = "Loading the engine";
  const engine = await started();
  store.preparing.value = `Loading ${DATASETS[settings.data].label}`;
  if (loaded !== settings.data) {
    const bytes = await fetch_dataset(DATASETS[settings.data]);
    if (overtaken()) return;
    const info = await engine.request("load_dataset", { bytes }, [bytes.buffer]);
    loaded = settings.data;
    store.dataset.value = info;
  }
  const dataset = store.dataset.value;
  if (overtaken() || !dataset) return;
  store.preparing.value = "Setting up the network";
  const kept = await load_run(run_key(settings));
  if (overtaken()) return;
  const reply = await engine.request("set_up", { config: engine_config(settings, dataset), checkpoint: kept?.checkpoint ?? null });
  if (overtaken()) return;
  if (kept) await engine.request("set_learning_rate", { learning_rate: settings.rate });
  checkpoint = kept && { bytes: kept.checkpoint, step: kept.step };
  store.setup.value = reply.setup;
  store.history.value = kept ? History.restore(kept.history) : new History();
  store.step.value = reply.step;
  store.phase.value = "ready";
  store.dismiss("failure");
  if (reply.step > 0 || store.origin.value?.from === "network") await show_text();
}

async function started() {
  if (client) return client;
  const module = await engine_module();
  if (client) return client;
  const fresh = new EngineClient(receive);
  client = fresh;
  loaded = null;
  await fresh.request("start", { module });
  return fresh;
}

/** @param {unknown} error */
function fail(error) {
  const failure = failure_from(error);
  if (failure.code === "worker_dead") return; // The death itself is being dealt with.
  store.phase.value = "failed";
  store.notify({ key: "failure", kind: "trouble", text: failure.message, actions: [{ label: "Try again", run: prepare }] });
}

/** Trains for some more epochs, or until `pause`. */
export async function train() {
  const setup = store.setup.value;
  if (!client || !setup || store.phase.value !== "ready") return;
  const legs = Math.floor(store.step.value / (EPOCHS_A_LEG * setup.steps_per_epoch)) + 1;
  store.phase.value = "training";
  store.dismiss("leg");
  client.expect_events(true);
  await attempt(async (engine) => {
    await watch_text(engine);
    await engine.request("train", {
      until_step: legs * EPOCHS_A_LEG * setup.steps_per_epoch,
      steps_per_second: store.speed.value,
    });
  });
}

export async function pause() {
  if (store.phase.value === "training") await attempt((engine) => engine.request("pause", null));
}

export async function toggle() {
  if (store.phase.value === "training") await pause();
  else await train();
}

/** One optimizer step; training pauses for it. */
export async function step_once() {
  await pause();
  if (store.phase.value !== "ready") return;
  await attempt(async (engine) => {
    if (store.origin.value?.from !== "network") await watch_text(engine);
    take(await engine.request("step_once", null));
  });
}

/** Back to step 0 with the same seed; the run so far can be brought back. */
export async function reset() {
  await pause();
  const key = run_key(store.settings.value);
  const before = await saved_now();
  await attempt(async (engine) => {
    await engine.request("reset", null);
    await engine.request("set_learning_rate", { learning_rate: store.settings.value.rate });
  });
  await forget_run(key);
  checkpoint = null;
  store.history.value = new History();
  store.step.value = 0;
  await show_text();
  if (before && before.step > 0) {
    const bring_back = async () => {
      store.dismiss("reset");
      await save_run(key, before);
      await prepare();
    };
    store.notify({
      key: "reset", kind: "note",
      text: `Back at step 0 with the same seed. The run of ${before.step} steps is set aside until you train again.`,
      actions: [{ label: "Bring it back", run: bring_back }],
    });
  }
}

/** @param {number} rate */
export async function set_learning_rate(rate) {
  store.settings.value = { ...store.settings.value, rate };
  if (client && store.setup.value) await attempt((engine) => engine.request("set_learning_rate", { learning_rate: rate }));
}

/** @param {number} steps_per_second 0 for full speed */
export async function set_speed(steps_per_second) {
  store.speed.value = steps_per_second;
  if (client) await attempt((engine) => engine.request("set_speed", { steps_per_second }));
}

/** Shows what the network makes of the typed text now. */
export async function show_text() {
  if (store.phase.value !== "ready" && store.phase.value !== "training") return;
  await attempt(watch_text);
}

/** @param {EngineClient} engine */
async function watch_text(engine) {
  const text = store.text.value;
  if (text.trim() === "") {
    await engine.request("unwatch", null);
    show_trace(null);
    return;
  }
  try {
    const trace = await engine.request("watch", { text });
    if (text === store.text.value) show_trace(trace);
  } catch (error) {
    const failure = failure_from(error);
    if (failure.code === "worker_dead") throw error;
    show_trace(null);
    store.text_note.value = failure.message;
  }
}

/** @param {import("../engine/protocol.js").Trace | null} trace */
function show_trace(trace) {
  store.trace.value = trace;
  store.origin.value = { from: "network", step: trace?.step ?? store.step.value };
  store.text_note.value = trace?.note ?? "";
}

/** @param {import("../engine/protocol.js").Report} report */
function take(report) {
  store.history.value.append(report);
  store.step.value = report.step;
  store.dismiss("reset");
}

/** @param {EventMessage} message */
function receive(message) {
  switch (message.event) {
    case "progress": return take(message.report);
    case "trace": return show_trace(message.trace);
    case "paused": return paused(message.reason);
    case "checkpoint": return keep(message.bytes, message.step);
    case "failed": return stopped(message.failure);
    case "dead": return revive(message.message);
  }
}

/** @param {"asked" | "reached"} reason */
function paused(reason) {
  client?.expect_events(false);
  if (store.phase.value === "training") store.phase.value = "ready";
  const setup = store.setup.value;
  if (reason === "reached" && setup) {
    const epochs = Math.round(store.step.value / setup.steps_per_epoch);
    store.notify({
      key: "leg", kind: "note",
      text: `Paused after ${epochs} epochs. Compare the two loss curves: where training still falls and validation rises, ` +
        "the network learns these texts by heart. “Train” goes on.",
    });
  }
}

/** @param {import("../engine/protocol.js").Failure} failure */
function stopped(failure) {
  client?.expect_events(false);
  store.phase.value = "ready";
  store.notify({ key: "failure", kind: "trouble", text: `Training stopped: ${failure.message}` });
}

/** @param {Uint8Array} bytes @param {number} step */
async function keep(bytes, step) {
  checkpoint = { bytes, step };
  const run = saved(checkpoint);
  const kept = await save_run(run_key(run.settings), run);
  if (!kept && !told_not_kept) {
    told_not_kept = true;
    store.notify({ key: "keep", kind: "note", text: "This browser does not let the page keep anything: a reload will lose the trained network." });
  }
}

/** @param {{ bytes: Uint8Array, step: number }} point @returns {SavedRun} */
function saved(point) {
  const history = store.history.value.save();
  return { version: 1, settings: store.settings.value, checkpoint: point.bytes, step: point.step, history, saved_at: Date.now() };
}

/** @returns {Promise<SavedRun | null>} */
async function saved_now() {
  if (!client || !store.setup.value) return null;
  const now = await client.request("checkpoint", null).catch(() => checkpoint);
  return now && saved(now);
}

/** Keeps the present run before another takes its place. */
async function put_away() {
  await pause();
  if (store.step.value === 0 || !checkpoint) return;
  // Training that pauses hands out a checkpoint, so the last one is the present state.
  const run = saved(checkpoint);
  await save_run(run_key(run.settings), run);
}

/** The worker died: start another and go on from the last checkpoint. @param {string} message */
async function revive(message) {
  client = null;
  loaded = null;
  deaths += 1;
  const last = checkpoint;
  if (deaths > 3) {
    fail(new EngineError("engine_dies", `The engine has stopped ${deaths} times (${message}). Reload the page; the run up to step ${last?.step ?? 0} is kept.`));
    return;
  }
  if (last) {
    store.history.value.cut(last.step);
    await save_run(run_key(store.settings.value), saved(last));
  }
  store.phase.value = "preparing";
  const from = last ? `from its last checkpoint, step ${last.step}` : "from step 0";
  store.notify({
    key: "revived", kind: "trouble",
    text: `The engine stopped unexpectedly (${message}). A new one has been started ${from}; press “Train” to go on.`,
    actions: [{ label: "Understood", run: () => store.dismiss("revived") }],
  });
  await prepare();
}

/** @param {(engine: EngineClient) => Promise<unknown>} work */
async function attempt(work) {
  if (!client) return;
  try {
    await work(client);
  } catch (error) {
    const failure = failure_from(error);
    if (failure.code !== "worker_dead") store.notify({ key: "failure", kind: "trouble", text: failure.message });
  }
}
