/** One unit held at a number: what the model writes then, beside what it writes without. */
import { signal } from "@preact/signals-core";
import { layer, unit } from "./symbols.js";
import * as writer from "./writer.js";

/** So much of the text before is read again, in characters or words. */
const READ = 2000;
/** So much is written. */
const WRITTEN = { character: 280, word: 60 };

/**
 * @typedef {object} HeldUnit
 * @property {string} layer
 * @property {number} unit
 * @property {number} value
 * @property {number} temperature at which both were drawn
 * @property {number} at the position after which both go on
 * @property {string[]} free what follows without the unit held
 * @property {string[]} held what follows with it
 */

/** The number at which h of the unit is held. */
export const value = signal(1);
/** The last answer. */
export const answer = signal(/** @type {HeldUnit | null} */ (null));

/** Lets the model go on from the position that is looked at, twice, on the same random numbers. */
export async function compare_held() {
  if (writer.playing.value) await writer.pause();
  const { text } = writer;
  const at = writer.position.value;
  const facts = writer.facts.value;
  if (!facts || at < 0) return;
  const read = text.between(Math.max(text.first, at + 1 - READ), at + 1);
  const asked = { text: read, count: WRITTEN[facts.unit], seed: writer.seed.value };
  const clamp = { layer: layer.value, unit: unit.value, value: value.value };
  const temperature = writer.temperature.value;
  await writer.attempt(async (worker) => {
    const free = await worker.request("continued", { ...asked, clamps: [] });
    const held = await worker.request("continued", { ...asked, clamps: [clamp] });
    answer.value = { ...clamp, at, temperature, free, held };
  });
}

/** Where two texts begin to differ, in pieces. @param {string[]} one @param {string[]} other */
export function first_difference(one, other) {
  const at = one.findIndex((piece, k) => piece !== other[k]);
  return at < 0 ? one.length : at;
}
