/**
 * Answers what is asked about a model beside its training, with the extra module: one model after the other, each with
 * the weights that it was sent last.
 */
import init, { Analysis } from "../pkg-extra/unrolled_extra.js";
import { compile_extra, once } from "./load.js";
import { Transferred, serve } from "./rpc.js";

/** @typedef {import("../types/extra.js").Experiment} Experiment */
/** @typedef {import("../types/extra.js").Shown} Shown */
/** @typedef {import("../types/extra.js").Trace} Trace */
/** @typedef {import("../types/extra.js").BaselineLine} BaselineLine */
/** @typedef {import("../types/extra.js").FeltRows} FeltRows */
/** @typedef {import("../types/extra.js").Space} Space */
/** @typedef {import("../types/extra.js").SpaceQuestion} SpaceQuestion */
/** @typedef {import("../types/extra.js").Operated} Operated */
/** @typedef {import("../types/extra.js").SurgeryQuestion} SurgeryQuestion */

/**
 * @typedef {object} AnalysisRequests
 * @property {{ argument: { experiment: Experiment, pack: Uint8Array | undefined }, reply: null }} open another model
 * @property {{ argument: { weights: Uint8Array }, reply: null }} take_weights
 * @property {{ argument: { shown: Shown }, reply: Trace }} trace
 * @property {{ argument: { shown: Shown }, reply: import("../types/extra.js").PathNorms[] }} paths
 * @property {{ argument: null, reply: import("../types/extra.js").KernelBlock[] }} kernels
 * @property {{ argument: { shown: Shown }, reply: null }} begin_felt another map of gradients
 * @property {{ argument: { budget_ms: number }, reply: FeltRows }} felt_for some of its rows
 * @property {{ argument: { shown: Shown }, reply: import("../types/extra.js").UnitInfluence[] }} unit_influence
 * @property {{ argument: { shown: Shown }, reply: null }} begin_influence another weighing of the timesteps
 * @property {{ argument: { budget_ms: number }, reply: import("../types/extra.js").InfluenceProgress }} influence_for
 * @property {{ argument: { wanted: import("../types/extra.js").Wanted }, reply: null }} begin_contexts another search
 * @property {{ argument: { budget_ms: number }, reply: import("../types/extra.js").ContextsProgress }} contexts_for
 * @property {{ argument: SpaceQuestion, reply: Space }} space
 * @property {{ argument: SurgeryQuestion, reply: Operated }} operate numbers that are set by hand
 * @property {{ argument: import("../types/extra.js").ExpressionQuestion, reply: import("../types/extra.js").Watched }}
 *   expression a line in the names of a layer
 * @property {{ argument: import("../types/extra.js").PaddingQuestion,
 *   reply: import("../types/extra.js").PaddingPicture }} padding a text in several arrangements
 * @property {{ argument: { key: string, experiment: Experiment, pack: Uint8Array | undefined, run: Uint8Array },
 *   reply: null }} open_run the network of another run beside it, with the weights of its checkpoint
 * @property {{ argument: { key: string, shown: Shown }, reply: Trace }} trace_run
 * @property {{ argument: { budget_ms: number }, reply: BaselineLine[] | null }} baselines_for of the data,
 *   when all are computed
 * @property {{ argument: { budget_ms: number }, reply: import("../types/extra.js").Statistics | null }} statistics_for
 *   of the samples, when all are looked at
 * @property {{ argument: { run: Uint8Array, known: import("../types/extra.js").Known },
 *   reply: import("../types/extra.js").Finding[] }} examine what the doctor's rules find in the run of a checkpoint
 */

/** @type {Analysis | null} */
let analysis = null;

/** Networks of other runs, by their keys: the last ones that were asked for. @type {Map<string, Analysis>} */
const others = new Map();
const MOST_OTHERS = 3;

/** @returns {Analysis} */
function opened() {
  if (!analysis) throw { code: "not_started", message: "no model has been opened" };
  return analysis;
}

/** @param {Trace} traced @returns {Transferable[]} */
function buffers_of(traced) {
  const layers = traced.layers.flatMap((layer) => [
    layer.gradient_norms.buffer,
    ...layer.symbols.map((symbol) => symbol.data.buffer),
  ]);
  return [traced.probabilities.buffer, ...layers];
}

/** A second instance would not know what is held by the first: there is one, whatever asks for it at the same time. */
const engine = once(async () => init({ module_or_path: await compile_extra() }));

/** @type {import("./rpc.js").Handlers<AnalysisRequests>} */
const handlers = {
  async open({ experiment, pack }) {
    await engine();
    analysis?.free();
    analysis = null;
    analysis = new Analysis(experiment, pack);
    return null;
  },
  take_weights({ weights }) {
    opened().take_weights(weights);
    return null;
  },
  trace({ shown }) {
    const traced = /** @type {Trace} */ (opened().trace(shown));
    return new Transferred(traced, buffers_of(traced));
  },
  async open_run({ key, experiment, pack, run }) {
    await engine();
    const other = new Analysis(experiment, pack);
    other.take_weights(run);
    others.get(key)?.free();
    others.delete(key);
    others.set(key, other);
    for (const [oldest, left] of [...others].slice(0, -MOST_OTHERS)) {
      left.free();
      others.delete(oldest);
    }
    return null;
  },
  trace_run({ key, shown }) {
    const other = others.get(key);
    if (!other) throw { code: "not_opened", message: "this run has to be opened again" };
    return /** @type {Trace} */ (other.trace(shown));
  },
  baselines_for: ({ budget_ms }) => opened().baselines_for(budget_ms) ?? null,
  statistics_for: ({ budget_ms }) => opened().statistics_for(budget_ms) ?? null,
  examine: ({ run, known }) => opened().examine(run, known),
  paths: ({ shown }) => opened().paths(shown),
  kernels: () => opened().kernels(),
  begin_felt({ shown }) {
    opened().begin_felt(shown);
    return null;
  },
  felt_for: ({ budget_ms }) => opened().felt_for(budget_ms),
  unit_influence: ({ shown }) => opened().unit_influence(shown),
  begin_influence({ shown }) {
    opened().begin_influence(shown);
    return null;
  },
  influence_for: ({ budget_ms }) => opened().influence_for(budget_ms),
  begin_contexts({ wanted }) {
    opened().begin_contexts(wanted);
    return null;
  },
  contexts_for: ({ budget_ms }) => opened().contexts_for(budget_ms),
  space: (question) => opened().space(question),
  operate: (question) => opened().operate(question),
  padding: (question) => opened().padding(question),
  expression(question) {
    const watched = /** @type {import("../types/extra.js").Watched} */ (opened().expression(question));
    return new Transferred(watched, watched.computed ? [watched.computed.data.buffer] : []);
  },
};

serve(handlers);
