/**
 * What the doctor's rules find in the present run: they look at it when training pauses. The engine judges; here it is
 * asked, and what a rule proposes is begun.
 */
import { effect, signal, untracked } from "@preact/signals-core";
import { failure_from } from "../../engine/rpc.js";
import { comparable } from "../runs/earlier.js";
import * as store from "../shared/store.js";
import { engine } from "../shared/connection.js";
import { ending } from "../train/ending.js";
import { baseline_lines } from "../train/insight.js";
import { put } from "../train/model.js";
import { train } from "../train/training.js";
import { analysis_now } from "./analysis.js";

/** @typedef {import("../../types/extra.js").Finding} Finding */
/** @typedef {import("../../types/extra.js").Statistics} Statistics */

/** Fewer updates are no course that could be judged. */
const LEAST_UPDATES = 20;

/** Longest that the worker is busy at a stretch. */
const SLICE_MS = 40;

/**
 * What was found, after which update; nothing before the first look.
 * @type {import("@preact/signals-core").Signal<{ step: number, findings: Finding[] } | null>}
 */
export const examined = signal(null);

/** @type {import("@preact/signals-core").Signal<{ step: number, found: Statistics } | null>} */
export const statistics = signal(null);

export const looking = signal(false);

/** Why nothing could be found. */
export const refused = signal("");

let present = 0;

/** Another network: what was found is not about it. */
effect(() => {
  void store.setup.value;
  present += 1;
  examined.value = statistics.value = null;
  refused.value = "";
});

/** When training pauses the rules look at the run. */
effect(() => {
  if (ending.value !== "") untracked(() => store.updates.value >= LEAST_UPDATES && void examine_now());
});

/** Gathers statistics of the present weights, in parts between which others are answered. */
export async function gather_now() {
  const mine = ++present;
  await look(async () => {
    const { analysis, step } = await analysis_now();
    for (;;) {
      const found = await analysis.request("statistics_for", { budget_ms: SLICE_MS });
      if (mine !== present) return;
      if (found) return void (statistics.value = { step, found });
    }
  });
}

/** Lets the rules look at the run as it is now. */
export async function examine_now() {
  await gather_now();
  if (statistics.value === null) return;
  const mine = present;
  await look(async () => {
    const { bytes, step } = await (await engine()).request("checkpoint", null);
    const { analysis } = await analysis_now();
    const bag = baseline_lines.value.find(({ name }) => name === "bag of words")?.accuracy ?? undefined;
    const known = { bag_of_words: bag, compared: comparable(store.experiment.value).length + 1 };
    const findings = await analysis.request("examine", { run: bytes, known }, [bytes.buffer]);
    if (mine === present) examined.value = { step, findings };
  });
}

/** @param {() => Promise<void>} work */
async function look(work) {
  looking.value = true;
  refused.value = "";
  try {
    await work();
  } catch (error) {
    const { code, message } = failure_from(error);
    if (code !== "worker_dead") refused.value = message;
  }
  looking.value = false;
}

/** Begins the experiment that tests a finding, and trains it. @param {import("../../types/extra.js").Remedy} remedy */
export async function try_remedy({ experiment }) {
  await put(experiment);
  if (store.status.value === "ready") await train();
}
