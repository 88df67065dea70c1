import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "./harness.js";
import { Student } from "./student.js";

/** @param {string} name */
const script_of = (name) => readFile(new URL(`../script/cases/${name}.py`, import.meta.url), "utf8");

/** Opens the editor, and puts a text in it as pasting does. @param {Student} student @param {string} text */
async function paste(student, text) {
  const { page } = student;
  await page.locator(".cm-content").waitFor();
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(text);
}

test("tutorial_003s_script_is_stepped_to_its_end_and_its_step_is_a_cell_with_the_same_numbers", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/step");
  await student.step_ready();
  await page.locator("unrolled-step-cells label", { hasText: "Your own" }).click();
  await paste(student, await script_of("tutorial_003"));
  await page.getByText("The loop of line 17 runs 100 times.").waitFor();
  await page.getByRole("button", { name: "Step through the script" }).click();
  const narration = page.locator("unrolled-script .narration");
  const standing = page.locator("unrolled-step-transport .standing");
  const now = page.locator("unrolled-script-code .now code");
  await narration.filter({ hasText: "Line 1 gives np the module numpy." }).waitFor();
  // The loop line included, forwards and backwards, with the keys of the walk through a cell.
  while (!(await narration.innerText()).includes("turn 1 of 100")) await page.keyboard.press("ArrowRight");
  assert.match(await now.innerText(), /for input_t in input_sequence/);
  await page.keyboard.press("ArrowRight");
  assert.equal(await narration.innerText(), "Line 18 gives output_t an array of shape (64,).");
  await page.keyboard.press("ArrowRight");
  const entries = page.locator(".entries li");
  assert.match(await entries.innerText(), /\[0\]\s*\(64,\)/);
  for (const count of [2, 3]) {
    await page.keyboard.press("Shift+ArrowRight");
    await page.locator(".collected h2", { hasText: `${count} entries` }).waitFor();
    assert.equal(await entries.count(), count);
  }
  await page.keyboard.press("Shift+ArrowLeft");
  await page.locator(".collected h2", { hasText: "2 entries" }).waitFor();
  assert.equal(await page.locator("unrolled-script .output pre").count(), 0);
  await page.keyboard.press("End");
  await page.locator(".output pre", { hasText: "(6400,)" }).waitFor();
  await page.locator(".collected h2", { hasText: "successive_outputs 100 entries" }).waitFor();
  await page.getByRole("button", { name: "Why (6400,) and not (100, 64)?" }).click();
  await page.getByText("100 · 64 = 6400 numbers in one vector").waitFor();
  await page.getByText("np.stack(successive_outputs)").waitFor();
  // It is there again after a reload, at the same place.
  await page.waitForFunction(() => /step-script-at=\d{3}/.test(location.hash));
  await page.reload();
  await page.locator(".output pre", { hasText: "(6400,)" }).waitFor();
  // From the third timestep to the cell: the same numbers.
  for (let k = 0; k < 2; k++) await page.keyboard.press("ArrowLeft");
  await standing.filter({ hasText: /line \d+$/ }).waitFor();
  await page.getByRole("button", { name: "the loop over time" }).click();
  for (let k = 0; k < 2; k++) await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("ArrowRight");
  await narration.filter({ hasText: "output_t" }).waitFor();
  await page.locator("unrolled-script-values .given unrolled-cells").click({ position: { x: 2, y: 5 } });
  const picked = await page.locator(".picked").innerText();
  const value = Number(/output_t\[0\] = (\S+)/.exec(picked)?.[1]);
  await page.getByRole("button", { name: "This step as a cell" }).click();
  await page.locator("unrolled-step-listing code", { hasText: "np.tanh" }).first().waitFor();
  await page
    .locator("unrolled-step-origin", { hasText: "with its weights and the inputs" })
    .waitFor({ state: "attached" });
  await standing.filter({ hasText: "timestep 3 of 100" }).waitFor();
  await page.keyboard.press("ArrowRight");
  await page
    .locator("unrolled-step-listing .strip")
    .first()
    .click({ position: { x: 0, y: 5 } });
  const shown = await page.locator("unrolled-step-number").innerText();
  const near = [...shown.matchAll(/\d+\.\d+/g)].some(([text]) => Math.abs(Number(text) - value) < 6e-4);
  assert.ok(near, `${value} in ${shown}`);
  // Back through its adjoint to the first timestep.
  await page.keyboard.press("End");
  await page.keyboard.press("Shift+ArrowLeft");
  await standing.filter({ hasText: "timestep 1 of 100 · backward" }).waitFor();
  // To the script and nothing is lost.
  await page.getByRole("button", { name: "Back to the script" }).click();
  await standing.filter({ hasText: "timestep 3 of 100" }).waitFor();
  await page.getByRole("button", { name: "This step as a cell" }).click();
  // A few updates of training, with their losses.
  await page.getByRole("button", { name: "Train this cell" }).click();
  await student.ready();
  await student.press("Train");
  await student.step_reached(3);
  await student.press("Pause");
  const losses = await student.table("Loss as a table");
  assert.ok(losses.length >= 3 && losses.every(([, loss]) => Number(loss) > 0), String(losses));
  await student.leave();
});

const PSEUDO = `state_t = 0
for input_t in input_sequence:
    output_t = f(input_t, state_t)
    state_t = output_t
`;

test("pseudo_code_names_what_it_leaves_open_and_a_choice_is_written_into_it", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/step");
  await student.step_ready();
  await page.locator("unrolled-step-cells label", { hasText: "Your own" }).click();
  await paste(student, PSEUDO);
  const names = page.locator("unrolled-script-holes li");
  await names.nth(2).waitFor();
  const open = (await names.locator("code:first-child").allTextContents()).slice(0, 3);
  assert.deepEqual(open, ["input_sequence", "f", "state_t"]);
  const choice = page.getByRole("combobox", { name: "f, a function of 2 values" });
  assert.equal(await choice.locator("option").count(), 3);
  await choice.selectOption({ index: 2 });
  await page.locator(".cm-line", { hasText: "def f(input_t, state_t): return np.maximum(0," }).waitFor();
  // Now it is a script without anything open, whose choices can still be made.
  await page.getByText("The choices are written into the text.").waitFor();
  await choice.selectOption({ index: 0 });
  await page.locator(".cm-line", { hasText: "def f(input_t, state_t): return np.tanh(" }).waitFor();
  await page.getByText(/The loop of line \d+ runs 100 times/).waitFor();
  await page.getByRole("button", { name: "Step through the script" }).click();
  await page.locator("unrolled-script .narration", { hasText: "Line 1" }).waitFor();
  await student.leave();
});

test("min_char_rnn_is_stepped_and_its_dictionaries_grow", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/step");
  await student.step_ready();
  await page.locator("unrolled-step-cells label", { hasText: "Your own" }).click();
  await paste(student, await script_of("min_char"));
  await page.getByText("A whole script.").waitFor();
  await page.getByRole("button", { name: "Step through it" }).click();
  await page.getByRole("button", { name: "the loop over time" }).click();
  const narration = page.locator("unrolled-script .narration");
  await narration.filter({ hasText: "turn 1 of 8: it gives t 0" }).waitFor();
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  const collected = page.locator(".collected", { has: page.locator("h2", { hasText: /^hs/ }) });
  // hs[-1] is the state before the first timestep.
  await collected.locator("h2", { hasText: "3 entries" }).waitFor();
  assert.match(await collected.locator("li").first().innerText(), /\[-1\]\s+\(10, 1\)/);
  await page.keyboard.press("End");
  await page.locator(".output pre", { hasText: "loss" }).waitFor();
  // Its state is a column, and so it is in the cell.
  await page.getByRole("button", { name: "This step as a cell" }).click();
  await page
    .locator("unrolled-step-origin", { hasText: "with its weights and the inputs" })
    .waitFor({ state: "attached" });
  await student.leave();
});
