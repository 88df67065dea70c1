/**
 * The outline of the listing that is trained: its names, each with the text that makes it.
 */
import { signal } from "@preact/signals-core";
import { cell_listings, listing_outline } from "../../pkg/unrolled.js";
import { page_instance } from "../../engine/page.js";
import { cells } from "../shared/cell_names.js";
import { OWN, is_listing } from "../shared/listing_cell.js";

/** @typedef {{ name: string, text: string, made_by: string, comment: string | null }} NamedText */
/** @typedef {{ source: string, states: string[], weights: [string, string][], names: NamedText[] }} Outline */

/** Null while the network's cell is one of Keras'. */
export const outline = signal(/** @type {Outline | null} */ (null));

/** @param {{ cell: string, code: string }} settings @returns {Promise<Outline | null>} */
export async function outline_of({ cell, code }) {
  if (!is_listing(cell)) return null;
  await page_instance();
  if (cells.value.length === 0)
    cells.value = /** @type {import("../shared/cell_names.js").CellListing[]} */ (cell_listings());
  const source = cell === OWN ? code : (cells.value.find(({ name }) => name === cell)?.source ?? "");
  return { source, ...listing_outline(source) };
}
