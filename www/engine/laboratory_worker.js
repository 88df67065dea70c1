/**
 * The worker of the laboratory: how a language model chooses what comes next, and which of its units follow something.
 */
import init, {
  Following,
  Laboratory,
  provide_cell_text,
  ready_patterns,
} from "../pkg-extra/unrolled_extra.js";
import { compile_extra, once } from "./load.js";
import { serve } from "./rpc.js";

/** @typedef {import("../types/extra.js").Beginning} Beginning */
/** @typedef {import("../types/extra.js").Branch} Branch */
/** @typedef {import("../types/extra.js").ChoiceTable} ChoiceTable */
/** @typedef {import("../types/extra.js").Drawn} Drawn */
/** @typedef {import("../types/extra.js").Experiment} Experiment */
/** @typedef {import("../types/extra.js").Followers} Followers */
/** @typedef {import("../types/extra.js").FollowingProgress} FollowingProgress */
/** @typedef {import("../types/extra.js").Passage} Passage */
/** @typedef {import("../types/extra.js").ReadyPattern} ReadyPattern */
/** @typedef {import("../types/extra.js").SamplingRule} SamplingRule */
/** @typedef {import("./writer_worker.js").WriterSource} WriterSource */

/** @typedef {{ ready: string | undefined, expression: string }} Pattern a ready one, or else a regular expression */

/**
 * @typedef {object} LaboratoryRequests
 * @property {{ argument: { source: WriterSource }, reply: null }} open another model
 * @property {{ argument: { text: string, seed: number }, reply: Beginning }} begin a new tree
 * @property {{ argument: { node: number, rule: SamplingRule, number: number | undefined, most: number,
 *   always: number[] }, reply: ChoiceTable }} choice of what comes after a node
 * @property {{ argument: { node: number, count: number, rule: SamplingRule }, reply: Drawn[] }} write after a node
 * @property {{ argument: { node: number, token: number, rule: SamplingRule }, reply: Drawn }} take a token
 * @property {{ argument: { node: number, rule: SamplingRule }, reply: Drawn[] }} path from the beginning to a node
 * @property {{ argument: null, reply: Branch[] }} branches
 * @property {{ argument: null, reply: ReadyPattern[] }} patterns
 * @property {{ argument: { source: WriterSource, pack: Uint8Array | undefined }, reply: null }} follow: units of this
 *   model; `pack` is the text that a model in a file of its own was trained with
 * @property {{ argument: { budget_ms: number }, reply: FollowingProgress }} read_for
 * @property {{ argument: Pattern, reply: Followers }} followers
 * @property {{ argument: Pattern & { place: number, largest: boolean }, reply: Passage[] }} passages
 */

/** @type {Laboratory | null} */
let laboratory = null;
/** @type {Following | null} */
let following = null;

/** @returns {Laboratory} */
function opened() {
  if (!laboratory) throw { code: "not_started", message: "no language model has been opened" };
  return laboratory;
}

/** @returns {Following} */
function reading() {
  if (!following) throw { code: "not_started", message: "no language model reads" };
  return following;
}

/** A second instance would not know what is held by the first: there is one, whatever asks for it at the same time. */
const start = once(async () => init({ module_or_path: await compile_extra() }));

/** @param {WriterSource} source */
async function start_with(source) {
  await start();
  if ("texts" in source) for (const [name, text] of source.texts) provide_cell_text(name, text);
}

/** @type {import("./rpc.js").Handlers<LaboratoryRequests>} */
const handlers = {
  async open({ source }) {
    await start_with(source);
    const made =
      "file" in source
        ? Laboratory.of_file(source.file)
        : new Laboratory(source.experiment, source.pack, source.weights ?? undefined);
    laboratory?.free();
    laboratory = made;
    return null;
  },
  begin: ({ text, seed }) => opened().begin(text, seed),
  choice: ({ node, rule, number, most, always }) =>
    opened().choice(node, rule, number, most, new Uint32Array(always)),
  write: ({ node, count, rule }) => opened().write(node, count, rule),
  take: ({ node, token, rule }) => opened().take(node, token, rule),
  path: ({ node, rule }) => opened().path(node, rule),
  branches: () => opened().branches(),
  async patterns() {
    await start();
    return ready_patterns();
  },
  async follow({ source, pack }) {
    await start_with(source);
    const made =
      "file" in source
        ? Following.of_file(source.file, pack)
        : new Following(source.experiment, source.pack, source.weights ?? undefined);
    following?.free();
    following = made;
    return null;
  },
  read_for: ({ budget_ms }) => reading().read_for(budget_ms),
  followers: ({ ready, expression }) => reading().followers(ready, expression),
  passages: ({ place, ready, expression, largest }) => reading().passages(place, ready, expression, largest),
};

serve(handlers);
