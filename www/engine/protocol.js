/**
 * What crosses between the page and the engine's worker.
 *
 * The types of the engine's own structures are generated from Rust. Arrays are typed arrays and are transferred, so
 * they belong to the receiver.
 */

/** @typedef {import("../types/engine.js").ClassCounts} ClassCounts */
/** @typedef {import("../types/engine.js").DatasetInfo} DatasetInfo */
/** @typedef {import("../types/engine.js").Experiment} Experiment */
/** @typedef {import("../types/engine.js").Failure} Failure */
/** @typedef {import("../types/engine.js").Mistakes} Mistakes */
/** @typedef {import("../types/engine.js").Pace} Pace */
/** @typedef {import("../types/engine.js").Parts} Parts */
/** @typedef {import("../types/engine.js").Report} Report */
/** @typedef {import("../types/engine.js").Sample} Sample */
/** @typedef {import("../types/engine.js").SetUp} SetUp */
/** @typedef {import("../types/engine.js").SlowUpdate} SlowUpdate */
/** @typedef {import("../types/engine.js").Subset} Subset */
/** @typedef {import("../types/engine.js").Tick} Tick */

/** @typedef {import("../types/engine.js").Trace & { step?: number }} Trace with the training step of the weights */
/** @typedef {Parts & { step: number }} SteppingParts with the training step of the weights */

/**
 * A language model in training writes a line now and then: what it adds to `text`.
 * @typedef {{ every: number, text: string, length: number, temperature: number, seed: number }} Lines `every`: after so
 *   many updates
 */

/**
 * @typedef {object} Requests Name of a request to its argument and its reply.
 * @property {{ argument: { module: WebAssembly.Module, workers?: number }, reply: null }} start `workers`: at most,
 *   in place of what the machine has room for
 * @property {{ argument: { bytes: Uint8Array }, reply: DatasetInfo }} load_dataset
 * @property {{ argument: { experiment: Experiment, run: string, texts?: [string, string][] }, reply: SetUp }} set_up
 *   `run` names the run in its checkpoints, `texts` are those of the project's cells that the experiment names
 * @property {{ argument: { bytes: Uint8Array }, reply: { step: number } }} restore
 * @property {{ argument: { bytes: Uint8Array }, reply: null }} start_from these weights, at update 0
 * @property {{ argument: null, reply: { bytes: Uint8Array, step: number } }} checkpoint of the run as it is
 * @property {{ argument: null, reply: { bytes: Uint8Array, step: number } }} weights of the run as it is, and no more
 * @property {{ argument: { until_step: number, steps_per_second: number, lines?: Lines }, reply: null }} train
 * @property {{ argument: null, reply: { step: number } }} pause
 * @property {{ argument: null, reply: null }} step_once
 * @property {{ argument: null, reply: SlowUpdate }} slow_update one step and what happened in it
 * @property {{ argument: null, reply: Tick[] }} examine what a tutorial printed, beside what it is here
 * @property {{ argument: { fresh: boolean }, reply: Mistakes | null }} mistakes of the last evaluation; `fresh`: of the
 *   model as it is, unless training begins before all samples are predicted
 * @property {{ argument: { learning_rate: number }, reply: { step: number } }} set_learning_rate `step`: the updates
 *   that were made before it
 * @property {{ argument: { steps_per_second: number }, reply: null }} set_speed
 * @property {{ argument: null, reply: { step: number } }} reset
 * @property {{ argument: { text: string }, reply: Trace }} watch trace this text now and whenever training
 *   pauses
 * @property {{ argument: null, reply: null }} unwatch
 * @property {{ argument: { subset: Subset, index: number }, reply: Sample }} sample
 * @property {{ argument: null, reply: ClassCounts }} class_counts
 * @property {{ argument: null, reply: string }} weights_hash the same for the same weights, bit for bit
 * @property {{ argument: { text: string }, reply: SteppingParts }} stepping_parts the network taken apart, for the
 *   Step view
 */

/**
 * @typedef {{ event: "progress", report: Report, pace: Pace | null }
 *   | { event: "trace", trace: Trace }
 *   | { event: "paused", step: number, reason: "asked" | "reached" }
 *   | { event: "checkpoint", run: string, bytes: Uint8Array, step: number }
 *   | { event: "line", run: string, step: number, line: string, weights: Uint8Array }
 *   | { event: "failed", failure: Failure }
 *   | { event: "dead", message: string }} EventMessage
 */

/** Steps a second that means: as fast as this machine can. */
export const FULL_SPEED = 0;

/** Progress is reported at most this often. */
export const PROGRESS_INTERVAL_MS = 1000 / 15;

/** One call of the engine takes about this long, and at least one step, before messages are looked at again. */
export const BUDGET_MS = 12;

/** The first checkpoint of a training that has begun comes this soon. */
export const FIRST_CHECKPOINT_MS = 250;

/** While training runs a checkpoint is handed to the page at least this often; a small one more often. */
export const CHECKPOINT_INTERVAL_MS = 3000;

/** Small checkpoints come as often as they make so many bytes a second, and once a second at most. */
export const CHECKPOINT_BYTES_PER_SECOND = 2e6;
