/**
 * The doctor reads a run when it pauses and proposes an experiment that is begun with one click; the statistics are
 * those that it reads.
 */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

test("the_doctor_says_what_is_wrong_and_the_experiment_that_tests_it_is_one_click_away", async () => {
  const student = await Student.arrive();
  // The learning rate is the smallest that the slider has: far too small.
  await student.open("#/train?v=1&data=imdb&units=4&embedding=4&maxlen=40&rate=0.0001&speed=0");
  const { page } = student;
  await student.ready();
  await student.press("Epoch");
  await page.locator("[data-rule=learning_rate_too_small]").click();
  const card = page.locator("unrolled-doctor .finding");
  assert.match(await page.locator("#doctor-title").innerText(), /after update \d+: \d rules? ha(s|ve) found/);
  assert.match(
    await card.innerText(),
    /weights have moved by \d\.\d % of their length, and the loss has not fallen/,
  );
  assert.match(await card.innerText(), /learning rate\s+0\.0001/);

  await page.getByRole("tab", { name: "Statistics" }).click();
  const figures = page.locator(".histograms figure");
  await figures.nth(6).waitFor(); // i, f, g, o, c, h and the gradient
  assert.match(await page.locator("unrolled-statistics .hint").innerText(), /64 validation samples/);
  await page.getByRole("button", { name: "Statistics as a table" }).click();
  const rows = await page.locator("unrolled-table tbody tr").allInnerTexts();
  const forget = rows.map((row) => row.split("\t")).find(([symbol]) => symbol === "f");
  // A network that has hardly moved keeps its forget gate where its bias of 1 puts it: sigmoid(1) = 0.731.
  assert.ok(forget && Math.abs(Number(forget[1]) - 0.731) < 0.02, rows.join("\n"));
  await page.keyboard.press("Escape");

  await card.getByRole("button", { name: "Try learning rate 0.001" }).click();
  await page.waitForFunction(
    () => document.querySelector("[data-rule]") === null && document.querySelector(".earlier-runs li"),
  );
  await student.step_reached(5);
  await student.press("Pause");
  assert.equal(await page.locator(".earlier-runs li").count(), 1);
  await student.leave();
});
