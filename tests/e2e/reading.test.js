import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

/** @param {string} [fragment] */
async function reader(fragment) {
  const student = await Student.arrive();
  await student.open(fragment);
  await student.ready();
  return student;
}

test("the_first_paint_shows_a_recorded_network_before_anything_is_computed", async () => {
  const student = await Student.arrive();
  await student.page.route("**/*.wasm", (route) => route.abort());
  student.expect_complaint(/ERR_FAILED/);
  await student.open();
  await student.words_shown(9);
  assert.equal(await student.page.locator("unrolled-heatmap").count(), 6);
  await student.page
    .locator("#view-train")
    .getByText(/recorded/i)
    .first()
    .waitFor();
  await student.notice(/could not be fetched/);
  await student.leave();
});

test("every_word_is_coloured_by_the_prediction_after_it", async () => {
  const student = await reader();
  await student.type("good bad good");
  await student.words_shown(3);
  const words = await student.page.locator(".words li").evaluateAll((items) =>
    items.map((item) => ({
      chance: Number(item.querySelector(".after")?.textContent),
      colour: getComputedStyle(/** @type {Element} */ (item.querySelector(".word"))).backgroundColor,
    })),
  );
  assert.equal(words.length, 3);
  for (const { chance, colour } of words) {
    assert.ok(chance >= 0 && chance <= 1);
    assert.match(colour, /^rgb/);
  }
  await student.leave();
});

test("an_empty_text_says_what_to_do_and_keeps_the_run", async () => {
  const student = await reader();
  await student.press("One update");
  await student.step_reached(1);
  await student.type("   ");
  await student.page.getByText(/Type a sentence/).waitFor();
  await student.press("One update");
  await student.step_reached(2);
  await student.type("good");
  await student.words_shown(1);
  await student.leave();
});

test("a_text_without_any_word_says_so", async () => {
  const student = await reader();
  await student.type("?!... ,,, ---");
  const hint = student.page.locator("unrolled-sentence .hint");
  await student.page.waitForFunction(() => !document.querySelector(".words"));
  assert.match((await hint.textContent()) ?? "", /word/);
  await student.leave();
});

test("unknown_words_are_marked_and_explained", async () => {
  const student = await reader();
  await student.type("xyzzyq plughq frobnicatq");
  await student.page.getByText(/None of these words is in the vocabulary/).waitFor();
  assert.equal(await student.page.locator(".word.unknown").count(), 3);
  await student.leave();
});

test("emoji_and_other_scripts_are_read_as_unknown_words_and_break_nothing", async () => {
  const student = await reader();
  await student.type("great 😀👍🏽 film 映画 фильм \u202E mirror");
  await student.page.waitForFunction(() => document.querySelectorAll(".word.unknown").length >= 3);
  assert.ok((await student.words()).includes("great"));
  await student.leave();
});

test("a_hundred_thousand_characters_are_read_as_far_as_the_network_reads", async () => {
  const student = await reader();
  await student.type("this film is not bad ".repeat(4762).slice(0, 100_000));
  await student.words_shown(100);
  assert.match((await student.page.locator(".words .cut").textContent()) ?? "", /skipped/);
  await student.choose("full");
  await student.press("Train");
  await student.step_reached(10);
  await student.press("Pause");
  await student.ready();
  await student.page.reload();
  await student.ready();
  await student.words_shown(100);
  await student.leave();
});

test("a_link_with_nonsense_in_it_opens_the_page", async () => {
  const student = await reader(
    "#/train?v=99&data=none&units=-4&t=9999&u=9999&text=%3Cscript%3Ealert(1)%3C%2Fscript%3E&foo=bar",
  );
  assert.equal(await student.page.getByRole("spinbutton", { name: "Units" }).inputValue(), "1");
  await student.press("One update");
  await student.step_reached(1);
  assert.ok((await student.words()).includes("script"));
  await student.leave();
});

test("the_table_holds_the_numbers_of_the_figure", async () => {
  const student = await reader();
  await student.type("a good film");
  await student.words_shown(3);
  const rows = await student.table("Numbers of forget gate as a table");
  assert.deepEqual(
    rows.map((row) => row[0]),
    ["a", "good", "film"],
  );
  assert.ok(
    rows.every(
      (row) => row.length === 33 && row.slice(1).every((cell) => Number(cell) > 0 && Number(cell) < 1),
    ),
  );
  await student.leave();
});
