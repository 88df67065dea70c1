import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "./harness.js";
import { Student } from "./student.js";

/** @param {Student} student @param {string} name @param {string} text */
async function open(student, name, text) {
  const input = student.page.locator("unrolled-document input");
  await input.setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });
}

test("an_experiment_that_was_downloaded_opens_as_it_was_and_what_is_none_is_refused_with_a_sentence", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/train?data=imdb&units=9&seed=42&cell=GRU");
  await page.getByText("Take it with you").click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download experiment" }).click(),
  ]);
  const text = await readFile(await download.path(), "utf8");
  assert.equal(JSON.parse(text).model.config.layers[1].config.units, 9);

  await student.open("#/train?data=imdb");
  await page.waitForFunction(() => location.hash.includes("data=imdb") && !location.hash.includes("units"));
  // Keys that are left out have their defaults.
  const { title, about, measured, ...rest } = JSON.parse(text);
  assert.ok(title && about && !measured);
  await open(student, "mine.json", JSON.stringify(rest));
  await page.waitForFunction(() => location.hash.includes("units=9"));
  assert.match(await page.evaluate(() => location.hash), /seed=42.*cell=GRU|cell=GRU.*seed=42/);

  const notices = page.locator("unrolled-notices");
  await open(student, "broken.json", text.replace('"maxlen"', '"max_len"'));
  await notices.getByText("data.reading.max_len").waitFor();
  await open(student, "picture.json", "PNG");
  await notices.getByText("not JSON").waitFor();
});
