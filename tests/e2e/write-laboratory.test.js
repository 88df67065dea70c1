/**
 * The laboratory of the Write view: one choice in all its stages, temperatures side by side, branches, units.
 */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student, until } from "./student.js";

/** A number as the page writes it. @param {string | null} text */
const number = (text) => Number((text ?? "").trim().replace("−", "-").replace(/,/g, ""));

/** The Write view with its model, paused, and the laboratory at the beginning. */
async function laboratory() {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/write");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.getByRole("button", { name: "Begin with the beginning of the text" }).click();
  await page.locator(".laboratory-columns figure").nth(2).waitFor();
  await settled(student);
  return student;
}

/** Waits until nothing is being computed. @param {Student} student */
async function settled({ page }) {
  const computing = page.locator(".laboratory-bar [role=status]");
  await until(async () => (await computing.innerText()) === "", "the end of computing");
}

/** @param {Student} student @param {string} name @param {string} value */
async function set({ page }, name, value) {
  const field = page.locator(`[name=${name}]`);
  await field.fill(value);
  await field.blur();
}

/** The rows of the table of stages. @param {Student} student @returns {Promise<string[][]>} */
const stages = ({ page }) =>
  page
    .locator(".stages tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? "")),
    );

/** The tokens that were written behind the beginning. */
const tokens = ".laboratory > .laboratory-text .token";

/** The random number that is said, and the token that it falls on. @param {Student} student */
async function said({ page }) {
  const text = await page.locator("unrolled-laboratory-choice .laboratory-said").innerText();
  const [, drawn, token] = /random number .*?, ([\d.]+), falls on\s+(\S+?)\.\s/.exec(text) ?? [];
  return { text, drawn: Number(drawn), token };
}

test("every_stage_of_a_choice_is_shown_and_the_number_falls_on_its_token", async () => {
  const student = await laboratory();
  const { page } = student;
  const rows = await stages(student);
  const sum = rows.reduce((total, row) => total + number(row[7]), 0);
  assert.ok(Math.abs(sum - 1) < 0.01, `the probabilities of the table sum to ${sum}`);
  const { drawn, token } = await said(student);
  const chosen = await page
    .locator(".stages tr.taken")
    .evaluate((row) => [...row.children].map((c) => c.textContent));
  assert.equal(chosen[0]?.trim(), token);
  const [from, to] = (chosen[8] ?? "").split("–").map(number);
  assert.ok(from <= drawn + 0.001 && drawn < to + 0.001, `${drawn} between ${from} and ${to}`);
  assert.equal(await page.locator("td.overflow").count(), 0);

  // A low temperature overflows where the largest is not taken off, and leaves the right probabilities right.
  await set(student, "laboratory-temperature", "0.05");
  await page.getByText("dividing by ∞ gives 0 or no number").waitFor();
  assert.ok((await page.locator("td.overflow").count()) > 0);
  const cold = (await stages(student)).reduce((total, row) => total + number(row[7]), 0);
  assert.ok(Math.abs(cold - 1) < 0.01, String(cold));

  // Another random number falls on another token; that of the place comes back.
  await set(student, "laboratory-temperature", "10");
  await until(async () => (await said(student)).text.includes("bits"), "the choice");
  const slider = page.locator("[name=laboratory-number]");
  await slider.focus();
  await page.keyboard.press("Home");
  await page.getByText("that you set").waitFor();
  assert.equal((await said(student)).drawn, 0);
  await page.getByRole("button", { name: "That of this place" }).click();
  await page.getByText("The random number of this place").waitFor();
  assert.equal((await said(student)).drawn, drawn);

  // Top k keeps so many; greedy takes the likeliest whatever the number is.
  await set(student, "laboratory-top-k", "2");
  await page.locator(".stages tr.left-out").first().waitFor();
  const kept = (await stages(student)).filter((row) => number(row[7]) > 0);
  assert.equal(kept.length, 2);
  await page.locator("[name=laboratory-choose]").selectOption("greedy");
  await page.getByText("whatever the random number is").waitFor();
  await student.leave();
});

test("three_temperatures_draw_with_the_same_numbers_and_a_key_shows_each_choice", async () => {
  const student = await laboratory();
  const { page } = student;
  const tables = [];
  for (const temperature of ["0.1", "1", "10"]) {
    const figure = page.locator(`figure[data-temperature="${temperature}"]`);
    await figure.getByRole("button", { name: "Table" }).click();
    const rows = await page
      .locator("dialog tbody tr")
      .evaluateAll((found) => found.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));
    tables.push(rows);
    await page.keyboard.press("Escape");
  }
  const [cold, plain, hot] = tables;
  assert.equal(cold.length, 40);
  for (const rows of [plain, hot])
    assert.deepEqual(
      rows.map((row) => row[2]),
      cold.map((row) => row[2]),
    );
  // At the first place all three choose among the same logits.
  const bits = tables.map((rows) => number(rows[0][5]));
  assert.ok(bits[0] < bits[1] && bits[1] < bits[2], bits.join(" "));
  for (const rows of tables)
    for (const row of rows) assert.ok(Math.abs(2 ** number(row[5]) - number(row[6])) < 0.01 * number(row[6]));

  const line = page.locator('figure[data-temperature="10"] [role=application]');
  await line.focus();
  await page.keyboard.press("Home");
  await page.locator('figure[data-temperature="10"] .token.selected').waitFor();
  await settled(student);
  assert.equal((await said(student)).drawn, number(hot[0][2]));
  assert.equal((await said(student)).token, hot[0][1]);
  assert.equal(await page.locator("[name=laboratory-temperature]").inputValue(), "10");
  await student.leave();
});

test("a_token_that_is_clicked_branches_the_text_and_one_can_walk_in_the_tree", async () => {
  const student = await laboratory();
  const { page } = student;
  const branches = page.locator(".laboratory-tree li");
  await page.getByRole("button", { name: "Write 40", exact: true }).click();
  await until(async () => (await page.locator(tokens).count()) === 40, "40 tokens");
  // At its temperature the laboratory writes what the writer writes.
  await page.locator(".laboratory-tree button").first().click();
  await set(student, "laboratory-temperature", "0.7");
  await settled(student);
  await page.getByRole("button", { name: "Write 40", exact: true }).click();
  await until(async () => (await page.locator(tokens).count()) === 40, "40 tokens again");
  const above = ((await page.locator(".write-text").textContent()) ?? "").split("Call me ")[1].trimEnd();
  const shared = (await page.locator(tokens).allTextContents()).join("").replaceAll("↵", "");
  const length = Math.min(above.length, shared.length);
  assert.ok(length > 0);
  assert.equal(shared.slice(0, length), above.slice(0, length));
  const before = await branches.count();
  await page.getByRole("button", { name: "← Back" }).click();
  await until(async () => (await page.locator(tokens).count()) === 39, "one back");
  await settled(student);
  const other = page.locator(".stages tr:not(.taken) .take").first();
  const name = (await other.innerText()).trim();
  await other.click();
  await until(async () => (await branches.count()) === before + 2, "two branches more");
  const token = page.locator(tokens).last();
  assert.equal((await token.textContent())?.replace("\n", "").replace(" ", "␣"), name);
  assert.equal(await page.locator('.laboratory-tree [aria-current="true"]').innerText(), name);

  // Back to the fork, and forth along what was written first.
  await page.getByRole("button", { name: "← Back" }).click();
  await until(async () => (await page.locator(tokens).count()) === 39, "the fork");
  await settled(student);
  await page.getByRole("button", { name: "Forth →" }).click();
  await until(async () => (await page.locator(tokens).count()) === 40, "forth");
  await settled(student);
  await page.locator(".laboratory-tree button").first().click();
  await until(async () => (await page.locator(tokens).count()) === 0, "the beginning");
  await student.leave();
});

test("units_that_follow_a_pattern_are_found_and_an_expression_that_cannot_be_read_says_why", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/write");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.getByRole("button", { name: "Read, and look for quotation marks" }).click();
  await page.locator(".followers li").first().waitFor({ timeout: 120_000 });
  const pattern = page.locator("[name=following-pattern]");
  await pattern.selectOption({ label: "a space" });
  await page.getByText("“a space” is true at").waitFor();
  await page.locator(".passages li").first().waitFor();
  const sizes = async () =>
    (await page.locator(".followers b").allInnerTexts()).map((text) =>
      Math.abs(number(text.replace("+", ""))),
    );
  // A character model that has learned anything has units that know of the space it has just read.
  await until(async () => (await sizes())[0] > 0.5, "a unit that follows spaces");
  const found = await sizes();
  assert.deepEqual(
    found,
    found.toSorted((a, b) => b - a),
  );
  const passages = page.locator(".passages li");
  const first = await passages.first().innerText();
  await page.getByRole("button", { name: /^Where it is (smallest|largest)$/ }).click();
  await until(async () => (await passages.first().innerText()) !== first, "other passages");

  await set(student, "following-expression", "(");
  await page.getByRole("alert").filter({ hasText: "cannot be read" }).waitFor();
  await set(student, "following-expression", " ");
  await page.getByText("In a match of").waitFor();
  assert.equal((await sizes())[0], found[0], "the same as the ready pattern");
  await student.leave();
});
