/**
 * Charts, drawn by the page's own instance of the engine.
 */
import { draw_history } from "../pkg/unrolled.js";
import { page_instance } from "./page.js";

/** @returns {Promise<typeof draw_history>} */
export async function history_plotter() {
  await page_instance();
  return draw_history;
}
