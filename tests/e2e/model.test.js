/**
 * A model is built by clicking: layers are added, changed and removed, and what cannot follow is named at its place.
 */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

const SMALL = "#/train?v=1&data=imdb&units=4&embedding=4&words=500&maxlen=20&speed=0";

/** The layers as the list shows them, each with its output shape and its parameters. @param {Student} student */
async function layers({ page }) {
  return page
    .locator(".model-layer .model-head")
    .evaluateAll((heads) =>
      heads.map((head) => [...head.children].map((part) => part.textContent?.trim() ?? "")),
    );
}

/** @param {Student} student @param {string} name of a layer as it is shown, opened by this */
async function open_layer({ page }, name) {
  await page.locator(".model-head").filter({ hasText: name }).first().click();
}

/** @param {Student} student @param {string[]} names */
async function layers_are({ page }, names) {
  await page.waitForFunction((wanted) => {
    const found = [...document.querySelectorAll(".model-head b")].map((name) => name.textContent?.trim());
    return JSON.stringify(found) === JSON.stringify(wanted);
  }, names);
}

test("two_stacked_bidirectional_layers_behind_a_convolution_are_built_by_clicking_and_trained", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open(SMALL);
  await student.ready();
  await layers_are(student, ["Embedding 4", "LSTM 4", "Dense 1"]);
  assert.deepEqual(await layers(student), [
    ["Embedding 4", "2,000", "→ (None, 20, 4)", "500 × 4"],
    ["LSTM 4", "144", "→ (None, 4)", "4 × (4·4 + 4·4 + 4)"],
    ["Dense 1", "5", "→ (None, 1)", "4·1 + 1"],
  ]);
  await open_layer(student, "Embedding 4");
  await page.getByRole("combobox", { name: "Add a layer after Embedding" }).selectOption("Conv1D");
  await layers_are(student, ["Embedding 4", "Conv1D 32", "LSTM 4", "Dense 1"]);
  await page.getByRole("textbox", { name: "filters of Conv1D" }).fill("6");
  await page.keyboard.press("Enter");
  await page.getByRole("combobox", { name: "padding of Conv1D" }).selectOption("same");
  await layers_are(student, ["Embedding 4", "Conv1D 6", "LSTM 4", "Dense 1"]);
  await open_layer(student, "LSTM 4");
  await page.getByRole("checkbox", { name: "Bidirectional" }).check();
  await layers_are(student, ["Embedding 4", "Conv1D 6", "Bidirectional LSTM 4", "Dense 1"]);
  await student.ready();
  await page.getByRole("button", { name: "Duplicate" }).click();

  // The second layer needs what the first one does not give: that is said at its place and mended there.
  const trouble = page.locator(".model-layer").nth(3).locator(".model-trouble");
  await trouble.getByText("must be a sequence of vectors").waitFor();
  assert.equal(await page.locator(".model-trouble").count(), 1);
  await page.locator(".model-draft").getByText("This model cannot be trained yet.").waitFor();
  // Nothing trains the network of before in its place, and beside Train it is said why.
  await page.locator("unrolled-transport").getByText("The changed model cannot be trained yet").waitFor();
  for (const name of ["Train", "One update", "Epoch", "Slow motion"])
    assert.ok(
      await page.locator("unrolled-transport").getByRole("button", { name, exact: true }).isDisabled(),
      name,
    );
  await trouble.getByRole("button", { name: "Set return_sequences of Bidirectional to True" }).click();
  await layers_are(student, [
    "Embedding 4",
    "Conv1D 6",
    "Bidirectional LSTM 4",
    "Bidirectional LSTM 4",
    "Dense 1",
  ]);
  await page.locator(".model-trouble").waitFor({ state: "detached" });
  await student.ready();
  assert.deepEqual(
    (await layers(student)).map(([, params, shape]) => [params, shape]),
    [
      ["2,000", "→ (None, 20, 4)"],
      ["78", "→ (None, 20, 6)"],
      ["352", "→ (None, 20, 8)"],
      ["416", "→ (None, 8)"],
      ["9", "→ (None, 1)"],
    ],
  );
  for (let made = 1; made <= 5; made++) {
    await student.press("One update");
    await student.step_reached(made);
  }
  await student.leave();
});

test("a_wrong_order_is_named_at_its_layer_and_the_network_before_it_is_kept", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open(SMALL);
  await student.ready();
  await student.press("One update");
  await student.step_reached(1);
  await open_layer(student, "LSTM 4");
  await page.getByRole("button", { name: "Move up" }).click();
  const trouble = page.locator(".model-trouble");
  await trouble.waitFor();
  assert.equal(await page.locator(".model-layer.in-trouble").count(), 1);
  assert.equal(await student.step(), 1, "the network before the change is still there");
  await page.getByRole("button", { name: "Undo the change" }).click();
  await layers_are(student, ["Embedding 4", "LSTM 4", "Dense 1"]);
  assert.equal(await student.step(), 1);

  // One answer for each sample, and a model that gives one at every timestep.
  await open_layer(student, "Embedding 4");
  await open_layer(student, "LSTM 4");
  await page.getByRole("checkbox", { name: "return_sequences of LSTM" }).check();
  await page.locator(".model-layer").nth(2).getByText("an answer at every timestep").waitFor();
  await page.getByRole("button", { name: "Set return_sequences of LSTM to False" }).click();
  await trouble.waitFor({ state: "detached" });
  await student.ready();
  assert.equal(await student.step(), 1, "it is the same run again");
  await student.leave();
});

test("optimizer_schedule_clipping_and_stopping_are_chosen_and_the_link_keeps_them", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open(SMALL);
  await student.ready();
  await page.locator(".training-options summary").click();
  await page.getByRole("combobox", { name: "optimizer", exact: true }).selectOption("SGD");
  await page.getByRole("textbox", { name: "momentum of SGD" }).fill("0.9");
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "global_clipnorm of SGD" }).fill("1");
  await page.keyboard.press("Enter");
  await page.getByRole("combobox", { name: "schedule", exact: true }).selectOption("ExponentialDecay");
  await page.getByRole("textbox", { name: "decay_steps of ExponentialDecay" }).fill("50");
  await page.keyboard.press("Enter");
  await page.getByRole("checkbox", { name: "EarlyStopping of fit" }).check();
  await page.waitForFunction(
    () => location.hash.includes("EarlyStopping") || location.hash.includes("early_stopping"),
  );
  await student.ready();
  assert.equal(
    await page.getByRole("slider", { name: "Learning rate" }).count(),
    0,
    "a schedule is no single rate",
  );
  await student.press("One update");
  await student.step_reached(1);
  await page.waitForFunction(() => location.hash.includes("updates=1"));
  const link = await page.evaluate(() => location.hash);
  await student.leave();

  const other = await Student.arrive();
  await other.open(link);
  await other.ready();
  assert.equal(await other.step(), 1);
  const compile = await other.page.evaluate(async () => {
    const store = await import(new URL("www/state/shared/store.js", location.href).href);
    return store.experiment.value.document;
  });
  assert.deepEqual(compile.compile.optimizer, {
    class_name: "SGD",
    config: {
      momentum: 0.9,
      global_clipnorm: 1,
      learning_rate: {
        class_name: "ExponentialDecay",
        config: { initial_learning_rate: 0.002, decay_steps: 50, decay_rate: 0.5 },
      },
    },
  });
  assert.deepEqual(compile.fit.early_stopping, { patience: 3 });
  await other.leave();
});
