/**
 * The tab Units: one unit over the words, and where it fires in the data.
 */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

test("a_unit_is_followed_over_the_words_and_found_in_the_data", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/train?v=1&data=imdb&units=8&embedding=8&maxlen=20&speed=0");
  await student.ready();
  await student.type("a good film");
  await student.words_shown(3);
  const gates = await student.table("Numbers of hidden state as a table");
  await page.getByRole("tab", { name: "Units" }).click();
  const unit = page.locator(".unit-choice input");
  await unit.fill("5");
  await unit.blur();
  const rows = await student.table("Unit 5 over time as a table");
  assert.deepEqual(
    rows.map((row) => row[0]),
    ["a", "good", "film"],
  );
  assert.deepEqual(
    rows.map((row) => row[row.length - 1]),
    gates.map((row) => row[6]),
    "its hidden state is that of the heatmap",
  );

  // Cancelled as soon as that can be done: on a quick machine the search lasts half a second.
  await page.evaluate(async () => {
    const button = (/** @type {RegExp} */ name) =>
      [...document.querySelectorAll("button")].find(({ textContent }) => name.test(textContent ?? ""));
    button(/Find where h/)?.click();
    while (!button(/^Cancel$/)) await new Promise((again) => setTimeout(again));
    button(/^Cancel$/)?.click();
  });
  await page.getByText(/among the first [\d,]+ of 4,000 training reviews/).waitFor();
  await page.getByRole("combobox", { name: /Search the/ }).selectOption("validation");
  await page.getByRole("button", { name: /Find where h of unit 5/ }).click();
  await page.getByText(/among all 1,000 validation reviews/).waitFor({ timeout: 60_000 });
  const found = await student.table("Contexts as a table");
  const values = found.map((row) => Number(row[2].replace("−", "-")));
  assert.equal(values.length, 16);
  for (let k = 1; k < 8; k++) assert.ok(values[k] <= values[k - 1] && values[k + 8] >= values[k + 7]);

  // A click shows the sample, and there the unit has the number that was found.
  await page.locator(".context-lists button").first().click();
  const [, timestep, value, word] = found[0];
  await page.waitForFunction(
    (wanted) => document.querySelector(".unit-words li.here .word")?.textContent?.trim() === wanted,
    word,
  );
  const shown = await student.table("Unit 5 over time as a table");
  const there = shown[Number(timestep) - 1];
  assert.equal(there[0], word);
  assert.equal(
    Number(there[there.length - 1].replace("−", "-")),
    Number(value.replace("−", "-").replace("+", "")),
  );
  await student.leave();
});
