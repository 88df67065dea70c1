/**
 * The lines that a language model wrote while it was trained, each with the weights of its update: how it learns
 * spaces, then words, then commas. Kept on this machine with the run that they belong to.
 */
import { effect, signal, untracked } from "@preact/signals-core";
import { del, get, keys, set } from "idb-keyval";
import { on } from "../shared/connection.js";
import { storage } from "../shared/storage.js";
import { experiment, status, updates } from "../shared/store.js";
import { key_of } from "../train/experiment.js";

/** @typedef {{ step: number, line: string, weights: Uint8Array }} Line */
/** @typedef {{ version: 1, lines: Line[], saved_at: number }} KeptLines */

/** So many lines of a run are kept, fewer where its weights are large. */
const MOST = 60;
const FEWEST = 4;
const MOST_BYTES = 32_000_000;
/** The lines of so many runs are kept. */
const RUNS = 3;

/** The oldest first. */
export const lines = signal(/** @type {Line[]} */ ([]));
/** The run that they belong to. */
let run = "";

const files = storage("unrolled-lines", "runs");

on("line", ({ run: of, step, line, weights }) => {
  if (of !== run) return;
  const before = lines.value.filter((known) => known.step < step);
  lines.value = thinned([...before, { step, line, weights }]);
});

/**
 * Where there are too many, every second one of the older half is left out: the first and the newest stay.
 * @param {Line[]} all @returns {Line[]}
 */
export function thinned(all) {
  const size = Math.max(1, all.at(-1)?.weights.byteLength ?? 1);
  const most = Math.max(FEWEST, Math.min(MOST, Math.floor(MOST_BYTES / size)));
  if (all.length <= most) return all;
  const older = Math.ceil(all.length / 2);
  return all.filter((_, k) => k >= older || k % 2 === 0).slice(-most);
}

async function keep() {
  if (lines.value.length === 0) return;
  try {
    /** @type {KeptLines} */
    const kept = { version: 1, lines: lines.value, saved_at: Date.now() };
    await set(run, kept, await files());
    const known = await keys(await files());
    if (known.length <= RUNS) return;
    const all = await Promise.all(
      known.map(async (key) => ({ key, saved_at: (await get(key, await files()))?.saved_at ?? 0 })),
    );
    all.sort((one, other) => other.saved_at - one.saved_at);
    for (const { key } of all.slice(RUNS)) await del(key, await files());
  } catch (error) {
    console.info("The lines could not be kept on this machine:", error);
  }
}

/** Another run has other lines; those after the update at which it stands were made by one that was left. */
effect(() => {
  const key = key_of(experiment.value);
  const ready = status.value === "ready";
  untracked(() => {
    if (key !== run) {
      run = key;
      lines.value = [];
      void bring(key);
    } else if (ready) {
      if (updates.value === 0) lines.value = [];
      else void keep();
    }
  });
});

/** @param {string} key */
async function bring(key) {
  const kept = /** @type {KeptLines | undefined} */ (
    await files()
      .then((open) => get(key, open))
      .catch(() => undefined)
  );
  if (key !== run || kept?.version !== 1 || lines.value.length > 0) return;
  lines.value = kept.lines;
}
