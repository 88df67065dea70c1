/**
 * Watch: what is read, pinned and shown of it, for texts and for samples of numbers, at rest and while training runs.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "./harness.js";
import { Student, until } from "./student.js";

/** @param {Student} student @param {string} name */
async function open_tab(student, name) {
  await student.page.getByRole("tab", { name }).click();
}

test("pinned_texts_are_read_again_four_times_a_second_while_training_runs", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/train?v=1&data=imdb&units=8&embedding=8&maxlen=40&speed=20");
  await student.ready();
  for (const text of ["a good film", "a bad film", "not a bad film at all"]) {
    await student.type(text);
    await student.words_shown(text.split(" ").length);
    await page.getByRole("button", { name: "Pin", exact: true }).click();
  }
  const pins = page.locator(".pins li");
  await page.waitForFunction(() => document.querySelectorAll(".pins .strip").length === 3);
  assert.deepEqual(
    await pins.evaluateAll((rows) => rows.map((row) => row.querySelectorAll(".strip .word").length)),
    [3, 3, 6],
  );
  await page.locator(".watch-tabs").scrollIntoViewIfNeeded();
  await student.press("Train");
  await student.step_reached(20);
  // Colours of pinned words and numbers of the shown one change with the weights.
  const redrawn = await page.evaluate(async () => {
    const strip = /** @type {Element} */ (document.querySelector(".pins .strip"));
    let last = strip.innerHTML;
    let changes = 0;
    const end = performance.now() + 3000;
    while (performance.now() < end) {
      await new Promise((go_on) => setTimeout(go_on, 20));
      if (strip.innerHTML !== last) changes += 1;
      last = strip.innerHTML;
    }
    return changes;
  });
  assert.ok(redrawn >= 6, `${redrawn} in three seconds`);
  await student.press("Pause");
  await student.ready();

  // What is chosen among the pinned ones is shown in all figures.
  await pins.first().getByRole("button", { name: /Show/ }).click();
  await student.words_shown(3);
  assert.equal(await page.locator("#text").inputValue(), "a good film");
  await pins.nth(1).getByRole("button", { name: /Unpin/ }).click();
  assert.equal(await pins.count(), 2);

  // All of a long text is there: in the strip, which scrolls, and in the table.
  const words = Array.from({ length: 39 }, (_, k) => (k === 0 ? "first" : "film"));
  await student.type(words.join(" "));
  await student.words_shown(39);
  await page.getByRole("button", { name: "Pin", exact: true }).click();
  const strip = pins.last().locator(".strip");
  await strip.getByText("film").first().waitFor();
  const beginning = strip.getByText("first");
  await until(async () => (await beginning.count()) === 0, "the end is shown first");
  await strip.focus();
  await strip.evaluate((element) => (element.scrollLeft = 0));
  await beginning.waitFor();
  const rows = await student.table("“first film film film film film film film film f…” as a table");
  assert.deepEqual(
    rows.map(([word]) => word),
    words,
  );
  await student.leave();
});

test("gates_of_digits_are_seen_row_by_row_with_the_wanted_answer", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/train?experiment=digits-lstm");
  await student.ready();
  // What is not near the window is not read.
  await page.locator("unrolled-watch .tablist").scrollIntoViewIfNeeded();
  await student.words_shown(28);
  await page.getByText(/Wanted answer: \d\./).waitFor();
  const rows = await student.table("Numbers of forget gate as a table");
  assert.equal(rows.length, 28);
  assert.ok(rows.every((row) => row.slice(1).every((cell) => Number(cell) > 0 && Number(cell) < 1)));

  /** @param {string} format @returns {Promise<Buffer>} the file of all gates and states */
  const file = async (format) => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: `All gates and states as ${format}` }).click(),
    ]);
    return readFile(/** @type {string} */ (await download.path()));
  };
  const units = rows[0].length - 1;
  const numbers = String(await file("CSV"))
    .trim()
    .split("\n");
  assert.equal(numbers[0], '"timestep","image row","unit","i","f","g","o","c","h"');
  assert.equal(numbers.length, 1 + 28 * units);
  assert.equal(Number(numbers[1].split(",")[4]).toFixed(3), rows[0][1], "f of unit 0 at the first row");
  assert.equal(String(await file("SVG")).match(/<image /g)?.length, 6);
  assert.deepEqual(
    [...(await file("PNG")).subarray(1, 4)],
    [..."PNG"].map((letter) => letter.charCodeAt(0)),
  );
  await student.leave();
});

test("an_order_of_units_moves_rows_and_no_number", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open();
  await student.ready();
  await student.type("a good film");
  await student.words_shown(3);
  const before = await student.table("Numbers of hidden state as a table");
  const field = page.locator("unrolled-heatmap .field").last();
  /** The units from the first row to the last, by the keyboard. */
  const units = async () => {
    await field.focus();
    for (let k = 0; k < 32; k++) await page.keyboard.press("ArrowUp");
    const found = [];
    for (let k = 0; k < 32; k++) {
      found.push(Number((await page.locator(".explained b").first().textContent())?.match(/\d+/)?.[0]));
      await page.keyboard.press("ArrowDown");
    }
    return found;
  };
  const given = Array.from({ length: 32 }, (_, unit) => unit);
  assert.deepEqual(await units(), given);
  for (const kind of ["influence", "similarity"]) {
    await page.locator(".unit-order select").selectOption(kind);
    // The order comes from the other worker; it is there when two walks agree.
    let [order, last] = [await units(), given];
    while (String(order) === String(given) || String(order) !== String(last))
      [order, last] = [await units(), order];
    assert.deepEqual(
      [...order].sort((one, other) => one - other),
      given,
      kind,
    );
    assert.deepEqual(await student.table("Numbers of hidden state as a table"), before, kind);
  }
  await student.leave();
});

test("every_word_is_weighed_and_tabs_are_walked_with_the_arrows", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open();
  await student.ready();
  await student.type("a good film");
  await student.words_shown(3);
  await page.locator("unrolled-why").scrollIntoViewIfNeeded();
  await page.getByRole("button", { name: "Which words made it say so as a table" }).waitFor();
  const rows = await student.table("Which words made it say so as a table");
  assert.deepEqual(
    rows.map(([word]) => word),
    ["a", "good", "film"],
  );
  assert.ok(
    rows.every((row) => row.slice(1).every((cell) => Number.isFinite(Number(cell.replace("−", "-"))))),
  );
  await open_tab(student, "Gates and states");
  await page.keyboard.press("End");
  assert.equal(
    await page
      .locator(".watch-tabs [role=tab][aria-selected=true]")
      .textContent()
      .then((text) => text?.trim()),
    "Mistakes",
  );
  await page.reload();
  await student.ready();
  await page.getByRole("tab", { name: "Mistakes", selected: true }).waitFor();
  await student.leave();
});
