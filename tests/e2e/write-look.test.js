/**
 * How the Write view looks: nothing runs out of it, and a unit that is held is seen in the text beside the free one.
 */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { FOLDER, SIZES, fits } from "./looks.js";
import { SCHEMES, Student, until } from "./student.js";

/** @param {Student} student */
async function writes(student) {
  await student.open("#/write");
  const text = student.page.locator(".write-text");
  await until(async () => (await text.innerText()).length > 60, "text");
  await student.page.getByRole("button", { name: "Pause", exact: true }).click();
}

test("nothing_runs_out_of_the_write_view_at_any_width_in_either_scheme", async () => {
  const student = await Student.arrive({ viewport: SIZES[0] });
  const { page } = student;
  await writes(student);
  await page.getByRole("button", { name: /^Characters/ }).click();
  await page.locator(".write-reached tbody tr").nth(3).waitFor(); // Counting has been judged.
  await page.getByRole("button", { name: "Write on with and without" }).click();
  await page.locator(".held-text").nth(1).waitFor();
  await page.getByRole("button", { name: "Ask both models" }).click();
  await page.getByText("The same prediction after both texts").waitFor();
  for (const viewport of SIZES) {
    await page.setViewportSize(viewport);
    for (const scheme of SCHEMES) {
      await student.wear(scheme);
      await fits(student);
      // The latest column of a figure is inside of it.
      const ends = await page.evaluate(() => {
        const field = /** @type {HTMLElement} */ (document.querySelector("unrolled-write-states .field"));
        const canvas = /** @type {HTMLElement} */ (field.querySelector("canvas"));
        return [canvas.getBoundingClientRect().right, field.getBoundingClientRect().right];
      });
      assert.ok(ends[0] <= ends[1] + 0.5, `a figure ends at ${ends[0]} px, its room at ${ends[1]} px`);
      await page.screenshot({ path: `${FOLDER}write-${viewport.width}-${scheme}.png`, fullPage: true });
    }
  }
  await student.leave();
});

test("a_unit_that_is_held_is_seen_beside_the_text_without_it", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await writes(student);
  await page.locator("[name=write-unit]").fill("7");
  await page.locator("[name=write-unit]").blur();
  await page.locator("[name=held-value]").fill("-1");
  await page.locator("[name=held-value]").blur();
  const ask = page.getByRole("button", { name: "Write on with and without" });
  await ask.click();
  await page.getByRole("heading", { name: "h of unit 7 at −1.00" }).waitFor();
  const texts = async () => page.locator(".held-text").allInnerTexts();
  const [free, held] = await texts();
  assert.ok(free.length > 200 && held.length > 200 && free !== held);
  // At temperature 0 nothing is left to chance.
  await page.locator("[name=write-temperature]").fill("0");
  await page.locator("[name=write-temperature]").blur();
  await ask.click();
  await page.locator("unrolled-write-held .caption").filter({ hasText: "0.00" }).waitFor();
  await until(async () => (await texts())[0] !== free, "the likeliest text");
  await student.leave();
});
