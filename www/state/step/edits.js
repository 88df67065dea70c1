/**
 * Numbers that were changed by hand, as a link holds them: `cell:W:0:17:0.5`, of the cell's W the number 17, after it.
 */
import { shortened } from "../shared/link_network.js";

/** @typedef {import("../../types/engine.js").Edit} Edit */
/** @typedef {Omit<Edit, "old">} LinkedEdit a number by its place, and what it is now */

/** More changes than this are left out of a link. */
export const MOST_EDITS = 40;

/** @param {string | null} said @returns {{ edits: LinkedEdit[], problem: string }} */
export function parse_edits(said) {
  if (said === null || said === "") return { edits: [], problem: "" };
  const entries = said.split(",");
  if (entries.length > MOST_EDITS)
    return { edits: [], problem: `This link changes more than ${MOST_EDITS} numbers; none is changed.` };
  const edits = [];
  for (const entry of entries) {
    const edit = parse_edit(entry);
    if (!edit)
      return {
        edits: [],
        problem: `“${shortened(entry)}” is no change of a number, so that no number of this link is changed.`,
      };
    edits.push(edit);
  }
  return { edits, problem: "" };
}

/** @param {string} entry @returns {LinkedEdit | null} */
function parse_edit(entry) {
  const match =
    /^(cell|output):([A-Za-z_]\w{0,30}):(\d{1,5}):(\d{1,7}):(-?\d*\.?\d+(?:e[+-]?\d{1,3})?)$/.exec(entry);
  if (!match) return null;
  const [, part, name, timestep, index, value] = match;
  if (!Number.isFinite(Math.fround(Number(value)))) return null;
  return {
    part: part === "cell" ? "cell" : "output",
    name,
    timestep: Number(timestep),
    index: Number(index),
    new: Number(value),
  };
}

/** @param {LinkedEdit[]} edits @returns {string} empty where there are none, or too many */
export function write_edits(edits) {
  if (edits.length > MOST_EDITS) return "";
  return edits
    .map(({ part, name, timestep, index, new: value }) =>
      [part, name, timestep, index, shortest(value)].join(":"),
    )
    .join(",");
}

/** The shortest decimal that the engine's 32-bit numbers read as the same one. @param {number} value */
function shortest(value) {
  for (let digits = 1; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === Math.fround(value)) return text;
  }
  return String(Number(value.toPrecision(9)));
}
