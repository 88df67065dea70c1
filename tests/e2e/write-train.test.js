/**
 * Language models of one's own in the Write view: trained, asked on the way, kept, and made of own texts.
 */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student, until } from "./student.js";

/** The line log: the updates and what was written. @param {Student} student */
async function lines(student) {
  const rows = await student.page.locator(".write-lines button").allInnerTexts();
  return rows.map((row) => ({
    step: Number(row.split(/\s/)[0].replace(",", "")),
    text: row.replace(/^[\d,]+\s/, ""),
  }));
}

/** The numbers of a row of the table. @param {Student} student @param {string} name */
async function reached(student, name) {
  const rows = student.page.locator(".write-reached tbody tr");
  const cells = await rows
    .filter({ has: student.page.locator(`th:text-matches("^${name}")`) })
    .locator("td")
    .allInnerTexts();
  return cells.map((cell) => Number(cell.replace(/,/g, "")));
}

/** @param {Student} student @param {RegExp} name */
async function choose(student, name) {
  await student.page.getByRole("button", { name }).click();
  await student.page.locator(".write-run").waitFor();
  await student.page
    .getByRole("button", { name: "Train", exact: true })
    .and(student.page.locator("unrolled-write-training button"))
    .waitFor();
}

/** @param {Student} student */
const train = (student) =>
  student.page.locator("unrolled-write-training").getByRole("button", { name: "Train", exact: true }).click();

/** @param {Student} student */
async function pause(student) {
  // A short training may have ended by itself just now.
  await student.page
    .getByRole("button", { name: "Pause training" })
    .evaluateAll((found) => found.forEach((button) => button.click()));
  await student.page
    .locator("unrolled-write-training")
    .getByRole("button", { name: "Train", exact: true })
    .waitFor();
}

test("a_character_model_writes_lines_while_it_learns_and_nothing_is_lost_on_reload", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/write");
  await choose(student, /^Characters/);
  await page.locator("[name=write-every]").selectOption("10");
  await train(student);
  await until(async () => (await lines(student)).length >= 4, "four lines");
  await pause(student);
  const written = await lines(student);
  assert.deepEqual(
    written.slice(0, 4).map(({ step }) => step),
    [0, 10, 20, 30],
  );
  assert.equal(new Set(written.map(({ text }) => text)).size, written.length, "each is another text");
  // Bits and perplexity follow from the loss; counting is beside it.
  await page.locator(".write-reached tbody tr", { hasText: "5-grams" }).waitFor();
  for (const name of ["training", "unigrams", "bigrams"]) {
    const [loss, bits, perplexity] = await reached(student, name);
    assert.ok(Math.abs(bits - loss / Math.LN2) < 2e-3, `${name}: ${loss} nats, ${bits} bits`);
    assert.ok(Math.abs(Math.log(perplexity) - loss) < 0.02, `${name}: ${loss} nats, ${perplexity}`);
  }
  const [unigrams, bigrams] = [await reached(student, "unigrams"), await reached(student, "bigrams")];
  assert.ok(bigrams[0] < unigrams[0]);

  // A click lets it write with the weights of that update.
  await page.locator(".write-lines button").nth(1).click();
  await page.getByText("Your network after update 10.").waitFor();
  await until(async () => (await page.locator(".write-text").innerText()).length > 60, "its text");

  const updates = await page.locator("unrolled-write-training [role=status] b").innerText();
  await until(
    async () =>
      page.evaluate(async () => {
        const kept = await new Promise((done) => {
          const asked = indexedDB.open("unrolled-lines");
          asked.onsuccess = () => {
            const all = asked.result.transaction("runs").objectStore("runs").getAll();
            all.onsuccess = () => done(all.result);
          };
        });
        return /** @type {any[]} */ (kept).some((run) => run.lines.length >= 4);
      }),
    "the lines are kept",
  );
  await page.reload();
  await until(async () => (await lines(student)).length === written.length, "the lines after a reload");
  assert.deepEqual(await lines(student), written);
  await page.locator("unrolled-write-training [role=status] b").getByText(updates, { exact: true }).waitFor();
  await student.leave();
});

test("the_model_that_comes_with_the_page_is_trained_further", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/write");
  await page.getByRole("button", { name: /^Train the small one further/ }).click();
  await until(async () => (await lines(student)).length >= 1, "its first line");
  await until(async () => (await reached(student, "training")).length > 0, "a loss");
  const [, bits] = await reached(student, "training");
  assert.ok(bits < 3, `it goes on from what it knows: ${bits} bits`);
  await pause(student);
  await page.getByRole("button", { name: "Let it write" }).click();
  await page.getByText(/Your network after update \d+\./).waitFor();
  await page.getByRole("button", { name: "Back to the model that comes with the page" }).click();
  await page.getByText("The small model that comes with the page:").waitFor();
  await student.leave();
});

test("texts_of_ones_own_are_learned_or_refused_with_a_reason", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/write");
  await page.getByText("A text of your own").click();
  const box = page.locator("[name=write-own-text]");
  const file = page.locator("[name=write-own-file]");
  const give = (/** @type {string} */ name, /** @type {string | Buffer} */ text) =>
    file.setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
  const said = (/** @type {string | RegExp} */ text) =>
    page.locator("unrolled-notices").getByText(text).waitFor({ timeout: 60_000 });

  await page.getByRole("button", { name: "Learn from this text" }).click();
  await said("it is empty");
  await box.fill("Too short a text.");
  await page.getByRole("button", { name: "Learn from this text" }).click();
  await said("at least 1000");
  await give("large.txt", Buffer.alloc(5_000_001, "a"));
  await said("at most 5 MB");

  // 2,000 distinct characters, without a line's end: it has a model for them and writes in them.
  const letters = Array.from({ length: 2000 }, (_, k) => String.fromCodePoint(0x4e00 + k));
  const chinese = Array.from({ length: 6000 }, (_, k) => letters[(k * k + k) % 2000])
    .concat(letters)
    .join("");
  await give("letters.txt", chinese);
  await page.locator(".write-run").getByText("Dense 2,000").waitFor({ timeout: 60_000 });
  await page.locator("[name=write-every]").selectOption("10");
  await train(student);
  await until(async () => (await lines(student)).length >= 2, "its lines");
  await pause(student);
  for (const { text } of await lines(student))
    assert.ok(
      [...text].every((c) => letters.includes(c)),
      text,
    );

  // One line of five million characters.
  await give("line.txt", "the sea and the ship ".repeat(238_095));
  await page.locator(".write-run").getByText("Dense 10").waitFor({ timeout: 60_000 });
  await train(student);
  await until(async () => (await lines(student)).length >= 2, "its lines");
  await pause(student);
  await student.leave();
});

test("a_model_of_word_pairs_says_the_same_after_any_two_texts_with_the_same_last_word", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/write");
  await page.getByRole("button", { name: "Ask both models" }).click();
  const pairs = page.getByRole("region", { name: "One word of context" });
  const states = page.getByRole("region", { name: /^The state carried on/ });
  await pairs.getByText("The same prediction after both texts").waitFor();
  await states.getByText("Different predictions").waitFor();
  const rows = await pairs.locator("tbody tr").allInnerTexts();
  assert.equal(rows.length, 8);
  for (const row of rows) {
    const [one, other] = row.split("\t");
    assert.equal(one.trim(), other.trim());
  }
  await student.leave();
});
