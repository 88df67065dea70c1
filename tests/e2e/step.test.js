import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

/** The Step view with its engine running. @param {Student} student @param {string} [fragment] */
async function open(student, fragment = "") {
  await student.open(fragment);
  await student.step_ready();
}

const number = (/** @type {Student} */ student) => student.page.locator("[data-figure=number]").textContent();
const standing = (/** @type {Student} */ student) =>
  student.page.locator("unrolled-step-transport .standing").textContent();
const here = (/** @type {Student} */ student) => student.page.locator(".phases .here").innerText();

/** @param {Student} student @param {RegExp} pattern */
async function stands(student, pattern) {
  await student.page.waitForFunction(
    (source) =>
      new RegExp(source).test(document.querySelector("unrolled-step-transport .standing")?.textContent ?? ""),
    pattern.source,
  );
}

test("a_student_steps_forward_to_the_loss_backward_through_the_adjoint_and_back_again", async () => {
  const student = await Student.arrive();
  await open(student, "#/step?step-text=good+film&step-at=0&step-unit=2");
  const { keyboard } = student.page;
  /** @type {string[]} */
  const phases = [];
  /** @type {(string | null)[]} */
  const numbers = [];
  for (let more = true; more;) {
    const phase = (await here(student)) ?? "";
    if (phases.at(-1) !== phase) phases.push(phase);
    numbers.push(
      await student.page
        .locator(".value, form.value input")
        .first()
        .evaluate(
          (shown) =>
            /** @type {HTMLInputElement} */ (shown.querySelector("input") ?? shown).value ||
            shown.textContent,
        ),
    );
    more = await student.page.getByRole("button", { name: "line ›" }).isEnabled();
    if (more) await keyboard.press("ArrowRight");
  }
  const word = ["read the word", "gates", "new state"];
  assert.deepEqual(phases, [
    ...word,
    ...word,
    "output",
    "loss",
    "gradient at the output",
    "back through time",
    "sum over time",
  ]);
  // 2 words of a line for the word and 7 of the listing, 3 of the output, 7 back through it, 2 times 17 of the
  // adjoint, 3 weights.
  assert.equal(numbers.length, 2 * 8 + 3 + 7 + 2 * 17 + 3);
  for (let k = numbers.length - 2; k >= 0; k--) {
    await keyboard.press("ArrowLeft");
    const shown = await student.page
      .locator(".value, form.value input")
      .first()
      .evaluate(
        (at) => /** @type {HTMLInputElement} */ (at.querySelector("input") ?? at).value || at.textContent,
      );
    assert.equal(shown, numbers[k], `stop ${k} shows the same number on the way back`);
  }
  await student.leave();
});

test("an_operand_is_followed_back_to_the_word_that_it_came_from", async () => {
  const student = await Student.arrive();
  await open(student, "#/step?step-at=19&step-unit=5");
  const { page } = student;
  assert.match((await page.locator(".which").textContent()) ?? "", /f\[5\].*forget gate of unit 5 at “bad”/);
  await page.locator(".parts button.link", { hasText: /^x\[/ }).first().click();
  await page.waitForFunction(() =>
    /x\[\d\].*“bad”/.test(document.querySelector(".which")?.textContent ?? ""),
  );
  assert.match(
    (await page.locator("unrolled-step-number").textContent()) ?? "",
    /an input: type\s+another number/,
  );
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => /f\[5\]/.test(document.querySelector(".which")?.textContent ?? ""));
  await student.leave();
});

test("three_levels_and_escape_leads_up_through_them", async () => {
  const student = await Student.arrive();
  await open(student, "#/step?step-at=19&step-unit=5");
  const { page } = student;
  await page.keyboard.press("Enter");
  await page.getByText("One sum, term by term").waitFor();
  await page.locator(".terms tbody tr").first().waitFor(); // What shows a sum is loaded when it is asked for.
  // x has 8 numbers, h has 12, and there is the bias.
  assert.equal(await page.locator(".terms tbody tr").count(), 21);
  await page.keyboard.press("Escape");
  await page.getByRole("group", { name: "Diagram of the cell" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("The whole sequence, unrolled").waitFor();
  assert.equal(await page.locator(".columns").count(), 0);
  // A number of the overview leads to the line that makes it.
  const memory = page.locator(".sequence figure", { has: page.locator("b", { hasText: /^c$/ }) });
  await memory.locator("unrolled-cells").click({ position: { x: 4, y: 4 } });
  await stands(student, /line \d+ · word 1 of 9/);
  assert.match((await page.locator(".code .now code").textContent()) ?? "", /^\s*c = /);
  await page.locator(".which", { hasText: /c\[\d+\]\s+memory of unit \d+ at “not”/ }).waitFor();
  await page.getByRole("button", { name: "Overview: all words" }).click();
  await page.locator(".sequence .labels button", { hasText: "slow" }).click();
  await stands(student, /word 8 of 9/);
  // The two gradients of one name at a word are told apart.
  await page.getByRole("button", { name: "back through time" }).click();
  await page.locator(".which", { hasText: /d_h\[\d+\]\s+gradient that arrives at “one”/ }).waitFor();
  await page.keyboard.press("Shift+ArrowRight");
  await stands(student, /word 8 of 9 · backward/);
  await page.keyboard.press("ArrowLeft");
  await page.locator(".which", { hasText: /d_c\[\d+\]\s+gradient sent to “slow”/ }).waitFor();
  await page.keyboard.press("ArrowLeft");
  await page.locator(".which", { hasText: /d_h\[\d+\]\s+gradient sent to “slow”/ }).waitFor();
  await page.getByText(/d_h\[\d+\], sent to “slow”, is the weighted sum of dz/).waitFor();
  await student.leave();
});

test("a_changed_weight_changes_what_follows_and_is_taken_back", async () => {
  const student = await Student.arrive();
  await open(student, "#/step?step-at=22&step-unit=0");
  const { page } = student;
  const before = await number(student);
  const bias = page
    .locator(".array", { has: page.locator("b", { hasText: /^b$/ }) })
    .locator("unrolled-cells");
  await bias.click({ position: { x: 2, y: 5 } });
  await page.getByRole("textbox", { name: "b_i[0], change it" }).fill("4");
  await page.keyboard.press("Enter");
  await page.getByText("1 number changed, last b_i[0]").waitFor();
  // The numbers as they are now come first, their difference on request.
  assert.equal(await page.getByText("Difference made by your edit").count(), 0);
  // Above the words both: the prediction before the change and now.
  await page
    .locator(".links .above", { hasText: /^\s*\.\d\d→\.\d\d\s*$/ })
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Show the difference" }).click();
  await page.locator("unrolled-chain").getByText("Difference made by your edit").waitFor();
  await page.locator(".cell .legend", { hasText: "Difference made by your edit" }).waitFor();
  await page.getByRole("button", { name: "Follow the line" }).click();
  const after = await number(student);
  assert.notEqual(after, before);
  assert.match(
    (await page.locator("unrolled-step-number .before").textContent()) ?? "",
    /^was .*, changed by/,
  );
  await page.getByRole("button", { name: "Undo" }).click();
  assert.equal(await number(student), before);
  assert.equal(await page.locator(".changed").count(), 0);
  await student.leave();
});

test("what_is_no_number_is_said_and_changes_nothing", async () => {
  const student = await Student.arrive();
  await open(student, "#/step?step-at=16&step-unit=0");
  await student.page.getByRole("textbox", { name: "x[0], change it" }).fill("much");
  await student.page.keyboard.press("Enter");
  await student.page.getByText("This must be a number").waitFor();
  assert.equal(await student.page.locator(".changed").count(), 0);
  await student.leave();
});

test("playing_moves_by_itself_and_pauses", async () => {
  const student = await Student.arrive();
  await open(student, "#/step?step-at=0&step-speed=16");
  await student.page.keyboard.press("Space");
  await stands(student, /word 3 of 9/);
  await student.page.keyboard.press("Space");
  const held = await standing(student);
  await student.page.waitForTimeout(300);
  assert.equal(await standing(student), held);
  await student.leave();
});

test("all_cells_can_be_chosen_and_stepped", async () => {
  const student = await Student.arrive();
  await open(student);
  const names = await student.page
    .locator("unrolled-step-cells option:not([disabled])")
    .evaluateAll((found) => found.map((one) => /** @type {HTMLOptionElement} */ (one).value));
  assert.ok(names.length >= 14, `${names.length} other cells`);
  for (const name of names) {
    await student.page.locator("unrolled-step-cells select").selectOption(name);
    await student.page.locator("unrolled-step-listing h2", { hasText: `${name}.py` }).waitFor();
    await student.page.keyboard.press("End");
    assert.equal(await here(student), "sum over time", name);
    await student.page.keyboard.press("Home");
    assert.equal(await student.page.locator(".wrong").count(), 0, name);
  }
  await student.leave();
});

test("tutorial_003_saturates_and_the_page_says_so", async () => {
  const student = await Student.arrive();
  await open(student);
  await student.page.locator("unrolled-step-cells select").selectOption("tutorial_003");
  await student.page.locator(".code", { hasText: "output_t" }).waitFor();
  // Nothing has been computed yet, so nothing is said of it.
  assert.equal(await student.page.getByText("tanh is saturated").count(), 0);
  await student.page.getByRole("button", { name: "line ›" }).click();
  await student.page.getByText("100 % of all |state_t| are 1").waitFor();
  assert.equal(await student.page.getByRole("spinbutton", { name: "Units" }).inputValue(), "64");
  await stands(student, /of 100/);
  await student.leave();
});

test("a_sequence_of_numbers_can_be_typed", async () => {
  const student = await Student.arrive();
  await open(student);
  await student.page.locator("unrolled-step-setup select").first().selectOption("numbers");
  await student.page.getByRole("textbox", { name: "The numbers" }).fill("1 0 -1 0");
  await stands(student, /of 4/);
  await student.page.getByRole("textbox", { name: "The numbers" }).fill("1 two");
  await student.page.getByText("the sequence must be made of numbers such as -0.5").waitFor();
  await stands(student, /of 4/);
  await student.leave();
});
