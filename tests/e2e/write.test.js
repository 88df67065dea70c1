/**
 * The Write view: a model writes at once, and its text can be paused, walked and begun anew.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "./harness.js";
import { Student, until } from "./student.js";

/** @param {Student} student */
const written = (student) => student.page.locator(".write-text").innerText();

/**
 * How often the text was begun anew or cut, and its length: it may have grown again before one looks.
 * @param {Student} student
 */
const standing = (student) =>
  student.page.evaluate(async () => {
    const { text } = await import(new URL("www/state/write/writer.js", document.baseURI).href);
    return { cuts: text.cuts, count: text.count };
  });

/** Waits for as much of another text, after `act`. @param {Student} student @param {() => Promise<void>} act */
async function written_anew(student, act) {
  const before = await standing(student);
  await act();
  await until(async () => {
    const { cuts, count } = await standing(student);
    return cuts > before.cuts && count >= before.count;
  }, "as much of another text");
}

test("a_model_writes_at_the_first_visit_and_the_same_seed_writes_the_same_text", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/write");
  await until(async () => (await written(student)).length > 60, "text");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  const text = await written(student);
  assert.ok(text.startsWith("Call me "), text);
  await written_anew(student, () => page.getByRole("button", { name: "Begin anew" }).click());
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await until(async () => (await written(student)).slice(0, text.length) === text, "the same text");

  // Another seed, another text; Space goes on and pauses.
  const seed = page.locator("[name=write-seed]");
  await written_anew(student, async () => {
    await seed.fill("1");
    await seed.blur();
  });
  await until(async () => (await written(student)).slice(0, text.length) !== text, "another text");
  await page.locator("#view-write").focus();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Write", exact: true }).waitFor();
  const paused = await written(student);
  await page.getByRole("button", { name: "One character" }).click();
  await until(async () => (await written(student)).length === paused.length + 1, "one character");
  await student.leave();
});

test("a_position_is_chosen_in_the_text_and_in_the_figures_and_the_text_goes_on_from_there", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/write");
  await until(async () => (await written(student)).length > 40, "text");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.getByRole("button", { name: "Write", exact: true }).waitFor();
  const text = page.locator(".write-text");
  const before = await text.innerText();
  await text.focus();
  for (let k = 0; k < 5; k++) await page.keyboard.press("ArrowLeft");
  await page.getByText(/^Position \d+: .*drawn with probability/).waitFor();
  const marked = await page.locator(".write-text mark").innerText();
  assert.equal(marked, before.at(-5));
  // The numbers are those of this position: another unit has another number.
  const value = page.locator('unrolled-write-states .value[data-symbol="c"]');
  await until(async () => (await value.innerText()) !== "", "a number");
  const number = await value.innerText();
  await page.locator('unrolled-write-states [aria-label^="memory"]').focus();
  await page.keyboard.press("ArrowDown");
  await until(async () => (await value.innerText()) !== number, "the number of another unit");
  assert.equal(await page.getByLabel("Unit", { exact: true }).inputValue(), "1");

  await page.getByRole("button", { name: "Write on from here" }).click();
  await until(async () => (await written(student)).length === before.length - 4, "the shorter text");
  await page.getByRole("button", { name: "Write", exact: true }).click();
  await until(async () => (await written(student)).length > before.length, "it goes on");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  assert.equal(
    (await written(student)).slice(0, before.length),
    before,
    "the same numbers draw the same text",
  );
  await student.leave();
});

test("a_beginning_of_ones_own_says_what_the_model_does_not_know", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/write");
  await until(async () => (await written(student)).length > 20, "text");
  const beginning = page.getByLabel("Begins with");
  await beginning.fill("Thé whale");
  await beginning.blur();
  await page.getByText("The model does not know “é”: left out.").waitFor();
  await until(async () => (await written(student)).startsWith("Th whale"), "the beginning without it");
  await beginning.fill("ééé");
  await beginning.blur();
  await page.getByRole("alert").getByText("there is nothing in it that the model can read").waitFor();
  await student.leave();
});

test("a_character_of_the_text_is_stepped_into_with_the_numbers_that_it_had", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/write");
  await until(async () => (await written(student)).length > 40, "text");
  const pause = page.getByRole("button", { name: "Pause", exact: true });
  await pause.click();
  await pause.waitFor({ state: "detached" });
  await page.locator(".write-text").focus();
  for (let k = 0; k < 4; k++) await page.keyboard.press("ArrowLeft");
  await page.locator("[name=write-unit]").fill("5");
  await page.locator("[name=write-unit]").blur();
  await page.getByRole("button", { name: "Step into its cell" }).click();
  await page.locator("#view-step:not([hidden])").waitFor();
  await page.getByRole("combobox", { name: "Network" }).waitFor();
  assert.match(await page.getByRole("combobox", { name: "Network" }).innerText(), /^of Write: “.{8}”/);
  const of_text = await page.evaluate(async () => {
    const { text, facts, position } = await import(
      new URL("www/state/write/writer.js", document.baseURI).href
    );
    const h = facts.value.symbols.find((/** @type {any} */ one) => one.symbol === "h");
    const rows = text.rows(h, position.value - 7, position.value + 1);
    return Array.from({ length: 8 }, (_, k) => rows[k * h.width + 5]);
  });
  // Every h of unit 5 in the Step view.
  const stepped = () =>
    page.evaluate(async () => {
      const { stepping } = await import(new URL("www/state/step/step.js", document.baseURI).href);
      const live = stepping.value?.live ? stepping.value : null;
      const line = live?.description.cell.forward.lines.at(-1).line;
      const all = live?.values({ part: "cell", pass: "forward", timestep: null, line, name: "h" }) ?? [];
      return all.length !== 8 * 64 ? [] : Array.from({ length: 8 }, (_, k) => all[k * 64 + 5]);
    });
  for (const when of ["brought", "after a reload"]) {
    await until(async () => (await stepped()).length === 8, `the cell, ${when}`);
    const found = await stepped();
    // The listing adds in another order than the fused cell.
    found.forEach((value, k) =>
      assert.ok(Math.abs(value - of_text[k]) < 1e-4, `${when}: ${found} and ${of_text}`),
    );
    if (when === "brought") await page.reload();
  }
  await student.leave();
});

test("the_page_predicts_as_well_as_keras_says_that_the_model_does", async () => {
  const golden = JSON.parse(await readFile(new URL("../golden/keras_bits.json", import.meta.url), "utf8"));
  const length = 60;
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/write");
  await until(async () => (await written(student)).length > 10, "text");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  const bits = await page.evaluate(
    async ({ passage }) => {
      const writer = await import(new URL("www/state/write/writer.js", document.baseURI).href);
      writer.beginning.value = passage;
      await writer.begin();
      const each = [];
      for (let at = 1; at < passage.length; at++) {
        const { logits, first_id, id } = await writer.choice(at);
        const largest = Math.max(...logits);
        const sum = logits.reduce(
          (/** @type {number} */ all, /** @type {number} */ z) => all + Math.exp(z - largest),
          0,
        );
        each.push((Math.log(sum) - (logits[id - first_id] - largest)) / Math.LN2);
      }
      return each;
    },
    { passage: golden.passage.slice(0, length + 1) },
  );
  bits.forEach((value, k) =>
    assert.ok(Math.abs(value - golden.bits[k]) < 1e-3, `character ${k + 1}: ${value} and ${golden.bits[k]}`),
  );
  await student.leave();
});
