import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

/** More stops than this before the wanted one means that one is lost on the page. */
const MOST_STOPS = 90;

/** Presses Tab until the focused element matches. @param {Student} student @param {string} selector */
async function tab_to(student, selector) {
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await student.page.keyboard.press("Tab");
    if (await student.page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
  }
  assert.fail(`${MOST_STOPS} stops did not lead to ${selector}`);
}

const place = (/** @type {Student} */ student) => student.page.locator(".explained .where").textContent();

test("a_student_without_a_mouse_trains_reads_and_explores", async () => {
  const student = await Student.arrive();
  await student.open();
  await student.ready();
  const { keyboard } = student.page;

  await tab_to(student, "button.primary");
  await keyboard.press("Enter");
  await student.step_reached(3);
  await keyboard.press("Enter");
  await student.ready();

  await tab_to(student, "textarea");
  await keyboard.press("Control+A");
  await keyboard.type("a good film");
  // The text is read while it is typed: on a slow machine “a good f” has three words too.
  await student.page.locator(".words .word", { hasText: /^film$/ }).waitFor();
  await student.words_shown(3);

  await tab_to(student, ".words");
  await keyboard.press("ArrowRight");
  assert.match((await place(student)) ?? "", /word 1, “a”/);
  await keyboard.press("End");
  assert.match((await place(student)) ?? "", /word 3, “film”/);

  await tab_to(student, ".field");
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowLeft");
  assert.match((await place(student)) ?? "", /Unit 2.*word 2, “good”/s);
  const spoken = await student.page.locator(".said[aria-live=polite]").textContent();
  assert.match(spoken ?? "", /At “good”, unit 2 lets in \d+ % of its candidate, keeps \d+ %/);
  await student.page.waitForFunction(() => location.hash.includes("t=1&u=2"));

  await keyboard.press("Escape");
  assert.equal(await student.page.locator(".explained .where").count(), 0);
  await student.leave();
});

test("space_trains_and_pauses_but_not_while_one_types", async () => {
  const student = await Student.arrive();
  await student.open();
  await student.ready();
  await student.page.locator(".field").first().focus();
  await student.page.keyboard.press("Space");
  await student.step_reached(2);
  await student.page.keyboard.press("Space");
  await student.ready();
  const step = await student.step();
  await student.page.getByRole("textbox", { name: "A text of your own" }).focus();
  await student.page.keyboard.type(" and more");
  await student.page.waitForTimeout(200);
  assert.equal(await student.step(), step);
  await student.leave();
});

test("the_focus_is_visible_wherever_it_goes", async () => {
  const student = await Student.arrive();
  await student.open();
  await student.ready();
  for (let stop = 0; stop < 20; stop++) {
    await student.page.keyboard.press("Tab");
    const shown = await student.page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return true;
      const marked =
        at instanceof HTMLInputElement && at.type === "radio" ? (at.nextElementSibling ?? at) : at;
      return getComputedStyle(marked).outlineStyle !== "none";
    });
    assert.ok(shown, `stop ${stop + 1}`);
  }
  await student.leave();
});
