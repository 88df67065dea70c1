import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

const UGRNN = `def step(x, h, W, U, b):
    z_g, z_c = np.split(x @ W + h @ U + b, 2)
    g = sigmoid(z_g)
    c = np.tanh(z_c)
    h = g * h + (1 - g) * c
    return h
`;

const SCRIPT = `import numpy as np
np.random.seed(0)
xs = np.random.randn(5, 3)
W, U = np.random.randn(3, 4), np.random.randn(4, 4)
h = np.zeros(4)
hs = []
for x in xs:
    h = np.tanh(x @ W + h @ U)
    hs.append(h)
np.stack(hs).shape
`;

/** @param {Student} student */
async function own_cell(student) {
  await student.open("#/step");
  await student.step_ready();
  await student.page.locator("unrolled-step-cells label", { hasText: "Your own" }).click();
  await student.page.locator(".cm-content").waitFor();
  await student.page.getByText("Accepted.").waitFor();
}

/** Replaces what is in the editor, key by key. @param {Student} student @param {string} text */
async function write(student, text) {
  const { page } = student;
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
}

test("a_student_writes_ugrnn_by_hand_and_steps_through_it", async () => {
  const student = await Student.arrive();
  await own_cell(student);
  const { page } = student;
  await write(student, UGRNN);
  await page.getByText("Gradient check: passed").waitFor();
  await page.locator(".picture .element", { hasText: "σ" }).waitFor();
  await page.getByRole("button", { name: "Step through it" }).click();
  await page.locator("unrolled-step-listing code", { hasText: "h = g * h + (1 - g) * c" }).waitFor();
  await page.keyboard.press("Home");
  for (let k = 0; k < 4; k++) await page.keyboard.press("ArrowRight");
  assert.match((await page.locator(".code .now").textContent()) ?? "", /h = g \* h/);
  assert.match((await page.locator("unrolled-step-number .formula").textContent()) ?? "", /h\[\d+\] = .* = /);
  await page.keyboard.press("End");
  assert.equal(await page.locator(".phases .here").innerText(), "sum over time");
  // Of a whole script the step inside its loop becomes the cell.
  await page.getByRole("button", { name: "Edit the listing" }).click();
  await write(student, SCRIPT);
  await page.getByText("The loop of line 7 runs 5 times. The script prints (5, 4).").waitFor();
  await page.getByRole("button", { name: "Its step as a cell" }).click();
  const listing = page.locator("unrolled-step-listing .code");
  await listing.filter({ hasText: /def step\(x, h, W, U\):[\s\d]+h = np\.tanh\(x @ W \+ h @ U\)/ }).waitFor();
  await page.getByRole("button", { name: "Edit the listing" }).click();
  await write(student, UGRNN);
  await page.locator(".picture .element", { hasText: "σ" }).waitFor();
  await page.getByRole("button", { name: "Step through it" }).click();
  // A listing that is dropped takes the place of the one that was written; both are kept.
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(["import os\nos.system('ls')\n"], "other.py"));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
  });
  const mistakes = page.locator(".mistakes li");
  await mistakes.filter({ hasText: "os cannot be imported" }).waitFor();
  assert.equal(await mistakes.first().locator("code").first().textContent(), "os");
  assert.doesNotMatch((await mistakes.allTextContents()).join(" "), /never closed|:\.$|`/);
  assert.match(await page.locator(".cm-content").innerText(), /os\.system/);
  await student.notice(/This file brings a listing of its own/);
  await page.getByRole("button", { name: "Bring mine back" }).click();
  await page.locator(".cm-content", { hasText: "z_g, z_c" }).waitFor();
  await student.leave();
});

test("three_kinds_of_mistake_are_told_beside_their_line_while_the_last_good_cell_stays", async () => {
  const student = await Student.arrive();
  await own_cell(student);
  const { page } = student;
  const mistakes = [
    ["def step(x, h, W, U, b):\n    h = np.tanh(x @ W + h @ U + b\n    return h\n", 2],
    ["def step(x, h, W, U, b):\n    h = np.tahn(x @ W + h @ U + b)\n    return h\n", 2],
    [
      "def step(x, h, W, U, b):\n    z = x @ W + h @ U + b\n    h = np.tanh(z) + np.split(z, 2)[0]\n    return h\n",
      3,
    ],
  ];
  for (const [text, line] of mistakes) {
    await write(student, String(text));
    // Between the old text and the new one there is none for a moment, which is told too.
    await page.locator(".mistakes li:first-child", { hasText: `Line ${line}` }).waitFor();
    await page.locator(".cm-lintRange-error").first().waitFor();
    await page.locator(".cm-lint-marker-error").first().waitFor();
    assert.equal(await page.locator(".picture .element").count(), 2, "the last cell that worked stays");
    assert.ok(await page.getByRole("button", { name: "Step through it" }).isDisabled());
    await write(student, "def step(x, h, W, U, b):\n    h = np.tanh(x @ W + h @ U + b)\n    return h\n");
    await page.getByText("Accepted.").waitFor();
  }
  // Said to screen readers in one place, whose content alone changes.
  assert.equal(await page.locator("unrolled-step-editor [role=status]").count(), 1);
  await write(student, String(mistakes[1][0]));
  await page.locator(".mistakes li", { hasText: "Line 2: A listing has no function" }).waitFor();
  await page.getByRole("button", { name: "Step through that one" }).click();
  await page.locator("unrolled-step-listing code", { hasText: "np.tanh(x @ W + h @ U + b)" }).waitFor();
  // What was refused is there again, and it is still refused.
  await page.getByRole("button", { name: "Edit the listing" }).click();
  await page.locator(".cm-content", { hasText: "tahn" }).waitFor();
  await page.locator(".mistakes").waitFor();
  await student.leave();
});

test("on_a_phone_what_is_said_of_a_refused_text_is_in_sight_beside_the_line_that_is_edited", async () => {
  const viewport = { width: 390, height: 844 };
  const student = await Student.arrive({ viewport, reducedMotion: "reduce" });
  await own_cell(student);
  const { page } = student;
  for (const name of ["np.tahn", "np.median"]) {
    await page.evaluate(() => scrollTo(0, 0));
    await write(student, UGRNN.replace("np.tanh", name));
    await page.locator(".mistakes li", { hasText: name }).waitFor();
    await page.waitForFunction(() => {
      const box = (/** @type {string} */ what) => document.querySelector(what)?.getBoundingClientRect();
      const [said, line] = [box(".mistakes"), box(".cm-activeLine")];
      const [above, below] = [box(".step > .saying"), box("unrolled-step-transport")];
      return said && line && above && below && said.bottom <= below.top && line.top >= above.bottom;
    });
  }
  await student.leave();
});

test("what_was_typed_survives_a_reload_and_can_be_undone", async () => {
  const student = await Student.arrive();
  await own_cell(student);
  const { page } = student;
  await write(student, UGRNN);
  await page.getByText("Gradient check: passed").waitFor();
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("nonsense");
  await page.locator(".mistakes").waitFor();
  await page.keyboard.press("Control+Z");
  await page.getByText("Accepted.").waitFor();
  await page.waitForFunction(() => location.hash.includes("step-code="));
  await page.goto("about:blank");
  await own_cell(student);
  assert.match(
    (await page.locator(".cm-content").textContent()) ?? "",
    /np\.split\(x @ W \+ h @ U \+ b, 2\)/,
  );
  await student.leave();
});

test("a_cell_whose_numbers_overflow_is_called_so_and_breaks_nothing", async () => {
  const student = await Student.arrive();
  await own_cell(student);
  const { page } = student;
  await write(
    student,
    "def step(x, h, W, U, b):\n    h = np.exp(np.exp(x @ W + 10 * h @ U + b))\n    return h\n",
  );
  await page
    .getByText(/too large|not finite|cannot be checked|infinite|overflow/i)
    .first()
    .waitFor();
  assert.equal(await page.getByText("Gradient check: passed").count(), 0);
  await write(student, UGRNN);
  await page.getByText("Gradient check: passed").waitFor();
  await student.leave();
});

const MATRIX = `# size: d_k = 4
# size: d_v = 3
# shape: S = (d_v, d_k)
def linear(w, x):
    return x @ w["W"]

def step(x, S, p):
    S = S + np.outer(linear(p["v"], x), linear(p["k"], x))
    z = sigmoid(S @ linear(p['z'], x))  # z, not p["z"]
    y = 2 * z
    return y, S
`;

test("what_a_cell_hands_out_beside_its_states_its_sizes_and_the_keys_of_its_weights_are_what_they_are", async () => {
  const student = await Student.arrive();
  await own_cell(student);
  const { page } = student;
  const units = page.locator(".chosen .field-of", { hasText: "Units" });
  await units.locator("input").fill("9");
  await units.locator("input").press("Enter");
  await page.getByText("an untrained network with 9 units").waitFor();
  await write(student, MATRIX);
  await page
    .getByText("y is returned but is no state: it is computed and shown, but the output layer")
    .waitFor();
  // Units mean nothing where every size has a name; what was chosen comes back with a cell that has some.
  await page.locator(".chosen .field-of", { hasText: "d_v" }).waitFor();
  assert.equal(await units.count(), 0);
  await page.getByText("You are looking at: an untrained network: random word vectors").waitFor();
  await page.getByRole("button", { name: "Step through it" }).click();
  const listing = page.locator("unrolled-step-listing");
  await listing.locator("h2", { hasText: /^your cell, one timestep/ }).waitFor();
  const coloured = await listing
    .locator("code span[style*='--gate-z']")
    .evaluateAll((all) =>
      all.map((name) => [name.textContent?.trim(), name.previousSibling?.textContent?.slice(-1)]),
    );
  assert.equal(coloured.length, 2, `the gate where it is made and read, no key: ${JSON.stringify(coloured)}`);
  await page.getByRole("button", { name: "Edit the listing" }).click();
  await write(student, UGRNN);
  await units.waitFor();
  assert.equal(await units.locator("input").inputValue(), "9");
  assert.equal(await page.getByText("but is no state").count(), 0);
  await student.leave();
});
