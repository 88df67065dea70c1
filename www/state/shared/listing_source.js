/**
 * The texts of the project's cells, as the engine has them.
 */
import { cell_listings } from "../../pkg/unrolled.js";
import { page_instance } from "../../engine/page.js";
import { OWN } from "./listing_cell.js";

/**
 * The text of a listing; that of the LSTM where the project has none of this name.
 * @param {{ cell: string, code: string }} choice @returns {Promise<string>}
 */
export async function listing_source({ cell, code }) {
  if (cell === OWN) return code;
  await page_instance();
  const cells = cell_listings();
  return (cells.find(({ name }) => name === cell) ?? cells.find(({ name }) => name === "lstm"))?.source ?? "";
}
