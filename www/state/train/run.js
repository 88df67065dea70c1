/**
 * The run behind the page: loads engine, data and model, keeps and restores runs, and replaces a worker that died.
 */
import { EngineError, failure_from } from "../../engine/rpc.js";
import { forget_ending } from "./ending.js";
import { kept_file } from "../data/own_files.js";
import { kept_weights, with_its_weights } from "../data/first_weights.js";
import { fetch_dataset } from "./fetch.js";
import { History } from "../runs/history.js";
import { leave_run } from "../runs/earlier.js";
import { is_whole, load_run, save_run } from "../runs/run_storage.js";
import {
  begin_with,
  experiment_of_run,
  forget_checkpoint,
  last_saved,
  leave_untouched,
  put_away,
} from "./keeping.js";
import { reached_of } from "./reached.js";
import { awaited, cancel_rebuilding, rebuild, set_rate } from "../runs/rebuild.js";
import { outline as trained_outline, outline_of } from "./outline.js";
import { show_text } from "./reading.js";
import { REFUSED, refused } from "./refused.js";
import { count } from "../shared/format.js";
import { key_of, set_of } from "./experiment.js";
import { same_rates } from "../shared/link_network.js";
import { texts_for } from "../shared/listing_source.js";
import * as store from "../shared/store.js";
import { engine, expect_events, on } from "../shared/connection.js";

/** @typedef {import("../../engine/client.js").EngineClient} EngineClient */
/** @typedef {import("./experiment.js").OpenExperiment} OpenExperiment */
/** @typedef {import("../runs/run_storage.js").SavedRun} SavedRun */

/** A worker that dies more often than this is not started again. */
const DEATHS_FORGIVEN = 3;

/**
 * The data set that the present worker holds, by the name of the packed set or the hash of the reader's own.
 * @type {{ of: string, info: import("../../types/engine.js").DatasetInfo } | null}
 */
let loaded = null;
/** A preparation that a newer one has replaced ends silently, and its downloads are aborted. */
let preparation = 0;
let loading = new AbortController();
let deaths = 0;

on("dead", ({ message }) => revive(message));

/**
 * Another run: the present one is kept and comes back with its experiment.
 * @param {OpenExperiment} experiment
 * @param {import("../shared/link_network.js").TrainedTo | null} [trained] how far a link's network has been trained
 */
export async function choose(experiment, trained = null) {
  const fitting = with_its_weights(experiment);
  await leave_present(trained);
  store.named_experiment.value = null;
  store.experiment.value = fitting;
  await prepare();
}

/** @param {import("../shared/link_network.js").TrainedTo | null} trained what is wanted in place of the present run */
async function leave_present(trained) {
  preparation += 1; // What is being rebuilt is given up.
  awaited.value = trained;
  await cancel_rebuilding();
  leave_run(store.experiment.value, store.history.value.validation, await put_away());
}

/** An earlier run as it was left, in place of the present one. @param {import("../runs/earlier.js").EarlierRun} run */
export async function bring_back({ experiment, saved }) {
  await leave_present(null);
  if (saved) await save_run(key_of(experiment), saved, { whatever: true });
  store.experiment.value = experiment;
  await prepare();
}

/** Whether an experiment is set up or being set up. */
export const has_begun = () => preparation > 0;

/**
 * Loads what the experiment needs (engine, data, model) and restores its kept run if there is one.
 */
export async function prepare() {
  const mine = ++preparation;
  loading.abort();
  forget_ending();
  store.loading.value = null;
  loading = new AbortController();
  store.status.value = "preparing";
  try {
    await set_up(() => mine !== preparation);
  } catch (error) {
    if (mine === preparation) fail(error);
  }
}

/** @param {() => boolean} overtaken */
async function set_up(overtaken) {
  const experiment = store.experiment.value;
  const settings = store.settings.value;
  store.preparing.value = "Loading the engine";
  const worker = await engine();
  const texts = await texts_for(experiment.document);
  await data_in(worker, experiment, overtaken);
  if (overtaken()) return;
  store.preparing.value = "Setting up the network";
  const setup = await worker
    .request("set_up", { experiment: experiment.document, run: key_of(experiment), texts })
    .catch(refused);
  await first_weights_in(worker, experiment);
  const outline = await outline_of(settings);
  if (overtaken()) return;
  const kept = await kept_run(worker, experiment);
  if (overtaken()) return;
  begin_with(kept);
  store.rates.value = rates_of(kept, settings);
  trained_outline.value = outline;
  store.setup.value = setup;
  store.history.value = kept ? History.restore(kept.history) : new History();
  store.updates.value = kept?.step ?? 0;
  const reached = reached_of(key_of(experiment), store.updates.value, store.rates.value);
  // After a reload the address may be some updates behind.
  if (reached && awaited.value && is_reload() && awaited.value.updates < reached.updates)
    awaited.value = reached;
  if (
    awaited.value
      ? !(await rebuilt(worker, awaited.value, overtaken))
      : !(await caught_up(worker, reached, overtaken))
  )
    return;
  store.status.value = "ready";
  store.dismiss("failure");
  await show_text();
}

/** First weights that come from a file. @param {EngineClient} worker @param {OpenExperiment} experiment */
async function first_weights_in(worker, { document: { weights } }) {
  if (!weights) return;
  const kept = await kept_weights(weights.hash);
  const text =
    `This experiment starts with the weights of the file “${weights.name}”, which is not on this machine. Ask ` +
    "its author for the file and drop it on this page, or choose another experiment.";
  if (!kept) throw new EngineError("weights_missing", text);
  await worker.request("start_from", { bytes: kept.bytes });
}

/**
 * The learning rates of a kept run, and the present one after it; none where the experiment has no single rate.
 * @param {SavedRun | null} kept
 * @param {import("./settings.js").Settings} settings
 */
function rates_of(kept, { rate }) {
  if (!Number.isFinite(rate)) return [];
  /** @type {import("../shared/link_network.js").RateChange[]} */
  const rates = kept ? [...(kept.rates ?? [[0, kept.settings.rate]])] : [[0, rate]];
  if (kept && rates[rates.length - 1][1] !== rate) rates.push([kept.step, rate]);
  return rates;
}

/**
 * Makes the awaited network, or leaves an untrained one where the reader cancels.
 * @param {EngineClient} worker
 * @param {import("../shared/link_network.js").TrainedTo} trained
 * @param {() => boolean} overtaken
 * @returns {Promise<boolean>} false where another network is wanted meanwhile
 */
async function rebuilt(worker, trained, overtaken) {
  const from = store.updates.value;
  if (from < trained.updates) {
    if (trained.rates.length > 0) store.rates.value = trained.rates;
    store.trace.value = null;
    store.origin.value = { from: "network", updates: from };
    const done = await rebuild(worker, trained);
    if (overtaken()) return false;
    if (!done) await leave_untrained(worker, trained);
    else if (from > 0)
      store.notify({
        key: "rebuilt",
        kind: "note",
        text:
          `Restored from update ${count(from)}, the last that was kept, and trained from there to update ` +
          `${count(trained.updates)}.`,
      });
  }
  awaited.value = null;
  return !overtaken();
}

/**
 * Repeats the updates after the last checkpoint, where the page was closed while it trained.
 * @param {EngineClient} worker
 * @param {import("../shared/link_network.js").TrainedTo | null} reached
 * @param {() => boolean} overtaken
 */
async function caught_up(worker, reached, overtaken) {
  if (reached && store.updates.value < reached.updates) await rebuild(worker, reached);
  return !overtaken();
}

/** @param {EngineClient} worker @param {import("../shared/link_network.js").TrainedTo} trained */
async function leave_untrained(worker, trained) {
  const { rate } = store.settings.value;
  await worker.request("reset", null);
  await set_rate(worker, rate);
  forget_checkpoint();
  store.history.value = new History();
  store.updates.value = 0;
  store.rates.value = rates_of(null, store.settings.value);
  const again = () => {
    store.dismiss("rebuilt");
    awaited.value = trained;
    void prepare();
  };
  store.notify({
    key: "rebuilt",
    kind: "note",
    text: `The network of this link, after ${count(trained.updates)} updates, was not rebuilt: this one is untrained.`,
    actions: [{ label: "Rebuild it", run: again }],
  });
}

/**
 * Gives the worker the data set of an experiment; generated data need none.
 * @param {EngineClient} worker @param {OpenExperiment} experiment @param {() => boolean} overtaken
 */
async function data_in(worker, { document }, overtaken) {
  const set = set_of(document);
  const wanted = set?.name ?? document.data.file?.hash ?? "";
  if (document.data.set === "task") {
    store.dataset.value = null;
    return;
  }
  if (loaded?.of !== wanted) {
    store.preparing.value = `Loading ${set?.label ?? document.data.file?.name}`;
    const bytes = set ? await fetched(set) : await own_bytes(document);
    if (overtaken()) return;
    loaded = null;
    loaded = { of: wanted, info: await worker.request("load_dataset", { bytes }, [bytes.buffer]) };
  }
  store.dataset.value = loaded.info;
}

/** The reader's own data set, as it was made from a file. @param {import("./experiment.js").Experiment} document */
async function own_bytes({ data: { file } }) {
  const kept = file && (await kept_file(file.hash));
  // The engine's worker takes what it is given; the copy that is kept stays here.
  if (kept) return kept.packed.slice();
  const text = file
    ? `This experiment learns from the file “${file.name}”, which is not on this machine. Ask its author for the ` +
      "file and drop it on this page, or choose other data."
    : "This experiment learns from data of your own and does not say from which file: drop one on this page.";
  throw new EngineError("own_missing", text);
}

/** A data set, with its progress in the store. @param {import("../../types/engine.js").SetFacts} set */
async function fetched(set) {
  const { signal } = loading;
  const on_progress = (/** @type {import("./fetch.js").Progress} */ progress) => {
    if (!signal.aborted) store.loading.value = progress;
  };
  try {
    return await fetch_dataset(set, { signal, on_progress });
  } finally {
    if (!signal.aborted) store.loading.value = null;
  }
}

/**
 * Restores the kept run of an experiment in the engine. If the engine refuses it, it stays stored and a
 * notice says why.
 * @param {EngineClient} worker @param {OpenExperiment} experiment @returns {Promise<SavedRun | null>}
 */
async function kept_run(worker, experiment) {
  const settings = store.settings.value;
  const kept = await load_run(key_of(experiment));
  if (!kept || !serves(kept, settings)) return null;
  try {
    if (!is_whole(kept)) throw new EngineError("damaged", "what was kept is not whole");
    await worker.request("restore", { bytes: kept.checkpoint });
    await set_rate(worker, settings.rate);
    return kept;
  } catch (error) {
    const failure = failure_from(error);
    if (failure.code === "worker_dead") throw error;
    await worker.request("reset", null);
    store.notify({
      key: "kept",
      kind: "trouble",
      text:
        `The run of ${count(kept.step)} updates that was kept here could not be taken up again: ` +
        `${failure.message}. A new one starts at update 0.`,
    });
    return null;
  }
}

/**
 * Whether a kept run is the network that a link asks for, or on the way to it. After a reload it may be further: the
 * address is written now and then while training runs.
 * @param {SavedRun} kept @param {import("./settings.js").Settings} settings
 */
function serves(kept, settings) {
  const wanted = awaited.value;
  if (!wanted || is_reload()) return true;
  /** @type {import("../shared/link_network.js").RateChange[]} */
  const rates = wanted.rates.length > 0 ? wanted.rates : rates_of(null, settings);
  const same = kept.step <= wanted.updates && same_rates(rates_of(kept, settings), rates, kept.step);
  if (!same) leave_untouched(wanted.updates);
  return same;
}

function is_reload() {
  const [entry] = performance.getEntriesByType("navigation");
  return /** @type {PerformanceNavigationTiming | undefined} */ (entry)?.type === "reload";
}

/** Says why nothing can be trained. @param {unknown} error @param {() => unknown} [again] the next attempt */
export function fail(error, again = prepare) {
  const failure = failure_from(error);
  if (failure.code === "worker_dead") return; // `revive` handles it.
  store.status.value = "failed";
  store.setup.value = null; // The network of before is not the one that is named on the page.
  store.notify({
    key: "failure",
    kind: "trouble",
    text: failure.message,
    actions: failure.code === REFUSED ? [] : [{ label: "Try again", run: again }],
  });
}

/** The worker died: start another and go on from the last checkpoint. @param {string} message */
async function revive(message) {
  loaded = null;
  deaths += 1;
  expect_events(false);
  const run = last_saved();
  const step = run?.step ?? 0;
  if (deaths > DEATHS_FORGIVEN) {
    const text =
      `The engine has stopped ${deaths} times (${message}). Reload the page; the run is kept up to ` +
      `update ${step}.`;
    fail(new EngineError("engine_dies", text));
    return;
  }
  if (run) {
    store.history.value.cut(step);
    run.history = store.history.value.save();
    await save_run(key_of(experiment_of_run(run)), run);
  }
  await prepare();
  if (store.status.value !== "ready") return;
  store.notify({
    key: "revived",
    kind: "trouble",
    text:
      `The engine stopped unexpectedly (${message}). A new one has taken over at update ${step}, the last ` +
      "that was kept; press “Train” to go on.",
  });
}
