/**
 * The tour: by mouse, by keyboard and on a phone; its card never lies over what it speaks of; it can be left, taken up
 * again and sent as a link, and gives back what was there before.
 */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";
import { lies_beside } from "./tour_card.js";

const STEPS = 8;

/** Longest wait for the Train view to be ready and to make its first updates. */
const TRAINING_MS = 120_000;

/** @param {Student} student @param {number} number @returns {Promise<void>} */
async function at_step(student, number) {
  await student.page.getByText(`Tour, ${number} of ${STEPS}`).waitFor();
}

/** @param {Student} student waits for what the card says once the reader has acted */
async function answered(student) {
  const said = student.page.locator(".tour-card .said:not(:empty)");
  await said.waitFor({ timeout: TRAINING_MS });
  return (await said.textContent())?.trim() ?? "";
}

/** @param {Student} student waits until training can start */
async function trainable(student) {
  await student.page.locator("unrolled-transport .primary:enabled").waitFor({ timeout: TRAINING_MS });
}

/** @param {Student} student what has a role in the card has a name */
async function is_named(student) {
  const card = student.page.getByRole("dialog", { name: /\S/ });
  assert.equal(await card.count(), 1);
  for (const button of await card.getByRole("button").all())
    assert.match((await button.textContent()) ?? "", /\S/);
}

const WIDE = [
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
  { width: 1024, height: 768 },
];
const PHONE = { width: 390, height: 844 };

/** @param {Student} student plays as fast as it can, so that no test waits for words that pass by */
async function hurry(student) {
  await student.page.locator(".speed select").first().selectOption("16");
}

/** More lines than the pass back through the LSTM has for one word. */
const LINES_OF_A_WORD = 40;

/**
 * Goes through all steps. Each is entered at another one of the sizes and looked at in all of them, before and after
 * the reader has acted.
 * @param {{ width: number, height: number }[]} sizes
 */
async function card_lies_beside(sizes) {
  const student = await Student.arrive({ viewport: sizes[0] });
  const everywhere = async (/** @type {number} */ first) => {
    for (let k = 0; k < sizes.length; k++) {
      await student.page.setViewportSize(sizes[(first + k) % sizes.length]);
      await student.page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      await lies_beside(student);
    }
    await is_named(student);
  };
  await student.open("#/step?tour=1");
  for (let number = 1; number <= STEPS; number++) {
    await at_step(student, number);
    if (number === 7) await trainable(student);
    const told = (await student.page.locator(".tour-card").innerText()) ?? "";
    assert.equal(sizes[0] === PHONE && /↑|space bar/.test(told), false, `a phone has no keys: ${told}`);
    await everywhere(number - 1);
    if (number === STEPS) break;
    if (number === 6 && sizes[0] === PHONE) {
      // The page follows no line that is read while the tour speaks of the chain.
      const line = student.page.locator("unrolled-step-transport .primary + button");
      for (let k = 0; k < LINES_OF_A_WORD; k++) await line.dispatchEvent("click");
      await everywhere(number - 1);
    }
    if (number !== 7) {
      if (number === 4 || number === 6) await hurry(student);
      await student.press("Show me");
      await answered(student);
      await everywhere(number - 1);
    }
    await student.page.setViewportSize(sizes[number % sizes.length]);
    await student.press("Next");
  }
  await student.leave();
}

test("the_card_of_the_tour_lies_beside_what_it_speaks_of_in_wide_windows", () => card_lies_beside(WIDE));

test("the_card_of_the_tour_lies_beside_what_it_speaks_of_on_a_phone", () => card_lies_beside([PHONE]));

test("the_tour_is_taken_with_the_mouse_and_ends", async () => {
  const student = await Student.arrive({ viewport: { width: 1440, height: 900 } });
  await student.open("");
  const { page } = student;
  await student.press("Take the tour");
  await at_step(student, 1);
  await page.waitForFunction(() => /tour=1/.test(location.hash));
  await page.getByRole("button", { name: "word ›" }).click();
  assert.match(await answered(student), /^“not” has been read.*\d+\.\d % positive\.$/);
  await student.press("Next");
  await at_step(student, 2);
  await page.locator(".code .now unrolled-cells").click();
  const said = await answered(student);
  const gate = /^f\[(\d+)\] = (0\.\d{3}) at “a”: unit (\d+) keeps (\d+\.\d) %/.exec(said);
  assert.ok(gate, said);
  assert.equal(gate[1], gate[3]);
  assert.ok(Math.abs(Number(gate[2]) * 100 - Number(gate[4])) < 0.11);
  await student.press("Next");
  await at_step(student, 3);
  // A click selects the whole number, and a change that cannot be seen is not taken for an answer.
  const field = page.locator("unrolled-step-number form.value input");
  await field.click();
  await page.keyboard.type("0.0101\n");
  await page.locator(".tour-card .task").getByText("type a larger number").waitFor();
  await page.locator("unrolled-step-number h2").first().click();
  await field.click({ position: { x: 20, y: 10 } });
  await page.keyboard.type("3\n");
  assert.match(await answered(student), /is now 3\.000\. .* was \d+\.\d % and is now \d+\.\d % positive/);
  await student.press("Next");
  await at_step(student, 4);
  await hurry(student);
  await student.press("Play");
  assert.match(await answered(student), /It moves most at “.+”: from .+ to .+\. At the end it is/);
  await student.press("Next");
  await at_step(student, 5);
  await page.getByRole("button", { name: "line ›" }).click();
  await page.getByRole("button", { name: "line ›" }).click();
  const loss = /got (\d+\.\d) %, so the loss is (\d+\.\d+)/.exec(await answered(student));
  assert.ok(loss);
  const share = Number(loss[1]) / 100;
  // Both are rounded to the digits that are shown.
  const rounding = 0.0005 / share + 0.5 * 10 ** -loss[2].split(".")[1].length;
  assert.ok(Math.abs(-Math.log(share) - Number(loss[2])) < 1.01 * rounding, loss[0]);
  await student.press("Next");
  await at_step(student, 6);
  await hurry(student);
  await student.press("Play");
  assert.match(await answered(student), /“not”/);
  await student.press("Next");
  await at_step(student, 7);
  await trainable(student);
  await student.press("Train");
  assert.match(await answered(student), /^After \d+ updates/);
  await student.press("Next");
  await at_step(student, 8);
  await page.getByRole("textbox", { name: "The sentence" }).fill("a truly bad film");
  assert.match(await answered(student), /After the last word, “film”/);
  await student.press("Finish");
  await page.locator(".tour-card").waitFor({ state: "detached" });
  assert.equal(await page.getByRole("button", { name: "Take the tour" }).count(), 0);
  await page.getByRole("button", { name: "Tour", exact: true }).waitFor();
  await student.notice(/your sentence stays/);
  await student.leave();
});

/** @param {Student} student @param {string} selector goes there with the Tab key */
async function tab_to(student, selector) {
  const { page } = student;
  for (let k = 0; k < 12; k++) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`the Tab key does not lead to ${selector}`);
}

test("the_tour_is_taken_with_the_keyboard_alone", async () => {
  const student = await Student.arrive({ viewport: { width: 1280, height: 720 } });
  await student.open("#/step?tour=1");
  const { page } = student;
  const entered = async (/** @type {number} */ number) => {
    await at_step(student, number);
    await page.waitForFunction(() => document.activeElement?.classList.contains("tour-card"));
  };
  const next = async () => {
    await tab_to(student, ".tour-card .next");
    await page.keyboard.press("Enter");
  };
  /** Takes the focus to what the step speaks of. */
  const go_there = async () => {
    await tab_to(student, ".tour-card footer button:nth-of-type(2)");
    await page.keyboard.press("Enter");
  };
  /** The answer takes the focus back to the card. */
  const next_is_offered = () =>
    page.waitForFunction(() => document.activeElement?.classList.contains("next"), undefined, {
      timeout: TRAINING_MS,
    });
  await entered(1);
  await page.keyboard.press("Shift+ArrowRight");
  await answered(student);
  await next();
  await entered(2);
  await page.keyboard.press("ArrowUp");
  assert.match(await answered(student), /^f\[/);
  await next();
  await entered(3);
  await go_there();
  await page.keyboard.type("3\n");
  await answered(student);
  await next_is_offered();
  await page.keyboard.press("Enter");
  await entered(4);
  await page.locator(".speed select").first().press("End");
  await page.locator(".tour-card").focus();
  await page.keyboard.press("Space");
  assert.match(await answered(student), /It moves most at “.+”/);
  await next();
  await entered(5);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.match(await answered(student), /so the loss is \d/);
  await next();
  await entered(6);
  await page.locator(".speed select").first().press("End");
  await page.locator(".tour-card").focus();
  await page.keyboard.press("Space");
  assert.match(await answered(student), /‖d_h‖.*is \d/);
  await next();
  await entered(7);
  await trainable(student);
  await go_there();
  await page.keyboard.press("Enter");
  assert.match(await answered(student), /^After \d+ updates/);
  await next_is_offered();
  await page.keyboard.press("Enter");
  await entered(8);
  await go_there();
  await page.keyboard.type("a truly");
  await page.locator(".said", { hasText: "After the last word, “truly”" }).waitFor();
  await page.keyboard.type(" bad film");
  await page.locator(".said", { hasText: "After the last word, “film”" }).waitFor();
  await page.keyboard.press("Enter");
  await next_is_offered();
  await page.keyboard.press("Enter");
  await page.locator(".tour-card").waitFor({ state: "detached" });
  await student.notice(/your sentence stays/);
  await student.leave();
});

test("escape_leaves_the_tour_and_it_can_be_taken_up_again", async () => {
  const student = await Student.arrive({ viewport: { width: 1280, height: 720 } });
  await student.open("#/step?tour=4");
  const { page } = student;
  await at_step(student, 4);
  await page.waitForFunction(() => document.activeElement?.classList.contains("tour-card"));
  await page.keyboard.press("Escape");
  await page.locator(".tour-card").waitFor({ state: "detached" });
  await page
    .getByRole("button", { name: `Resume the tour (4 of ${STEPS})` })
    .first()
    .waitFor();
  await student.leave();
});

test("the_tour_is_left_and_taken_up_again_and_gives_back_what_was_there", async () => {
  const student = await Student.arrive({ viewport: { width: 1440, height: 900 } });
  await student.open("#/step?step-text=my+own+words+here&step-unit=3");
  const { page } = student;
  const sentence = () => page.getByRole("textbox", { name: "The sentence" }).inputValue();
  await page.locator("unrolled-chain .word", { hasText: "own" }).waitFor();
  await student.press("Take the tour");
  await at_step(student, 1);
  assert.equal(await sentence(), "not a bad film, just a very slow one");
  await student.press("Next");
  await at_step(student, 2);
  await page.waitForFunction(() => /tour=2/.test(location.hash));
  await page.reload();
  await at_step(student, 2);
  await student.press("Leave");
  await page.locator("unrolled-chain .word", { hasText: "own" }).waitFor();
  assert.equal(await sentence(), "my own words here");
  await page.waitForFunction(() => !location.hash.includes("tour"));
  await page.reload();
  await page
    .locator("unrolled-guide")
    .getByRole("button", { name: `Resume the tour (2 of ${STEPS})` })
    .click();
  await at_step(student, 2);
  await student.leave();
});

test("the_introduction_is_closed_and_stays_closed", async () => {
  const student = await Student.arrive();
  await student.open("");
  await student.press("Close the introduction");
  await student.page.reload();
  await student.page.getByRole("button", { name: "Play", exact: true }).waitFor();
  assert.equal(await student.page.locator(".lead").count(), 0);
  await student.page.getByRole("button", { name: "Tour", exact: true }).waitFor();
  await student.leave();
});

for (const viewport of [WIDE[1], PHONE]) {
  test(`a_notice_moves_nothing_and_covers_neither_transport_nor_line_at_${viewport.width}`, async () => {
    const student = await Student.arrive({ viewport });
    await student.open("#/step");
    const { page } = student;
    await page.locator(".code .now").waitFor();
    const boxes = () =>
      page.evaluate(() =>
        ["unrolled-step-transport", ".code .now", "unrolled-chain"].map((name) => {
          const { left, top, right, bottom } = /** @type {Element} */ (
            document.querySelector(name)
          ).getBoundingClientRect();
          return { left, top, right, bottom };
        }),
      );
    const before = await boxes();
    await page.evaluate(async () => {
      const { notify } = await import(new URL("www/state/shared/store.js", document.baseURI).href);
      notify({
        key: "test",
        kind: "note",
        text: "A notice of two lines, which says what happened and what to do.",
      });
    });
    await student.notice(/of two lines/);
    assert.deepEqual(await boxes(), before);
    const notice = await page.locator(".notice").boundingBox();
    assert.ok(notice);
    for (const { left, top, right, bottom } of before.slice(0, 2)) {
      const apart =
        notice.x >= right ||
        notice.x + notice.width <= left ||
        notice.y >= bottom ||
        notice.y + notice.height <= top;
      assert.ok(apart, JSON.stringify({ notice, covered: { left, top, right, bottom } }));
    }
    await student.press("Dismiss");
    assert.equal(await page.locator(".notice").count(), 0);
    await student.leave();
  });
}
