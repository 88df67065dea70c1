/**
 * The drawing of the model, unrolled over its timesteps: it follows the list of layers, its labels do not overlap, slow
 * motion is shown in it; what options do is said beside them; a training that breaks down is explained and mended.
 */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

const SMALL = "#/train?v=1&data=imdb&units=4&embedding=4&words=500&maxlen=20&speed=0";
const DRAWING = "unrolled-model unrolled-stack";

/** The rows of a drawing from input to output. @param {Student} student @param {string} where */
async function rows({ page }, where) {
  await page.locator(`${where} svg`).waitFor();
  return page
    .locator(`${where} .row`)
    .evaluateAll((found) => found.map((row) => /** @type {HTMLElement} */ (row).dataset.row));
}

/** Labels of the drawing that lie over each other. @param {Student} student */
async function overlaps({ page }) {
  return page.locator(`${DRAWING} svg text`).evaluateAll((texts) => {
    const shown = texts.filter((text) => text.textContent?.trim());
    const boxes = shown.map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
    return boxes.flatMap(({ text, box: one }, k) =>
      boxes
        .slice(k + 1)
        .filter(
          ({ box: other }) =>
            one.left < other.right - 1 &&
            other.left < one.right - 1 &&
            one.top < other.bottom - 2 &&
            other.top < one.bottom - 2,
        )
        .map((other) => `${text} lies over ${other.text}`),
    );
  });
}

test("two_bidirectional_layers_behind_a_convolution_are_drawn_and_every_phase_is_marked_in_them", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open(SMALL);
  await student.ready();
  assert.deepEqual(await rows(student, DRAWING), ["input", "embedding", "lstm", "dense"]);
  // The layers are built by clicking.
  await page.locator(".model-head").filter({ hasText: "Embedding" }).click();
  await page.getByRole("combobox", { name: "Add a layer after Embedding" }).selectOption("Conv1D");
  await page.getByRole("textbox", { name: "filters of Conv1D" }).fill("6");
  await page.keyboard.press("Enter");
  await page.locator(`${DRAWING} [data-row=lstm]`).click(); // A row of the drawing opens the layer in the list.
  await page.getByRole("checkbox", { name: "Bidirectional" }).check();
  await student.ready();
  await page.getByRole("button", { name: "Duplicate" }).click();
  await page.locator(`${DRAWING} .box.unknown`).first().waitFor(); // What cannot follow has no place in time.
  await page.getByRole("button", { name: "Set return_sequences of Bidirectional to True" }).click();
  await page.locator(".model-trouble").waitFor({ state: "detached" });
  await student.ready();
  const layers = ["embedding", "conv1d", "bidirectional", "bidirectional_1", "dense"];
  assert.deepEqual(await rows(student, DRAWING), ["input", ...layers]);
  const count = (/** @type {string} */ row, /** @type {string} */ what) =>
    page.locator(`${DRAWING} [data-row=${row}] ${what}`).count();
  assert.equal(await count("conv1d", ".covers"), await count("conv1d", ".box"), "a window for each output");
  assert.equal(await count("bidirectional", ".merge"), 4, "merged at every timestep that is drawn");
  assert.equal(await count("bidirectional_1", ".merge"), 1, "merged once");
  assert.deepEqual(await overlaps(student), []);

  await student.press("Slow motion");
  const slow = page.locator("unrolled-slow-motion");
  const wanted = ["input", ...layers, "loss", ...layers.toReversed()];
  for (const [k, row] of wanted.entries()) {
    const marked = slow.locator(".row.here");
    await marked.and(page.locator(`[data-row=${row}]`)).waitFor();
    assert.equal(await marked.count(), 1, `phase ${k + 1} is about ${row} alone`);
    const turned = await slow
      .locator(".row.turned")
      .evaluateAll((found) => found.map((one) => /** @type {HTMLElement} */ (one).dataset.row));
    assert.deepEqual(turned.toSorted(), wanted.slice(7, k + 1).toSorted(), "arrows turn with the gradient");
    await slow.getByRole("button", { name: "Next phase" }).click();
  }
  await slow.locator(".row.here.clipping").first().waitFor();
  assert.equal(await slow.locator(".row.here.clipping").count(), layers.length, "all of them have weights");
  assert.equal(await slow.locator(".norm").count(), 2 * layers.length + 1);
  await student.leave();
});

test("a_sample_of_the_batch_is_opened_inside_the_cell_with_these_weights", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open();
  await student.ready();
  await student.press("Slow motion");
  await page.getByRole("button", { name: "Open this sample inside the cell" }).click();
  await page.waitForFunction(() => {
    const chosen = document.querySelector("#view-step option[value=yours]");
    return chosen instanceof HTMLOptionElement && chosen.selected && chosen.text.includes("update 1");
  });
  assert.match(page.url(), /#\/step/);
  const text = await page.evaluate(async () => {
    const { engine } = await import(new URL("www/state/shared/connection.js", location.href).href);
    const { slow } = await import(new URL("www/state/train/insight.js", location.href).href);
    const { samples } = slow.value.update;
    const { shown } = await (await engine()).request("sample", { subset: "train", index: samples[0] });
    return shown.tokens
      .filter((/** @type {{ place: string }} */ { place }) => place === "read")
      .map((/** @type {{ text: string }} */ token) => token.text)
      .join(" ");
  });
  const stepped = await page.evaluate(async () => {
    const { choice } = await import(new URL("www/state/step/step.js", location.href).href);
    return choice.value.text;
  });
  assert.equal(stepped, text);
  await student.leave();
});

for (const width of [1440, 1024, 390])
  test(`no_label_of_any_experiments_drawing_lies_over_another_at_${width}`, async () => {
    const student = await Student.arrive({ viewport: { width, height: 900 } });
    const { page } = student;
    await student.open();
    await student.ready();
    await page.locator(`${DRAWING} svg`).waitFor();
    const names = await page.evaluate(async () => {
      const { experiment_menu } = await import(new URL("www/pkg/unrolled.js", location.href).href);
      const groups = experiment_menu();
      return groups.flatMap((/** @type {{ entries: { name: string }[] }} */ { entries }) =>
        entries.map(({ name }) => name),
      );
    });
    assert.ok(names.length > 30);
    for (const name of names) {
      // The drawing is of the document: data and training are not waited for.
      await page.evaluate(async (wanted) => {
        const { experiment_with_changes } = await import(new URL("www/pkg/unrolled.js", location.href).href);
        const model = await import(new URL("www/state/train/model.js", location.href).href);
        model.draft.value = experiment_with_changes(wanted, {});
      }, name);
      await page.waitForFunction((where) => {
        const drawn = document.querySelectorAll(`${where} .row.layer`).length;
        return drawn > 0 && drawn === document.querySelectorAll(".model-layer").length;
      }, DRAWING);
      assert.deepEqual(await overlaps(student), [], name);
      const [inside, drawn, whole] = await page
        .locator(`${DRAWING} .stack-scroll`)
        .evaluate((box) => [box.clientWidth, box.scrollWidth, document.documentElement.scrollWidth]);
      assert.ok(inside > 0 && whole <= width, `${name}: the page does not scroll sideways`);
      assert.ok(drawn <= inside, `${name}: the whole drawing is in sight, ${drawn} in ${inside} pixels`);
    }
    await student.leave();
  });

test("what_an_option_does_is_said_by_the_keyboard_too", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open(SMALL);
  await student.ready();
  await page.locator(".model-head").filter({ hasText: "LSTM" }).click();
  const units = page.getByRole("textbox", { name: "recurrent_dropout of LSTM" });
  await page.getByRole("textbox", { name: "dropout of LSTM", exact: true }).focus();
  const tip = page.getByRole("tooltip").filter({ hasText: "become zero" });
  await tip.waitFor();
  const before = await tip.textContent();
  await page.keyboard.press("Tab");
  await units.and(page.locator(":focus")).waitFor();
  await page.waitForFunction(
    (text) => document.querySelector("#option-explained")?.textContent !== text,
    before,
  );
  assert.match((await tip.textContent()) ?? "", /states that become zero/);
  assert.equal(await units.getAttribute("aria-describedby"), "option-explained");
  await page.keyboard.press("Escape");
  await tip.waitFor({ state: "hidden" });

  // The present value is explained too, and the one that is chosen in its place.
  const activation = page.getByRole("combobox", { name: "activation of LSTM", exact: true });
  await activation.focus();
  await page.getByRole("tooltip").filter({ hasText: "tanh: Hyperbolic tangent" }).waitFor();
  await activation.selectOption("relu");
  await page.getByRole("tooltip").filter({ hasText: "relu: max(x, 0)" }).waitFor();
  await student.leave();
});

test("a_training_that_breaks_down_is_seen_explained_and_mended_with_one_click", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open();
  await student.ready();
  await student.open_experiment("digits-broken-down");
  await page.getByText("a training that breaks down").first().waitFor();
  await student.ready();
  await student.choose("full");
  await student.press("Train");
  const ending = page.locator("unrolled-ending");
  await ending.getByText("Training has broken down").waitFor({ timeout: 120_000 });
  const losses = await page.evaluate(async () => {
    const { history } = await import(new URL("www/state/shared/store.js", location.href).href);
    return history.value.validation.map((/** @type {{ loss: number }} */ { loss }) => loss);
  });
  assert.ok(Math.min(...losses) < 1.3, "it had learned before");
  const last = losses[losses.length - 1];
  assert.ok(Math.abs(last - 14.4549) < 1e-3, `the same as on the command line: ${last}`);
  await ending.getByRole("button", { name: "Start again with learning rate 0.003" }).click();
  // The run that broke down has finished after 20 epochs too.
  const mended = ending.filter({ hasNotText: "broken down" });
  await mended.getByText("Finished after 20 epochs").waitFor({ timeout: 120_000 });
  await student.leave();
});

test("the_curves_can_be_smoothed_and_the_loss_stand_on_a_logarithmic_axis", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open(SMALL);
  await student.ready();
  for (let made = 1; made <= 3; made++) {
    await student.press("One update");
    await student.step_reached(made);
  }
  const canvas = page.locator("unrolled-history[kind=loss] canvas");
  const drawn = () => canvas.evaluate((element) => /** @type {HTMLCanvasElement} */ (element).toDataURL());
  for (const name of ["smooth", "log axis"]) {
    const before = await drawn();
    await page.getByRole("checkbox", { name }).check();
    await page.waitForFunction(
      (other) =>
        /** @type {HTMLCanvasElement} */ (
          document.querySelector("unrolled-history[kind=loss] canvas")
        ).toDataURL() !== other,
      before,
    );
  }
  await student.leave();
});
