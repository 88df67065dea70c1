/**
 * What crosses between the page and the engine's worker.
 *
 * Arrays are typed arrays and are transferred, so they belong to the receiver. Every request has exactly one
 * reply with the same `id`; events have none. Messages never carry functions or DOM objects.
 */

/**
 * @typedef {{ code: string, message: string }} Failure What went wrong: a code for the page, a sentence for the
 *   reader.
 */

/**
 * @typedef {object} DatasetInfo
 * @property {string} name
 * @property {string} title
 * @property {"binary" | "classes"} task
 * @property {string[]} class_names
 * @property {number} vocabulary_size
 * @property {number} train number of training examples
 * @property {number} test number of examples kept for validation
 * @property {Record<string, unknown>} provenance
 */

/** @typedef {import("../state/train/settings.js").ExperimentDocument} ExperimentDocument */

/** @typedef {{ name: string, class_name: string, output_shape: (number | null)[], params: number }} LayerSummary */

/**
 * @typedef {object} SetUp
 * @property {{ layers: LayerSummary[], total: number, trainable: number }} summary
 * @property {number} steps_per_epoch
 * @property {number} train
 * @property {number} validation
 * @property {{ label: string, accuracy: number } | null} baseline always giving the most frequent answer; null where
 *   answers are numbers
 * @property {string} backend
 */

/** @typedef {{ step: number, epoch: number, loss: number, accuracy: number }} Validation */

/**
 * @typedef {object} Report
 * @property {number} step optimizer steps made since the start of the run
 * @property {number} epoch
 * @property {number} epoch_position 0 to 1
 * @property {number} first_step step number of the first entry of `losses`
 * @property {Float32Array} losses `[steps since the last report]`, each before its update
 * @property {Float32Array} accuracies `[steps since the last report]`
 * @property {Validation[]} validation
 * @property {number} seconds time spent in training
 * @property {boolean} finished the steps asked for are made, and so is the evaluation behind them
 */

/** @typedef {{ text: string, id: number, known: boolean, kept: boolean }} Token */

/**
 * @typedef {{ name: string, data: Float32Array, minimum: number, maximum: number }} SymbolTrace `data` is
 *   `[timesteps × units]`
 */

/**
 * @typedef {{ name: string, class_name: string, units: number, symbols: SymbolTrace[],
 *   gradient_norms?: Float32Array }} LayerTrace
 * `gradient_norms` is `[timesteps]`: how strongly the prediction depends on the hidden state after each word
 */

/**
 * @typedef {object} Trace
 * @property {Token[]} tokens
 * @property {Float32Array} probabilities `[kept words × classes]`, or `[kept words]` for a single output: the
 *   prediction after each word
 * @property {string[]} classes
 * @property {LayerTrace[]} layers
 * @property {string} [note]
 * @property {number} [step] training step of the weights
 */

/**
 * @typedef {object} SteppingParts
 * @property {string} class_name
 * @property {number} units
 * @property {string[]} words
 * @property {boolean[]} known
 * @property {number[]} x `[words × features]`
 * @property {[string, number[]][]} weights by the listing's names
 * @property {[string, number[]][]} initial states before the first word
 * @property {[number[], number[]]} output kernel and bias of the last layer
 * @property {number} step
 */

/**
 * @typedef {object} Requests Name of a request to its argument and its reply.
 * @property {{ argument: { module: WebAssembly.Module, workers?: number }, reply: null }} start `workers`: at most,
 *   in place of what the machine has room for
 * @property {{ argument: { bytes: Uint8Array }, reply: DatasetInfo }} load_dataset
 * @property {{ argument: { experiment: ExperimentDocument, run: string }, reply: SetUp }} set_up `run` names the run in
 *   its checkpoints
 * @property {{ argument: { bytes: Uint8Array }, reply: { step: number } }} restore
 * @property {{ argument: { until_step: number, steps_per_second: number }, reply: null }} train
 * @property {{ argument: null, reply: { step: number } }} pause
 * @property {{ argument: null, reply: null }} step_once
 * @property {{ argument: { learning_rate: number }, reply: null }} set_learning_rate
 * @property {{ argument: { steps_per_second: number }, reply: null }} set_speed
 * @property {{ argument: null, reply: { step: number } }} reset
 * @property {{ argument: { text: string }, reply: Trace }} watch trace this text now and again while training runs
 * @property {{ argument: null, reply: null }} unwatch
 * @property {{ argument: { text: string }, reply: SteppingParts }} stepping_parts the network taken apart, for the
 *   Step view
 */

/** @typedef {{ id: number, name: keyof Requests, argument: unknown }} RequestMessage */
/** @typedef {{ id: number, value: unknown } | { id: number, failure: Failure }} ReplyMessage */

/**
 * @typedef {{ event: "progress", report: Report }
 *   | { event: "trace", trace: Trace }
 *   | { event: "paused", step: number, reason: "asked" | "reached" }
 *   | { event: "checkpoint", run: string, bytes: Uint8Array, step: number }
 *   | { event: "failed", failure: Failure }
 *   | { event: "dead", message: string }} EventMessage
 */

/** Steps a second that means: as fast as this machine can. */
export const FULL_SPEED = 0;

/** Progress is reported at most this often. */
export const PROGRESS_INTERVAL_MS = 1000 / 15;

/** One call of the engine takes about this long, and at least one step, before messages are looked at again. */
export const BUDGET_MS = 12;

/** A watched text is traced again at most this often while training runs. */
export const TRACE_INTERVAL_MS = 140;

/** While training runs a checkpoint is handed to the page this often. */
export const CHECKPOINT_INTERVAL_MS = 3000;

/**
 * Any thrown thing as a failure with a sentence.
 * @param {unknown} thrown
 * @returns {Failure}
 */
export function failure_from(thrown) {
  if (typeof thrown === "object" && thrown !== null) {
    const { code, message } = /** @type {{ code?: unknown, message?: unknown }} */ (thrown);
    return { code: typeof code === "string" ? code : "unexpected", message: String(message ?? thrown) };
  }
  return { code: "unexpected", message: String(thrown) };
}
