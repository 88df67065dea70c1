/**
 * An encoder and a decoder that are trained in a worker of their own: what is chosen, how far they have come, and the
 * answer that is looked at. Runs are kept on this machine (./encoder_decoder_kept.js).
 */
import { batch, computed, signal } from "@preact/signals-core";
import { Remote, failure_from } from "../../engine/rpc.js";
import { count } from "../shared/format.js";
import { keep, kept_run, last_choice } from "./encoder_decoder_kept.js";
import { show_in_step } from "./to_step.js";

/** @typedef {import("../../engine/encoder_decoder_worker.js").EncoderDecoderRequests} Requests */
/** @typedef {import("../../engine/encoder_decoder_worker.js").EncoderDecoderEvent} RunEvent */
/** @typedef {import("../../types/extra.js").Answer} Answer */
/** @typedef {import("../../types/extra.js").EncoderDecoderProgress} Progress */
/** @typedef {import("../../types/extra.js").EncoderDecoderSettings} Settings */
/** @typedef {import("../../types/extra.js").PairTaskFacts} Facts */
/** @typedef {import("../../types/extra.js").Reached} Reached */

export const TASKS = /** @type {const} */ ([
  { name: "reversing", title: "Reversing", about: "6 to 8 letters, the other way round" },
  { name: "adding", title: "Adding", about: "two numbers up to 99" },
  {
    name: "adding_large",
    title: "Adding larger numbers",
    about: "two numbers up to 999; this takes far longer",
  },
  { name: "dates", title: "Dates", about: "a day as people write it, to ISO 8601" },
]);

export const LIMITS = { units: { minimum: 1, maximum: 64 }, seed: { minimum: 0, maximum: 4294967295 } };

/** How often a run that is trained is kept. */
const KEEP_MS = 5000;
/** No call takes longer. */
const SILENCE_MS = 20_000;

export const settings = signal(
  /** @type {Settings} */ ({
    task: "adding",
    attention: "additive",
    cell: "gru",
    units: 64,
    seed: 1,
    learning_rate: 0.01,
  }),
);
export const status = signal(/** @type {"closed" | "opening" | "ready" | "training"} */ ("closed"));
/** Why it cannot go on, in a sentence. */
export const trouble = signal("");
/** Whether this browser keeps runs. */
export const keeps = signal(true);
export const facts = signal(/** @type {Facts | null} */ (null));
export const updates = signal(0);
export const reached = signal(/** @type {Reached[]} */ ([]));
export const answers = signal(/** @type {Answer[]} */ ([]));
/** The loss of every update. @type {number[]} */
export const losses = [];
/** The source whose answer is looked at: one of those that are held out, or the reader's own. */
export const looked_at = signal(/** @type {string | null} */ (null));
/** The answer to the reader's own source. */
export const own = signal(/** @type {Answer | null} */ (null));
/** The character of the answer that is looked at. */
export const row = signal(0);

/** The answer that is looked at. */
export const answer = computed(() => {
  const all = own.value ? [own.value, ...answers.value] : answers.value;
  return all.find(({ source }) => source === looked_at.value) ?? answers.value[0] ?? null;
});

/** The update after which the answers were written, and the share of what is held out that was right then. */
export const standing = signal(/** @type {Reached} */ ({ update: 0, right: 0 }));

/** @type {Remote<Requests> | null} */
let remote = null;
let kept_at = 0;
let opening = 0;

/** @returns {Remote<Requests>} */
function worker() {
  if (remote) return remote;
  const url = new URL("../../engine/encoder_decoder_worker.js", import.meta.url);
  const on_event = (/** @type {RunEvent | { event: "dead", message: string }} */ message) => {
    if (message.event === "progress") return take(message.progress);
    if (message.event === "dead") remote = null;
    status.value = message.event === "dead" ? "closed" : "ready";
    trouble.value = `Training has stopped: ${message.message}. “Train” goes on from what was kept last.`;
  };
  remote = new Remote(new Worker(url, { type: "module", name: "encoder and decoder" }), {
    on_event,
    silence_ms: SILENCE_MS,
  });
  return remote;
}

/** @param {Progress} progress */
function take(progress) {
  batch(() => {
    for (const loss of progress.losses) losses.push(loss);
    updates.value = progress.updates;
    const before = standing.value.update;
    standing.value = progress.standing;
    if (before === progress.standing.update && answers.value.length > 0) return;
    reached.value = progress.reached;
    answers.value = progress.answers;
    if (own.value) void ask(own.value.source);
  });
  if (status.value === "training" && performance.now() - kept_at > KEEP_MS) void save();
}

/** Opens the run of the present choice: the one that is kept, or a new one. */
export async function open() {
  const mine = ++opening;
  status.value = "opening";
  trouble.value = "";
  const last = mine === 1 ? await last_choice() : null;
  if (mine !== opening) return; // Another choice was made meanwhile.
  settings.value = last ?? settings.value;
  const wanted = settings.value;
  try {
    const kept = await kept_run(wanted);
    const opened = await open_with(wanted, kept);
    if (mine !== opening) return;
    batch(() => {
      losses.length = 0;
      answers.value = [];
      own.value = null;
      looked_at.value = null;
      row.value = 0;
      facts.value = opened.facts;
      take(opened.progress);
      status.value = "ready";
    });
  } catch (error) {
    if (mine !== opening) return;
    status.value = "closed";
    trouble.value = `It could not be opened: ${failure_from(error).message}.`;
  }
}

/**
 * What was kept may be damaged, or of another version: then the run begins anew.
 * @param {Settings} wanted @param {Uint8Array | null} kept
 */
async function open_with(wanted, kept) {
  if (kept === null) return worker().request("open", { settings: wanted, kept });
  try {
    return await worker().request("open", { settings: wanted, kept });
  } catch (error) {
    trouble.value = `What was kept of this run could not be used (${failure_from(error).message}): it begins anew.`;
    return worker().request("open", { settings: wanted, kept: null });
  }
}

/** Another choice; the present run is kept. @param {Partial<Settings>} changed */
export async function choose(changed) {
  if (status.value === "training") await pause();
  settings.value = { ...settings.value, ...changed };
  await open();
}

export async function toggle() {
  if (status.value === "training") return pause();
  if (status.value === "closed") await open();
  if (status.value !== "ready") return;
  trouble.value = "";
  await attempt(async () => {
    await worker().request("train", null);
    status.value = "training";
    kept_at = performance.now();
  });
}

export async function pause() {
  await attempt(async () => {
    const progress = await worker().request("pause", null);
    if (status.value === "training") status.value = "ready";
    take(progress);
  });
  await save();
}

/** Begins the run anew; what was kept of it goes. */
export async function restart() {
  await pause();
  keeps.value = await keep(settings.value, null, 0);
  await open();
}

async function save() {
  kept_at = performance.now();
  const of = settings.value;
  await attempt(async () => {
    const { run, updates: made } = await worker().request("save", null);
    if (made > 0) keeps.value = await keep(of, run, made);
  });
}

/** The answer to any source. @param {string} source */
export async function ask(source) {
  await attempt(async () => {
    own.value = await worker().request("ask", { source });
  });
}

/** @param {() => Promise<void>} work */
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    trouble.value = `${failure_from(error).message}.`;
  }
}

/** Takes the decoder to the Step view, where it writes the character that is looked at. */
export async function step_into() {
  const shown = answer.value;
  if (!shown) return;
  if (status.value === "training") await pause();
  await attempt(async () => {
    const steps = Math.min(row.value, shown.written.length - 1) + 1;
    const taken = await worker().request("parts", { source: shown.source, steps });
    show_in_step({
      parts: { ...taken.parts, called: "character", excerpt: { kind: "answer" } },
      listing: taken.listing,
      sizes: taken.listing === null ? "" : `positions:${taken.positions}`,
      target: taken.written,
      title: `of Write: “${shown.source}”`,
      sentence: `the decoder of Write as it answers “${shown.source}”, after ${count(updates.value)} updates`,
      what: "The decoder",
    });
  });
}
