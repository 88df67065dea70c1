/**
 * The texts of the project's cells. The engine holds those of Keras' cells; the others are fetched when they are needed
 * first, and handed to every engine that reads a document which names them.
 */
import { signal } from "@preact/signals-core";
import { CELLS } from "../../generated/cells.js";
import { cell_text, provide_cell_text } from "../../pkg/unrolled.js";
import { page_instance } from "../../engine/page.js";
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
  return Promise.all(missing.map(async ({ name }) => [name, await text_of(name)]));
}

/** @param {string} name of a cell of the project @returns {Promise<string>} */
async function text_of(name) {
  await page_instance();
  const known = cell_text(name);
  if (known !== undefined) return known;
  const response = await fetch(new URL(`../../../cells/${name}.py`, import.meta.url)).catch(() => null);
  if (!response?.ok) {
    const text = `The cell’s text (cells/${name}.py) could not be fetched. Check the connection and choose it again.`;
    throw new EngineError("cell_missing", text);
  }
  const text = await response.text();
  provide_cell_text(name, text);
  texts_given.value += 1;
  return text;
}
