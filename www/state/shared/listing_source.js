/**
 * The texts of the project's cells. The stepper holds those of Keras' cells; the others are fetched when they are
 * needed first, and handed to every engine that reads a document which names them.
 */
import { signal } from "@preact/signals-core";
import { CELLS } from "../../generated/cells.js";
import { cell_text } from "../../pkg-stepper/unrolled_stepper.js";
import { page_instance, stepper_instance } from "../../engine/page.js";
import { EngineError } from "../../engine/rpc.js";
import { OWN } from "./listing_cell.js";

/** Counts the texts that the page's engine was given: what it says of a document may have changed. */
export const texts_given = signal(0);

/**
 * The text of a listing; that of the LSTM where the project has none of this name.
 * @param {{ cell: string, code: string }} choice @returns {Promise<string>}
 */
export async function listing_source({ cell, code }) {
  if (cell === OWN) return code;
  return text_of(CELLS.some(({ name }) => name === cell) ? cell : "lstm");
}

/**
 * Gives the page's engine the cells that a document names, and hands back what other engines have to be given.
 * @param {import("../../types/engine.js").Experiment} document
 * @returns {Promise<[string, string][]>} names and texts
 */
export async function texts_for(document) {
  const named = JSON.stringify(document.model).matchAll(/"cell":"(\w+)"/g);
  const wanted = new Set(Array.from(named, ([, name]) => name));
  const missing = CELLS.filter(({ name, keras }) => keras === null && wanted.has(name));
  return Promise.all(missing.map(async ({ name }) => [name, await provided(name)]));
}

/** The texts that were fetched, by the names of their cells. @type {Map<string, string>} */
const fetched = new Map();

/** The cells whose texts the page's engine has. @type {Set<string>} */
const given = new Set();

/** The text of a cell, of which the page's engine knows from now on. @param {string} name @returns {Promise<string>} */
async function provided(name) {
  const [text, engine] = await Promise.all([fetched_text(name), page_instance()]);
  if (!given.has(name)) {
    engine.provide_cell_text(name, text);
    given.add(name);
    texts_given.value += 1;
  }
  return text;
}

/** @param {string} name of a cell of the project @returns {Promise<string>} */
async function text_of(name) {
  await stepper_instance();
  return cell_text(name) ?? fetched_text(name);
}

/** @param {string} name of a cell of the project @returns {Promise<string>} */
async function fetched_text(name) {
  const known = fetched.get(name);
  if (known !== undefined) return known;
  const response = await fetch(new URL(`../../../cells/${name}.py`, import.meta.url)).catch(() => null);
  if (!response?.ok) {
    const text = `The cell’s text (cells/${name}.py) could not be fetched. Check the connection and choose it again.`;
    throw new EngineError("cell_missing", text);
  }
  const text = await response.text();
  fetched.set(name, text);
  return text;
}
