/**
 * What the page calls a cell.
 */
import { signal } from "@preact/signals-core";
import { OWN, is_listing, listing_name } from "./listing_cell.js";

/** @typedef {{ name: string, title: string, source: string }} CellListing */

/** The listings of the project, as soon as the page's engine is there. */
export const cells = signal(/** @type {CellListing[]} */ ([]));

/** @param {{ cell: string, code: string }} settings @returns {string} */
export function title_of({ cell, code }) {
  if (cell === OWN) return listing_name(code);
  return (is_listing(cell) && cells.value.find(({ name }) => name === cell)?.title) || cell;
}
