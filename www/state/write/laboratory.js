/**
 * The laboratory of the language model that writes: how one token is chosen, the same text at three temperatures, and
 * a tree of texts in which one can walk.
 */
import { computed, effect, signal } from "@preact/signals-core";
import { Remote, failure_from } from "../../engine/rpc.js";
import * as writer from "./writer.js";

/** @typedef {import("../../engine/laboratory_worker.js").LaboratoryRequests} LaboratoryRequests */
/** @typedef {import("../../types/extra.js").Beginning} Beginning */
/** @typedef {import("../../types/extra.js").Branch} Branch */
/** @typedef {import("../../types/extra.js").ChoiceTable} ChoiceTable */
/** @typedef {import("../../types/extra.js").Drawn} Drawn */
/** @typedef {import("../../types/extra.js").SamplingRule} SamplingRule */

/** @typedef {{ temperature: number, greedy: boolean, top_k: number | null, top_p: number | null }} Rule */

/** What can be chosen. */
export const LIMITS = { temperature: { minimum: 0.05, maximum: 10 }, write: 40 };

/** The temperatures of tutorial 002. */
export const TEMPERATURES = [0.1, 1, 10];

/** The likeliest tokens that stand in the table by themselves. */
const ROWS = 12;

export const rule = signal(/** @type {Rule} */ ({ temperature: 1, greedy: false, top_k: null, top_p: null }));
/** The random number that a reader has set in place of the one that belongs to the place; null: that one. */
export const own_number = signal(/** @type {number | null} */ (null));
/** What the tree begins with, as the model reads it; null before it is there. */
export const begun = signal(/** @type {Beginning | null} */ (null));
/** The node in the tree after which a token is chosen; 0 is the beginning. */
export const node = signal(0);
/** From the beginning to that node. */
export const path = signal(/** @type {Drawn[]} */ ([]));
/** The choice of what comes after it. */
export const table = signal(/** @type {ChoiceTable | null} */ (null));
export const branches = signal(/** @type {Branch[]} */ ([]));
/** The three texts. */
export const columns = signal(/** @type {{ temperature: number, written: Drawn[] }[]} */ ([]));
export const trouble = signal("");
/** Whether something is being computed that takes a while. */
export const busy = signal(false);

/** What the model writes: `character` or `word`. */
export const unit = computed(() => (begun.value?.characters === false ? "word" : "character"));

/** @type {Remote<LaboratoryRequests> | null} */
let remote = null;
/** The model that the worker has. */
let opened = /** @type {import("./writer.js").Source | null} */ (null);

/** The worker, started if there is none. @returns {Remote<LaboratoryRequests>} */
export function laboratory_worker() {
  if (remote) return remote;
  const url = new URL("../../engine/laboratory_worker.js", import.meta.url);
  const on_event = (/** @type {{ event: string }} */ message) => {
    if (message.event === "dead") remote = opened = null;
  };
  remote = new Remote(new Worker(url, { type: "module", name: "laboratory" }), { on_event });
  return remote;
}

/**
 * Does `work` with the worker; a failure is told.
 * @param {(worker: Remote<LaboratoryRequests>) => Promise<unknown>} work
 * @returns {Promise<boolean>} whether it was done
 */
async function attempt(work) {
  trouble.value = "";
  busy.value = true;
  try {
    await work(laboratory_worker());
    return true;
  } catch (error) {
    trouble.value = `${failure_from(error).message}.`;
    return false;
  } finally {
    busy.value = false;
  }
}

/** A rule as the engine takes it. @param {Rule} chosen @returns {SamplingRule} */
function asked(chosen) {
  const { temperature, greedy, top_k, top_p } = chosen;
  return { temperature, greedy, top_k: top_k ?? undefined, top_p: top_p ?? undefined };
}

/** A new tree, which begins with a text, and the three texts that follow it. @param {string} text */
export async function begin(text) {
  const source = writer.source.value;
  if (!source) return;
  await attempt(async (worker) => {
    if (opened !== source) await worker.request("open", { source });
    opened = source;
    const beginning = await worker.request("begin", { text, seed: writer.seed.peek() });
    columns.value = [];
    own_number.value = null;
    node.value = 0;
    begun.value = beginning;
    await refresh(worker);
    for (const temperature of TEMPERATURES) {
      const of_column = { temperature, greedy: false, top_k: null, top_p: null };
      const count = LIMITS.write;
      const written = await worker.request("write", { node: 0, count, rule: asked(of_column) });
      columns.value = [...columns.value, { temperature, written }];
    }
    branches.value = await worker.request("branches", null);
  });
}

/** What is shown of the present node. @param {Remote<LaboratoryRequests>} worker */
async function refresh(worker) {
  const present = asked(rule.peek());
  const at = node.peek();
  path.value = await worker.request("path", { node: at, rule: present });
  const number = own_number.peek() ?? undefined;
  table.value = await worker.request("choice", { node: at, rule: present, number, most: ROWS, always: [] });
}

/** Changes how tokens are chosen. @param {Partial<Rule>} change */
export async function set_rule(change) {
  rule.value = { ...rule.value, ...change };
  if (begun.value) await attempt(refresh);
}

/** Puts another number in the place of the random one; null: that of the place. @param {number | null} number */
export async function set_number(number) {
  own_number.value = number;
  if (begun.value) await attempt(refresh);
}

/** Looks at another node. @param {number} to @param {Partial<Rule>} [by] the rule that it was written by */
export async function walk(to, by = {}) {
  node.value = to;
  own_number.value = null;
  rule.value = { ...rule.value, ...by };
  await attempt(refresh);
}

/** Takes a token after the present node: the text branches there. @param {number} token */
export async function take(token) {
  await attempt(async (worker) => {
    const taken = await worker.request("take", { node: node.value, token, rule: asked(rule.value) });
    await arrive(worker, taken.node);
  });
}

/** Writes on from the present node. @param {number} count */
export async function write(count) {
  await attempt(async (worker) => {
    const argument = { node: node.value, count, rule: asked(rule.value) };
    const written = await worker.request("write", argument);
    await arrive(worker, written[written.length - 1].node);
  });
}

/** @param {Remote<LaboratoryRequests>} worker @param {number} at */
async function arrive(worker, at) {
  node.value = at;
  own_number.value = null;
  branches.value = await worker.request("branches", null);
  await refresh(worker);
}

/** One token back. */
export async function back() {
  const last = path.value.at(-1);
  if (last) await walk(last.parent);
}

/** One token forth, along the branch that was written first. */
export async function forth() {
  const next = successors(node.value)[0];
  if (next !== undefined) await walk(next);
}

/** What has been written after a node. @param {number} of @returns {number[]} */
export function successors(of) {
  const all = branches.value;
  const found = all.findIndex(({ nodes }) => nodes.includes(of));
  if (found >= 0) {
    const next = all[found].nodes[all[found].nodes.indexOf(of) + 1];
    if (next !== undefined) return [next];
  }
  const parent = found >= 0 ? found : null;
  return all
    .filter((branch) => branch.parent === parent && (of === 0 || found >= 0))
    .map(({ nodes }) => nodes[0]);
}

/** The branch that the present node lies in; -1 at the beginning. */
export const present_branch = computed(() =>
  branches.value.findIndex(({ nodes }) => nodes.includes(node.value)),
);

/** Another model or other weights: what was computed with the former is gone. */
effect(() => {
  void writer.source.value;
  begun.value = table.value = null;
  columns.value = [];
  branches.value = [];
  path.value = [];
  trouble.value = "";
});
