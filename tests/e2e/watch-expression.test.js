/**
 * The tab Expression: a typed line along the words and along training, wrong lines, and what is kept.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "./harness.js";
import { Student, until } from "./student.js";

/** @param {string} text */
const number = (text) => Number(text.replaceAll("−", "-"));

test("a_typed_line_is_computed_along_the_words_and_along_training", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/train?v=1&data=imdb&units=8&embedding=8&maxlen=20&speed=20");
  await student.ready();
  await student.type("a good film");
  await student.words_shown(3);
  const gate = await student.table("Numbers of forget gate as a table");
  const memory = await student.table("Numbers of memory as a table");
  await page.getByRole("tab", { name: "Expression" }).click();
  const line = page.getByRole("textbox", { name: "Expression in the names of lstm" });
  await line.fill("np.mean(f)");
  const rows = await student.table("np.mean(f) as a table");
  assert.deepEqual(
    rows.map(([word]) => word),
    ["a", "good", "film"],
  );
  rows.forEach(([, mean], t) => {
    const values = gate[t].slice(1).map(number);
    const wanted = values.reduce((sum, value) => sum + value, 0) / values.length;
    assert.ok(Math.abs(number(mean) - wanted) < 6e-4, `${mean} instead of ${wanted}`);
  });
  await page.locator("unrolled-value-lines svg.drawing").first().focus();
  await page.keyboard.press("End");
  await page.getByText(`At “film”: value ${rows[2][1]}.`).waitFor();

  await line.fill("f * c");
  const products = await student.table("Numbers of f * c as a table");
  products.forEach((row, t) =>
    row.slice(1).forEach((cell, u) => {
      const wanted = number(gate[t][u + 1]) * number(memory[t][u + 1]);
      assert.ok(Math.abs(number(cell) - wanted) < 2e-3, `${cell} instead of ${wanted}`);
    }),
  );
  const waited = page.waitForEvent("download");
  await page.getByRole("button", { name: "f * c as CSV" }).click();
  const csv = (await readFile(await (await waited).path(), "utf8")).trim().split("\n");
  assert.equal(csv[0], '"timestep","word","unit","f * c"');
  assert.equal(csv.length, 1 + 3 * 8);

  // What is wrong is marked, and the names that there are stand beside it.
  await line.fill("f * q");
  const alert = page.locator(".watched-mistakes");
  await alert
    .getByText(/^Column 5: `lstm` has no `q`; its names are x, i, f, g, o, c, h, d_h, d_c, W, U, b\.$/)
    .waitFor();
  assert.equal(await alert.locator("mark").textContent(), "q");
  await line.fill("np.mean(d_f)");
  await alert
    .getByText(/the gradient `d_f` is not kept; of `lstm` there are those of the states: d_h, d_c/)
    .waitFor();

  // While training runs, one point for each time that it is computed.
  await line.fill("np.mean(f)");
  await student.press("Train");
  await page.getByRole("button", { name: "np.mean(f), mean over the words as a table" }).waitFor();
  await student.step_reached(40);
  await student.press("Pause");
  await student.ready();
  const step = await student.step();
  const computed_last = () =>
    page.evaluate(async () => {
      const { course } = await import(new URL("www/state/watch/expression.js", location.href).href);
      return course.value.at(-1)?.step;
    });
  await until(async () => (await computed_last()) === step, "the point after the last update");
  const course = await student.table("np.mean(f), mean over the words as a table");
  const steps = course.map(([update]) => number(update.replaceAll(",", "")));
  assert.ok(steps.length >= 2 && steps.every((update, k) => k === 0 || update > steps[k - 1]), String(steps));
  assert.equal(steps.at(-1), step);
  const words = (await student.table("np.mean(f) as a table")).map((row) => number(row[1]));
  const mean = words.reduce((sum, value) => sum + value, 0) / words.length;
  assert.ok(Math.abs(number(course[course.length - 1][1]) - mean) < 2e-4);

  // The same text with its padding before, behind and masked.
  await page.getByRole("tab", { name: "Statistics" }).click();
  await page.locator(".padding-figure svg.drawing").waitFor();
  const padded = await student.table("Padding before, after and masked as a table");
  assert.equal(padded.length, 20);
  const column = (/** @type {number} */ k) => padded.map((row) => row[k]);
  assert.deepEqual(column(1).slice(-4), ["start", "a", "good", "film"], "before the words");
  assert.deepEqual(column(4).slice(0, 5), ["start", "a", "good", "film", "padding"], "behind them");
  const moved = (/** @type {number} */ k) => column(k).map(number);
  assert.ok(
    moved(5)
      .slice(4)
      .some((change) => change > 0),
    "padding moves the state",
  );
  assert.ok(
    moved(8)
      .slice(4)
      .every((change) => change === 0),
    "what is masked does not",
  );
  assert.equal(new Set(column(9).slice(3)).size, 1, "nor does it change the prediction");
  const shown = await page.evaluate(async () => {
    const { trace } = await import(new URL("www/state/shared/store.js", location.href).href);
    return trace.value.probabilities.at(-1);
  });
  assert.ok(Math.abs(number(padded[19][3]) - shown) < 1e-4, "as the network is trained");
  await page.getByRole("tab", { name: "Expression" }).click();

  await page.reload();
  await student.ready();
  assert.equal(await line.inputValue(), "np.mean(f)");
  await student.leave();
});
