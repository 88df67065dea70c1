import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

/** The Step view with its engine running. @param {string} [fragment] */
async function arrive(fragment = "#/step?step-text=a+good+film&step-at=0&step-unit=2") {
  const student = await Student.arrive();
  await student.open(fragment);
  await student.step_ready();
  return student;
}

/** The word of the dark box. @param {Student} student */
const here = (student) => student.page.locator("unrolled-chain .links .here .word").textContent();

/** How many columns of each word's box are filled. @param {Student} student @returns {Promise<number[]>} */
function filled(student) {
  return student.page.evaluate(() =>
    [...document.querySelectorAll("unrolled-chain .links .box")].map(
      (box) => box.querySelectorAll(".column:not(.empty) canvas").length,
    ),
  );
}

/** What stands above each word's box. @param {Student} student */
async function above(student) {
  const texts = await student.page.locator("unrolled-chain .links .above").allTextContents();
  return texts.map((text) => text.trim());
}

/** Presses a key and waits until the page has rendered. @param {Student} student @param {string} key */
async function press(student, key) {
  await student.page.keyboard.press(key);
  await student.page.evaluate(() => new Promise((done) => setTimeout(done)));
}

test("a_click_on_a_box_opens_its_word", async () => {
  const student = await arrive();
  assert.equal(await here(student), "a");
  await student.page.getByRole("button", { name: /^film, word 3 of 3/ }).click();
  assert.equal(await here(student), "film");
  assert.match(await student.page.locator("unrolled-step-listing h2").innerText(), /“film”/);
  await student.leave();
});

test("the_chain_is_one_tab_stop_and_arrows_lead_from_box_to_box", async () => {
  const student = await arrive();
  const stops = student.page.locator('unrolled-chain .links [tabindex="0"]');
  assert.equal(await stops.count(), 1);
  await stops.focus();
  const focused = () => student.page.evaluate(() => document.activeElement?.getAttribute("data-t"));
  for (const [key, wanted] of [
    ["ArrowRight", "1"],
    ["End", "2"],
    ["ArrowRight", "2"],
    ["ArrowLeft", "1"],
    ["Home", "0"],
    ["End", "2"],
  ]) {
    await press(student, key);
    assert.equal(await focused(), wanted, key);
    assert.equal(await stops.count(), 1);
  }
  assert.equal(await here(student), "a", "going through the boxes does not move the cursor");
  await press(student, "Enter");
  assert.equal(await here(student), "film");
  await student.leave();
});

test("a_box_is_empty_until_the_lines_of_its_word_have_run", async () => {
  const student = await arrive();
  // The listing: def, z, i, f, g, o, then c and h, the two states that the box shows, and return.
  const states = [0, 0, 0, 0, 0, 0, 1, 2];
  for (const [line, count] of states.entries()) {
    assert.deepEqual(await filled(student), [count, 0, 0], `line ${line} of the first word`);
    assert.deepEqual((await above(student)).slice(1), ["", ""], "no prediction before a word was read");
    await press(student, "ArrowRight");
  }
  assert.equal(await here(student), "good");
  assert.deepEqual(await filled(student), [2, 0, 0]);
  const [first, ...later] = await above(student);
  assert.match(first, /^\.\d\d$/);
  assert.deepEqual(later, ["", ""]);
  await student.leave();
});

test("on_the_way_back_the_arrows_turn_and_carry_the_size_of_the_gradient", async () => {
  const student = await arrive();
  assert.equal(await student.page.locator("unrolled-chain .arrows.back").count(), 0);
  await student.page.getByRole("button", { name: "back through time" }).click();
  await student.page.locator("unrolled-chain .arrows.back").first().waitFor();
  assert.equal(await student.page.locator("unrolled-chain .arrows:not(.back)").count(), 0, "all have turned");
  assert.equal(await here(student), "film", "the way back begins at the last word");
  const norm = /^\d+(\.\d+)?$/;
  const [nothing, still, last] = await above(student);
  assert.deepEqual([nothing, still], ["", ""], "the gradient has not come to the words before");
  assert.match(last, norm);
  const arrow = student.page.locator("unrolled-chain .arrows.back").last().locator(".arrow");
  const title = (await arrow.getAttribute("title")) ?? "";
  assert.match(title, /‖d_h‖ after “film”: /);
  const said = Number(title.split(": ")[1]);
  assert.ok(Math.abs(said - Number(last)) < 0.06 * said, `${title} and ${last} are one number`);
  await student.page.getByRole("button", { name: "sum over time" }).click();
  await student.page.locator(".standing", { hasText: "added up" }).waitFor();
  for (const text of await above(student)) assert.match(text, norm);
  await student.leave();
});

test("where_no_later_word_reads_the_output_the_chain_shows_the_gradient_of_what_is_carried", async () => {
  const student = await arrive("#/step?step-cell=grid_lstm");
  const { page } = student;
  await page.keyboard.press("End");
  await page.locator("unrolled-chain .start .above", { hasText: "‖d_h‖ ←" }).waitFor();
  const norms = await above(student);
  assert.ok(norms.length > 2);
  for (const norm of norms.slice(0, -1)) assert.ok(Number(norm) > 0, `${norm} of ${norms}`);
  await student.leave();
});

test("all_words_are_one_click_away_and_one_back", async () => {
  const student = await arrive();
  await student.page.getByRole("button", { name: "Overview: all words" }).click();
  await student.page.locator("unrolled-step-sequence figure").first().waitFor();
  await student.page.getByRole("button", { name: "Back to one word" }).click();
  await student.page.locator(".code").waitFor();
  await student.leave();
});

test("before_the_engine_is_there_the_chain_shows_what_was_recorded", async () => {
  const student = await Student.arrive();
  student.expect_complaint(/ERR_FAILED|Failed to load resource/);
  await student.page.route("**/*.wasm", (route) => route.abort());
  await student.open("#/step?step-at=0&step-unit=5");
  await student.page.getByRole("button", { name: "output", exact: true }).click();
  await student.page.locator("unrolled-chain .end .here").waitFor();
  const states = await filled(student);
  assert.deepEqual(states, Array(states.length).fill(2), "h and c after every word");
  await student.page.getByRole("button", { name: "sum over time" }).click();
  await student.page.locator("unrolled-chain .arrows.back").first().waitFor();
  const gradients = await filled(student);
  assert.deepEqual(gradients, Array(gradients.length).fill(2), "h and its gradient after every word");
  for (const text of await above(student)) assert.match(text, /^\d+(\.\d+)?$/);
  await student.leave();
});

test("a_word_that_the_network_does_not_know_is_marked_and_said", async () => {
  const student = await arrive("#/step?step-text=a+zorgle+film");
  const marked = student.page.locator("unrolled-chain .links .unknown");
  assert.deepEqual(await marked.allTextContents(), ["zorgle"]);
  const spoken = await student.page
    .locator("unrolled-chain .links .box:has(.unknown)")
    .getAttribute("aria-label");
  assert.match(spoken ?? "", /^zorgle, word 2 of 3, a word that this network does not know/);
  await student.leave();
});
