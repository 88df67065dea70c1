/**
 * What stands in the Step view is of one and the same position, number and text: also after a leap to another phase,
 * with another text, and with a text that cannot be read.
 */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

/**
 * The Step view with its engine running.
 * @param {string} fragment @param {{ width: number, height: number }} [viewport]
 */
async function arrive(fragment, viewport) {
  const student = await Student.arrive(viewport ? { viewport } : {});
  await student.open(fragment);
  await student.step_ready();
  return student;
}

/** @param {string} text @returns {number} */
const number = (text) => Number(text.trim().replace("−", "-"));

/** @param {Student} student waits until the page has rendered */
const rendered = (student) => student.page.evaluate(() => new Promise((done) => setTimeout(done)));

/** The word of the dark box. @param {Student} student */
const here = (student) => student.page.locator("unrolled-chain .links .here .word").textContent();

test("an_open_sum_and_the_sum_over_time_show_the_same_number", async () => {
  const student = await arrive("#/step?step-at=2&step-unit=5");
  const { page } = student;
  await page.getByRole("button", { name: "Open the sum" }).click();
  await page.locator(".phases button", { hasText: "sum over time" }).click();
  for (const gradient of ["d_W", "d_U", "d_b"]) {
    const label = await page.locator(".which code").innerText();
    assert.match(label, new RegExp(`^${gradient}(_\\w+)?\\[`));
    assert.equal((await page.locator(".cell tfoot th").innerText()).trim(), label);
    const total = await page.locator("unrolled-step-number output.value").innerText();
    assert.equal((await page.locator(".cell tfoot td").innerText()).trim(), total.trim());
    const cell = await page.locator(".cell tbody tr td:last-child").allInnerTexts();
    assert.ok(Math.abs(number(cell[cell.length - 1]) - number(total)) < 0.001, "the last sum is the total");
    const parts = await page.locator("unrolled-step-number .parts tr td:last-child").allInnerTexts();
    const sum = parts.reduce((all, part) => all + number(part), 0);
    assert.ok(Math.abs(sum - number(total)) < 0.001, `${sum} and ${total}`);
    if (gradient !== "d_b") await page.getByRole("button", { name: "line ›" }).click();
  }
  await student.leave();
});

test("no_number_is_said_to_be_itself_and_no_product_has_another_sign_than_its_factors", async () => {
  const student = await arrive("#/step?step-at=90&step-unit=5&step-cell=gru");
  const { page } = student;
  const last = Number(await page.locator(".slide input").getAttribute("max"));
  let products = 0;
  for (let at = 80; at <= last; at++) {
    await page.locator(".slide input").evaluate((slide, value) => {
      /** @type {HTMLInputElement} */ (slide).value = String(value);
      slide.dispatchEvent(new Event("input", { bubbles: true }));
    }, at);
    const { said, parts } = await page.evaluate(async () => {
      await new Promise((done) => setTimeout(done));
      const text = (/** @type {string} */ selector, within = document) =>
        [...within.querySelectorAll(selector)].map((one) => one.textContent?.trim().replace("−", "-") ?? "");
      const rows = [...document.querySelectorAll(".parts:not(.in-line) tr:has(small)")];
      return {
        said: text(".formula code:last-child b"),
        parts: rows.map((row) => {
          const [factors, value] = [row.querySelector("small"), row.querySelector("td:last-child")];
          return [factors, value].map((one) => one?.textContent?.trim().replaceAll("−", "-") ?? "");
        }),
      };
    });
    if (said.length === 2) assert.notEqual(said[0], said[1], `at ${at}`);
    for (const [factors, value] of parts) {
      products += 1;
      const [minus, one, two] = /** @type {RegExpExecArray} */ (
        /^(-\()?(-?[\d.e-]+) × (-?[\d.e-]+)\)?$/.exec(factors)
      ).slice(1);
      const product = (minus ? -1 : 1) * Number(one) * Number(two);
      assert.ok(Math.abs(product - Number(value)) < 0.002, `at ${at}: ${factors} = ${value}`);
    }
  }
  assert.ok(products > 20, `${products} products`);
  await student.leave();
});

test("another_text_begins_at_its_first_word_and_another_cell_keeps_the_word", async () => {
  const student = await arrive("#/step?step-text=one+two+three+four&step-at=30");
  const { page } = student;
  const word = await here(student);
  assert.notEqual(word, "one", "the link's position counts");
  await page.getByRole("banner").getByText("GRU", { exact: true }).click();
  await page.locator("unrolled-step-listing h2", { hasText: "gru.py" }).waitFor();
  assert.equal(await here(student), word);
  await page.getByRole("textbox", { name: "The sentence" }).fill("five six seven eight nine");
  await page.locator("unrolled-chain .word", { hasText: "nine" }).waitFor();
  assert.equal(await here(student), "five");
  assert.match(await page.locator("unrolled-step-transport .standing").innerText(), /word 1 of 5 · forward/);
  await student.leave();
});

test("a_text_that_cannot_be_read_is_refused_and_what_still_stands_there_is_named", async () => {
  const student = await arrive("#/step");
  const { page } = student;
  const field = page.getByRole("textbox", { name: "The sentence" });
  const outdated = page.locator(".step.outdated");
  for (const [typed, refusal] of /** @type {[string, RegExp][]} */ ([
    ["", /Type at least one word\. What is shown is still “not a bad film just …”\./],
    ["film ".repeat(201), /at most 200 words.*201 words.*What is shown is still “not a bad film just …”\./],
  ])) {
    await field.fill(typed);
    await page.getByRole("alert").filter({ hasText: refusal }).waitFor();
    assert.equal(await outdated.count(), 1);
    await field.fill("not a bad film, just a very slow one");
    await outdated.waitFor({ state: "detached" });
    assert.equal(await page.locator("unrolled-step-notes .wrong").count(), 0);
  }
  await student.leave();
});

test("what_is_read_aloud_is_of_the_present_position", async () => {
  const student = await arrive("#/step?step-at=0");
  const { page } = student;
  const moves = [
    () => page.getByRole("button", { name: "line ›" }).click(),
    () => page.getByRole("button", { name: "word ›" }).click(),
    () => page.locator(".phases button", { hasText: /^\s*loss\s*$/ }).click(),
    () => page.locator(".phases button", { hasText: "back through time" }).click(),
    () => page.getByRole("button", { name: "line ›" }).click(),
    () => page.keyboard.press("Home"),
  ];
  await page.locator(".code .now unrolled-cells, .array unrolled-cells").first().hover();
  for (const move of moves) {
    await move();
    await page.mouse.move(2, 2);
    await rendered(student);
    const { live, line, word } = await page.evaluate(() => ({
      live: [
        ...document.querySelectorAll(
          "#view-step [aria-live], #view-step [role=status], #view-step [role=alert]",
        ),
      ]
        .filter((element) => !element.hasAttribute("hidden"))
        .map((element) => element.textContent?.replace(/\s+/g, " ").trim() ?? "")
        .filter((text) => text !== ""),
      line: document.querySelector(".code .now .row i")?.textContent ?? "",
      word: document.querySelector("unrolled-chain .links .here .word")?.textContent ?? null,
    }));
    assert.equal(live.length, 1, `one region speaks: ${JSON.stringify(live)}`);
    const spoken = /^“([^”]*)”, line (\d+)\. \S/.exec(live[0]);
    assert.ok(spoken, live[0]);
    assert.equal(spoken[2], line);
    if (word !== null) assert.equal(spoken[1], word);
  }
  await student.leave();
});

for (const viewport of [
  { width: 1280, height: 720 },
  { width: 390, height: 844 },
]) {
  test(`numbers_in_the_chain_are_read_out_and_its_buttons_are_large_enough_at_${viewport.width}`, async () => {
    const student = await arrive("#/step?step-text=a+good+film&step-at=23&step-unit=3", viewport);
    const { page } = student;
    const readout = page.locator(".readout:not([hidden])");
    const first = page.locator('unrolled-chain [data-t="0"]');
    const column = await first.locator(".column unrolled-cells").first().boundingBox();
    assert.ok(column);
    await page.mouse.move(column.x + column.width / 2, column.y + 2);
    assert.match(await readout.innerText(), /^h\[0\] = −?\d/);
    await page.mouse.move(2, 2);
    assert.equal(await readout.count(), 0);
    await page.locator('unrolled-chain .links [tabindex="0"].box').focus();
    await page.keyboard.press("Home");
    assert.match(await readout.innerText(), /^h\[3\] = −?\d/);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll("unrolled-chain button, unrolled-chain select")]
        .map((target) => ({
          text: target.textContent?.trim().slice(0, 20),
          box: target.getBoundingClientRect(),
        }))
        .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
        .map(({ text, box }) => `${text}: ${box.width} × ${box.height}`),
    );
    assert.deepEqual(small, []);
    await student.leave();
  });
}
