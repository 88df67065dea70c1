/**
 * What is known of the run besides its curves: pace, baselines, the tutorial's figures, mistakes, one update in slow
 * motion. All of it is computed by the engine; here it is asked for when it may have changed.
 */
import { effect, signal, untracked } from "@preact/signals-core";
import * as store from "../shared/store.js";
import { attempt } from "../shared/connection.js";

/** @typedef {import("../../types/engine.js").Pace} Pace */
/** @typedef {import("../../types/engine.js").SlowUpdate} SlowUpdate */

/** Longest that the other worker is busy at a stretch. */
const SLICE_MS = 40;

/** How fast the run goes and where the present leg ends; nothing before the first leg. */
export const pace = signal(/** @type {{ pace: Pace | null, until: number } | null} */ (null));

/** @type {import("@preact/signals-core").Signal<import("../../types/extra.js").BaselineLine[]>} */
const baselines = signal([]);
export { baselines as baseline_lines };

/** @type {import("@preact/signals-core").Signal<import("../../types/engine.js").Tick[]>} */
export const ticks = signal([]);

/** @type {import("@preact/signals-core").Signal<import("../../types/engine.js").Mistakes | null>} */
export const mistakes = signal(null);

/** Whether the validation samples are being predicted. */
export const judging = signal(false);

/** The update in slow motion and the phase that is shown. */
export const slow = signal(/** @type {{ update: SlowUpdate, at: number } | null} */ (null));

/** @param {Pace | null} known @param {number} [until] the update at the end of the leg */
export function note_pace(known, until = pace.value?.until ?? 0) {
  pace.value = { pace: known ?? pace.value?.pace ?? null, until };
}

/** @param {SlowUpdate} update */
export function play(update) {
  slow.value = { update, at: 0 };
}

export function forget_slow() {
  slow.value = null;
}

/** Another phase of the same update. @param {number} at */
export function show_phase(at) {
  const shown = slow.value;
  if (shown) slow.value = { ...shown, at: Math.max(0, Math.min(shown.update.phases.length - 1, at)) };
}

/** Predicts the validation samples with the network as it is now. */
export async function judge_now() {
  judging.value = true;
  await attempt(async (engine) => {
    mistakes.value = await engine.request("mistakes", { fresh: true });
  });
  judging.value = false;
}

/** Another network: nothing is known of it but what its tutorial printed and what simple means reach. */
effect(() => {
  const setup = store.setup.value;
  pace.value = null;
  baselines.value = [];
  ticks.value = [];
  mistakes.value = null;
  slow.value = null;
  if (setup) untracked(() => void ask_of_data(setup));
});

/** @param {import("../../types/engine.js").SetUp} setup */
async function ask_of_data(setup) {
  await attempt(async (engine) => {
    ticks.value = await engine.request("examine", null);
  });
  const found = await baselines_of_data().catch((error) => {
    console.info("The baselines of these data could not be computed:", error);
    return [];
  });
  if (store.setup.value === setup) baselines.value = apart(found, setup);
}

/** In the other worker, so that training does not wait for them. */
async function baselines_of_data() {
  const { analysis_now } = await import("../watch/analysis.js");
  const { analysis } = await analysis_now();
  for (;;) {
    const lines = await analysis.request("baselines_for", { budget_ms: SLICE_MS });
    if (lines) return lines;
  }
}

/**
 * Lines that a chart can tell apart from that of guessing.
 * @param {import("../../types/extra.js").BaselineLine[]} found
 * @param {import("../../types/engine.js").SetUp} setup
 */
function apart(found, setup) {
  /** @param {number | null} value @param {number | null | undefined} guess */
  const beside = (value, guess) =>
    value !== null && guess !== null && guess !== undefined && Math.abs(value - guess) < 0.02 * guess
      ? null
      : value;
  return found.map((line) => ({
    ...line,
    loss: beside(line.loss, setup.guessing_loss),
    accuracy: beside(line.accuracy, setup.baseline?.accuracy),
  }));
}

let seen = 0;
/** Every evaluation brings results to compare, and mistakes. */
effect(() => {
  void store.reports.value;
  const count = store.history.value.validation.length;
  if (count === seen) return;
  seen = count;
  if (count > 0) untracked(() => void ask_of_evaluation());
});

async function ask_of_evaluation() {
  await attempt(async (engine) => {
    ticks.value = await engine.request("examine", null);
    mistakes.value = await engine.request("mistakes", { fresh: false });
  });
}
