/**
 * Charts, drawn by the page's own instance of the engine, and what it says of them.
 */
import {
  draw_history,
  draw_lines,
  gradient_decades,
  gradient_heights,
  judge_run,
  run_broke_down,
} from "../pkg/unrolled.js";
import { page_instance } from "./page.js";

/** @returns {Promise<typeof draw_history>} */
export async function history_plotter() {
  await page_instance();
  return draw_history;
}

/** @returns {Promise<typeof draw_lines>} */
export async function lines_plotter() {
  await page_instance();
  return draw_lines;
}

/** The axis for the norms of a gradient, and how high each stands on it. */
export async function decade_plotter() {
  await page_instance();
  return { gradient_decades, gradient_heights };
}

/** What is said of a run, and whether it has broken down. */
export async function run_judge() {
  await page_instance();
  return { judge: judge_run, broke_down: run_broke_down };
}
