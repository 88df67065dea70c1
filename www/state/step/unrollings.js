/**
 * The listing that is stepped through as loop, scan and convolution.
 */
import { extra } from "../../engine/extra.js";
import { stepping } from "./step.js";

/** @typedef {import("../../types/extra.js").Unrollings} Unrollings */

/** Null where there is nothing to unroll, or it would take too long. @returns {Promise<Unrollings | null>} */
export async function find_unrollings() {
  const here = stepping.value;
  if (!here?.live) return null;
  const { unrollings } = await extra();
  return unrollings(/** @type {import("./stepping.js").LiveStepping} */ (here).choice) ?? null;
}
