/**
 * What tests of the look share: the sizes of windows, where pictures go, and whether everything fits.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";

/** @typedef {import("./student.js").Student} Student */

export const FOLDER = new URL("../../screenshots/", import.meta.url).pathname;
mkdirSync(FOLDER, { recursive: true });

export const SIZES = [
  { width: 360, height: 740 },
  { width: 390, height: 844 },
  { width: 1024, height: 768 },
  { width: 1280, height: 720 },
  { width: 1440, height: 900 },
  { width: 2560, height: 1300 },
];

/** Nothing runs out of the page sideways. @param {Student} student */
export async function fits(student) {
  const { wanted, given } = await student.page.evaluate(() => ({
    wanted: document.documentElement.scrollWidth,
    given: document.documentElement.clientWidth,
  }));
  assert.ok(wanted <= given, `${wanted} px are wanted at ${given} px`);
}
