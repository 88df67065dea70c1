/**
 * The language model that writes, its text, and what it computed at each position. The text grows many times a second:
 * it is one object that grows in place, and `version` changes whenever it does.
 */
import { batch, computed, signal } from "@preact/signals-core";
import { failure_from } from "../../engine/rpc.js";
import { Text } from "./text.js";
import { on_writing, writer_worker } from "./worker.js";

/** @typedef {import("../../engine/writer_worker.js").WriterSource} WriterSource */
/** @typedef {import("../../types/extra.js").WriterFacts} WriterFacts */
/** @typedef {import("../../types/extra.js").Written} Written */

/**
 * Which model writes.
 * @typedef {object} Model
 * @property {"shipped" | "run"} kind the one that comes with the page, or the reader's own
 * @property {string} title
 * @property {string} about one sentence: how it was made
 * @property {number | null} updates after how many updates of the reader's run; null for the one that comes along
 */

/** Ids a second. */
export const LIMITS = { speed: { minimum: 1, maximum: 200 }, temperature: { minimum: 0, maximum: 10 } };

/** The text begins with this until a reader types something else. */
export const BEGINNING = "Call me ";

/** @typedef {WriterSource} Source */

/** Where the model that writes comes from; null until one is there. */
export const source = signal(/** @type {Source | null} */ (null));
/** What was opened last; null until a model is there. */
export const model = signal(/** @type {Model | null} */ (null));
export const facts = signal(/** @type {WriterFacts | null} */ (null));
export const beginning = signal(BEGINNING);
export const temperature = signal(0.7);
export const seed = signal(0);
export const speed = signal(30);
/** Whether it writes. */
export const playing = signal(false);
/** Why it cannot, in a sentence. */
export const trouble = signal("");
/** What a reader should know of the beginning. */
export const note = signal("");

/** The text and its numbers. */
export const text = new Text();
/** Changes whenever the text does. */
export const version = signal(0);
/** The position that is looked at; null: the last one. */
export const chosen = signal(/** @type {number | null} */ (null));

/** The position whose numbers are shown; -1 without a text. */
export const position = computed(() => {
  void version.value;
  const last = text.count - 1;
  const at = chosen.value;
  return at === null ? last : Math.min(Math.max(at, text.first), last);
});

on_writing((message) => {
  if (message.event === "written") take(message.written);
  else if (message.event === "stopped") stopped(`The model cannot go on: ${message.message}.`);
  else {
    facts.value = null;
    model.value = null;
    stopped(`The writer stopped unexpectedly (${message.message}). Open a model again.`);
  }
});

/** @param {string} why */
function stopped(why) {
  playing.value = false;
  trouble.value = why;
}

/** @param {Written} written */
function take(written) {
  text.add(written, facts.value?.row ?? 0);
  version.value += 1;
}

/**
 * Another model, which begins the text anew.
 * @param {WriterSource} from @param {Model} described @param {{ begins?: string, plays?: boolean }} [options]
 */
export async function open(from, described, { begins = beginning.value, plays = true } = {}) {
  playing.value = false;
  trouble.value = "";
  try {
    const worker = await writer_worker();
    const opened = await worker.request("open", { source: from });
    // The numbers of the former model’s text stand at other places.
    batch(() => {
      text.clear();
      chosen.value = null;
      version.value += 1;
      facts.value = opened;
      source.value = from;
      model.value = described;
      beginning.value = begins;
    });
    if ((await begin()) && plays) await play();
  } catch (error) {
    stopped(failure_from(error).message);
  }
}

/** Begins the text anew. @returns {Promise<boolean>} whether the model can read the beginning */
export async function begin() {
  playing.value = false;
  trouble.value = note.value = "";
  const asked = { text: beginning.value, temperature: temperature.value, seed: seed.value };
  return attempt(async (worker) => {
    const written = await worker.request("begin", asked);
    text.clear();
    chosen.value = null;
    note.value = said_of(written.left_out);
    take(written);
  });
}

/** @param {string[]} left_out */
function said_of(left_out) {
  if (left_out.length === 0) return "";
  const named = left_out.slice(0, 8).map((piece) => `“${piece}”`);
  const more = left_out.length > 8 ? ` and ${left_out.length - 8} more` : "";
  return `The model does not know ${named.join(", ")}${more}: left out.`;
}

/** Writes on from the end of the text. */
export async function play() {
  trouble.value = "";
  chosen.value = null;
  playing.value = await attempt((worker) => worker.request("play", { speed: speed.value }));
}

/** Once it has paused, all that it wrote is here. */
export async function pause() {
  await attempt((worker) => worker.request("pause", null));
  playing.value = false;
}

export async function toggle() {
  if (playing.value) await pause();
  else if (facts.value) await play();
}

/** @param {number} ids_per_second */
export async function set_speed(ids_per_second) {
  speed.value = ids_per_second;
  if (playing.value) await attempt((worker) => worker.request("set_speed", { speed: ids_per_second }));
}

/** @param {number} chosen_temperature from the next id on */
export async function set_temperature(chosen_temperature) {
  temperature.value = chosen_temperature;
  if (facts.value)
    await attempt((worker) => worker.request("set_temperature", { temperature: chosen_temperature }));
}

/** One more id. */
export async function write_one() {
  if (playing.value) await pause();
  chosen.value = null;
  await attempt(async (worker) => take(await worker.request("write", { count: 1 })));
}

/** The text up to a position, which is the next to be written. @param {number} at */
export async function rewind(at) {
  await pause();
  await attempt(async (worker) => {
    await worker.request("rewind", { at });
    text.cut(at);
    chosen.value = null;
    version.value += 1;
  });
}

/** The text up to a position, and there another id. @param {number} at @param {number} id */
export async function branch(at, id) {
  await pause();
  await attempt(async (worker) => {
    const written = await worker.request("branch", { at, id });
    text.cut(at);
    chosen.value = null;
    take(written);
  });
}

/** How the id at a position was chosen. @param {number} at */
export async function choice(at) {
  return (await writer_worker()).request("choice", { at });
}

/**
 * Does `work` with the worker; a failure is told.
 * @param {(worker: Awaited<ReturnType<typeof writer_worker>>) => Promise<unknown>} work
 * @returns {Promise<boolean>} whether it was done
 */
export async function attempt(work) {
  try {
    await work(await writer_worker());
    return true;
  } catch (error) {
    stopped(`${failure_from(error).message}.`);
    return false;
  }
}
