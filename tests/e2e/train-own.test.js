import assert from "node:assert/strict";
import { LIBRARY } from "../../www/state/shared/listing_cell.js";
import { test } from "./harness.js";
import { Student } from "./student.js";

/** As for the cells of Keras: one to two epochs, on a slow and busy machine. */
const LEARNING_LIMIT_MS = 120_000;

/** What guessing pays, ln 2, minus what half an epoch teaches at the least. */
const LEARNED = 0.6;

const UGRNN = `# UGRNN by hand
def step(x, h, W, U, b):
    z_g, z_c = np.split(x @ W + h @ U + b, 2)
    g = sigmoid(z_g)
    c = np.tanh(z_c)
    h = g * h + (1 - g) * c
    return h
`;

/** @param {Student} student @param {string} text */
async function write_own_cell(student, text) {
  const { page } = student;
  await student.open("#/step");
  await student.step_ready();
  await page.locator("unrolled-step-cells label", { hasText: "Your own" }).click();
  await page.getByText("Accepted.").waitFor();
  await replace(student, text);
}

/** What is in the editor has been checked, not what was there before. @param {Student} student */
async function accepted({ page }) {
  await page.locator(".accepted:not(.stale)", { hasText: "Gradient check: passed" }).waitFor();
}

/** Replaces what is in the editor. @param {Student} student @param {string} text */
async function replace({ page }, text) {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
}

/**
 * The first mean of 20 losses in a row, and the lowest: losses of single batches go up and down, and when the training
 * is paused follows from the machine.
 * @param {string[][]} rows of the table of losses: step, loss, …
 */
function means(rows) {
  const losses = rows.map((row) => Number(row[1]));
  const means = losses
    .slice(0, -19)
    .map((_, k) => losses.slice(k, k + 20).reduce((sum, loss) => sum + loss, 0) / 20);
  return { first: means[0], lowest: Math.min(...means) };
}

test("a_student_writes_ugrnn_by_hand_trains_it_and_finds_it_again_after_a_reload", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await write_own_cell(student, UGRNN);
  await accepted(student);
  assert.match((await page.locator(".accepted").textContent()) ?? "", /differ most at\s+[WUb]\[[\d, ]+\]/);
  await page.getByRole("button", { name: "Train this cell" }).and(page.locator(":enabled")).click();
  await student.ready();
  const own = page.getByRole("radio", { name: "UGRNN by hand" });
  assert.ok(await own.isChecked());
  await page.getByText("→ UGRNN by hand").waitFor();

  await student.choose("full");
  await student.press("Train");
  await student.validation_reached(75, LEARNING_LIMIT_MS);
  await student.press("Pause");
  await student.ready();
  const paused_at = await student.step();
  const curve = await student.table("Loss as a table");
  const { first, lowest } = means(curve);
  assert.ok(lowest < LEARNED && LEARNED < first, `the loss fell from ${first} to ${lowest}`);
  assert.deepEqual(await page.locator("unrolled-heatmap .symbol").allTextContents(), ["g", "c", "h"]);
  const state = await student.table("Numbers of state h as a table");
  assert.ok(state.flatMap((row) => row.slice(1)).some((number) => number !== "0.000"));

  await page.locator("unrolled-heatmap .field").first().click();
  assert.match(
    (await page.locator(".explained").textContent()) ?? "",
    /g = sigmoid\(z_g\)\s+= 0\.\d+.*h = g \* h \+ \(1 - g\) \* c\s+= [−\d]/s,
  );
  await page.waitForFunction(() => location.hash.includes("cell=own&code="));

  await page.reload();
  await student.ready();
  assert.equal(await student.step(), paused_at);
  assert.ok(await own.isChecked());
  assert.deepEqual(
    await student.table("Numbers of state h as a table"),
    state,
    "the same network reads the same text",
  );
  assert.deepEqual(await student.table("Loss as a table"), curve);

  await page.getByRole("button", { name: "Step through it" }).click();
  await page
    .getByText(`your network, UGRNN by hand with 12 units after ${paused_at.toLocaleString("en")} updates`)
    .waitFor();
  await student.leave();
});

test("the_own_cell_and_its_run_stay_when_another_cell_is_tried", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await write_own_cell(student, UGRNN);
  await accepted(student);
  await page.getByRole("button", { name: "Train this cell" }).and(page.locator(":enabled")).click();
  await student.ready();
  await student.press("One update");
  await student.step_reached(1);
  await student.choose("GRU");
  await page.getByText("→ GRU").waitFor();
  await student.ready();
  assert.equal(await student.step(), 0);
  await student.choose("UGRNN by hand");
  await page.getByText("→ UGRNN by hand").waitFor();
  await student.ready();
  assert.equal(await student.step(), 1);
  await student.leave();
});

test("cells_of_all_decades_train_and_show_their_arrays", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/train?v=1&data=imdb&units=8&embedding=8&maxlen=20&speed=0");
  await student.ready();
  const cells = page.getByRole("combobox", { name: "Other cells" });
  for (const cell of LIBRARY.filter((_, k) => k % 6 === 1)) {
    await cells.selectOption(cell);
    await page.locator(".summary th", { hasText: `${cell} Listing` }).waitFor();
    await student.ready();
    assert.equal(await student.step(), 0, cell);
    await student.press("One update");
    await student.step_reached(1);
    await page.locator(".figures[data-cell=Listing]").waitFor();
    const state = await page.locator("unrolled-heatmap .symbol").last().textContent();
    const rows = await student.table(`Numbers of state ${state} as a table`);
    assert.ok(
      rows.flatMap((row) => row.slice(1)).some((number) => !/^−?0\.000$/.test(number)),
      cell,
    );
  }
  await student.leave();
});

test("a_size_that_a_cell_cannot_have_is_told_and_another_size_goes_on", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/train?v=1&data=imdb&cell=group_lstm&units=31&embedding=8");
  await student.notice(/group_lstm.*whole numbers.*other units/);
  await page.getByRole("spinbutton", { name: "Units" }).fill("30");
  await page.keyboard.press("Enter");
  await student.ready();
  await student.press("One update");
  await student.step_reached(1);
  await student.leave();
});

test("a_mistake_that_stands_in_the_editor_is_still_there_after_a_reload", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await write_own_cell(student, UGRNN);
  await accepted(student);
  await page.waitForFunction(() => location.hash.includes("step-code="));
  await replace(student, `${UGRNN}nonsense`);
  await page.locator(".mistakes").waitFor();
  assert.ok(
    await page.getByRole("button", { name: "Train this cell" }).isDisabled(),
    "only what is accepted can be trained",
  );
  await page.reload();
  await page.getByRole("button", { name: "Edit the listing" }).click();
  await page.locator(".mistakes").waitFor();
  assert.match((await page.locator(".cm-content").textContent()) ?? "", /nonsense/);
  await student.leave();
});

test("a_link_with_another_listing_does_not_cost_the_reader_their_own", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await write_own_cell(student, UGRNN);
  await accepted(student);
  await page.waitForFunction(() => location.hash.includes("step-code="));
  const code = "def step(x, h, W):\n    h = np.tanh(x @ W) + 0.5 * h\n    return h\n";
  await page.goto("about:blank");
  await student.open(`#/step?step-cell=own&step-code=${encodeURIComponent(code)}`);
  await student.notice(/brings a listing of its own/);
  await page.locator("unrolled-step-listing code", { hasText: "0.5 * h" }).waitFor();
  await student.press("Bring mine back");
  await page.locator("unrolled-step-editor .cm-line", { hasText: "(1 - g) * c" }).waitFor();
  await accepted(student);
  await student.leave();
});
