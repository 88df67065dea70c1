/**
 * Which units of the language model that writes follow something in a text: a ready pattern, or one's own regular
 * expression.
 */
import { effect, signal } from "@preact/signals-core";
import { failure_from } from "../../engine/rpc.js";
import { laboratory_worker } from "./laboratory.js";
import { pack_of_set } from "./pack.js";
import * as writer from "./writer.js";

/** @typedef {import("../../engine/laboratory_worker.js").Pattern} Pattern */
/** @typedef {import("../../types/extra.js").Follower} Follower */
/** @typedef {import("../../types/extra.js").Followers} Followers */
/** @typedef {import("../../types/extra.js").FollowingProgress} FollowingProgress */
/** @typedef {import("../../types/extra.js").Passage} Passage */
/** @typedef {import("../../types/extra.js").ReadyPattern} ReadyPattern */

/** How long one slice of reading takes. */
const BUDGET_MS = 40;

/** The ready patterns; empty before the worker has been asked. */
export const patterns = signal(/** @type {ReadyPattern[]} */ ([]));
/** The name of the ready pattern; empty for the expression. */
export const ready = signal("");
export const expression = signal("[aeiou]");
/** How far the text is read; null before reading has begun. */
export const progress = signal(/** @type {FollowingProgress | null} */ (null));
/** What follows, and what was looked for. */
export const found = signal(/** @type {{ pattern: Pattern, followers: Followers } | null} */ (null));
/** The unit whose passages are shown. */
export const shown = signal(
  /** @type {{ follower: Follower, largest: boolean, passages: Passage[] } | null} */ (null),
);
export const trouble = signal("");

/** The search that is under way; a later one takes its place. */
let run = 0;
/** The model whose reading the worker has. */
let read_of = /** @type {import("./writer.js").Source | null} */ (null);

/** @returns {Pattern} */
function asked() {
  return { ready: ready.value === "" ? undefined : ready.value, expression: expression.value };
}

/** Reads the text if that has not been done, then looks for the pattern. */
export async function search() {
  const source = writer.source.value;
  if (!source) return;
  const own = ++run;
  trouble.value = "";
  try {
    const worker = laboratory_worker();
    if (read_of !== source) {
      progress.value = null;
      const pack = "file" in source ? await pack_of_set() : undefined;
      await worker.request("follow", { source, pack });
      if (patterns.value.length === 0) patterns.value = await worker.request("patterns", null);
      read_of = source;
    }
    let reading = await worker.request("read_for", { budget_ms: BUDGET_MS });
    while (own === run && reading.done < reading.all) {
      progress.value = reading;
      reading = await worker.request("read_for", { budget_ms: BUDGET_MS });
    }
    if (own !== run) return;
    progress.value = reading;
    const pattern = asked();
    const followers = await worker.request("followers", pattern);
    if (own !== run) return;
    found.value = { pattern, followers };
    shown.value = null;
    if (followers.units.length > 0) await show(followers.units[0], followers.units[0].correlation > 0);
  } catch (error) {
    if (own !== run) return;
    found.value = shown.value = null;
    trouble.value = `${failure_from(error).message}.`;
  }
}

/** Where a unit is largest, or smallest. @param {Follower} follower @param {boolean} largest */
export async function show(follower, largest) {
  const pattern = found.value?.pattern;
  if (!pattern) return;
  const own = run;
  try {
    const { place } = follower;
    const passages = await laboratory_worker().request("passages", { ...pattern, place, largest });
    if (own === run) shown.value = { follower, largest, passages };
  } catch (error) {
    trouble.value = `${failure_from(error).message}.`;
  }
}

/** Looks for a ready pattern, or for the expression where the name is empty. @param {string} name */
export async function choose(name) {
  ready.value = name;
  await search();
}

/** @param {string} typed */
export async function choose_expression(typed) {
  expression.value = typed;
  await choose("");
}

/** Another model follows other things. */
effect(() => {
  void writer.source.value;
  run += 1;
  progress.value = null;
  found.value = shown.value = null;
  trouble.value = "";
});
