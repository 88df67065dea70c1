/**
 * The outline of the listing that is trained: its names, each with the text that makes it.
 */
import { signal } from "@preact/signals-core";
import { listing_outline } from "../../pkg-stepper/unrolled_stepper.js";
import { stepper_instance } from "../../engine/page.js";
import { is_listing } from "../shared/listing_cell.js";
import { listing_source } from "../shared/listing_source.js";

/** @typedef {import("../../types/engine.js").NamedText} NamedText */
/** @typedef {import("../../types/engine.js").Outline & { source: string }} Outline */

/** Null while the network's cell is one of Keras'. */
export const outline = signal(/** @type {Outline | null} */ (null));

/** @param {{ cell: string, code: string }} settings @returns {Promise<Outline | null>} */
export async function outline_of({ cell, code }) {
  if (!is_listing(cell)) return null;
  await stepper_instance();
  const source = await listing_source({ cell, code });
  return { source, ...listing_outline(source) };
}
