import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

/** A small LSTM needs one to two epochs of 125 steps; the limit allows for a slow and busy machine. */
const LEARNING_LIMIT_MS = 120_000;

/** Six updates at twenty a second, on a machine on which other programs run too. */
const SHOWN_LIMIT_MS = 30_000;

const SENTENCE = "a wonderful film with great acting";

test("a_student_trains_on_reviews_types_a_sentence_and_finds_both_again_after_a_reload", async () => {
  const student = await Student.arrive();
  await student.open();
  await student.ready();
  assert.equal(await student.step(), 0);

  await student.choose("full");
  await student.press("Train");
  await student.validation_reached(75, LEARNING_LIMIT_MS);
  await student.press("Pause");
  await student.ready();
  const paused_at = await student.step();
  await student.page.waitForTimeout(300);
  assert.equal(await student.step(), paused_at, "a paused run stands still");

  await student.press("One update");
  await student.step_reached(paused_at + 1);
  assert.equal(await student.step(), paused_at + 1);

  await student.type(SENTENCE);
  await student.words_shown(6);
  const verdict = await student.page.locator("[data-figure=prediction]").textContent();
  assert.match(verdict ?? "", /positive/);
  const curve = await student.table("Loss as a table");
  assert.equal(curve.at(-1)?.[0], String(paused_at + 1), "the curve has every step");
  const memory = await student.table("Numbers of memory as a table");
  assert.equal(memory.length, 6);

  await student.page.reload();
  await student.ready();
  assert.equal(await student.step(), paused_at + 1);
  await student.words_shown(6);
  assert.deepEqual(
    await student.table("Numbers of memory as a table"),
    memory,
    "the same network reads the same text",
  );
  assert.deepEqual(await student.table("Loss as a table"), curve);
  await student.leave();
});

test("reset_goes_back_to_the_first_step_and_the_run_can_be_brought_back", async () => {
  const student = await Student.arrive();
  await student.open("#/train?v=1&data=imdb&seed=11");
  await student.ready();
  await student.choose("full");
  await student.press("Train");
  await student.step_reached(20);
  await student.press("Pause");
  await student.ready();
  const reached = await student.step();
  await student.press("Reset");
  await student.notice(/Back at update 0/);
  assert.equal(await student.step(), 0);
  await student.press("Bring it back");
  await student.step_reached(reached);
  assert.equal(await student.step(), reached);
  await student.leave();
});

test("the_same_link_gives_the_same_loss_at_the_same_step", async () => {
  const losses = [];
  for (let visit = 0; visit < 2; visit++) {
    const student = await Student.arrive();
    await student.open("#/train?v=1&data=imdb&units=8&embedding=8&seed=3");
    await student.ready();
    for (let step = 1; step <= 5; step++) {
      await student.press("One update");
      await student.step_reached(step);
    }
    losses.push((await student.table("Loss as a table")).map((row) => row.slice(0, 3)));
    await student.leave();
  }
  assert.equal(losses[0].length, 5);
  assert.deepEqual(losses[0], losses[1]);
});

test("the_views_change_with_the_network_while_it_trains", async () => {
  const student = await Student.arrive();
  await student.open("#/train?v=1&data=imdb&speed=20");
  await student.ready();
  await student.press("Train");
  await student.step_reached(2);
  const shown = student.page.locator("unrolled-standing .origin");
  const seen = new Set();
  const until = Date.now() + SHOWN_LIMIT_MS;
  while (seen.size < 6 && Date.now() < until) seen.add(await shown.textContent());
  assert.equal(seen.size, 6, "six different updates are shown while it trains");
  await student.press("Pause");
  await student.ready();
  await student.leave();
});

test("newswires_train_too_and_going_back_finds_the_reviews_as_they_were", async () => {
  const student = await Student.arrive();
  await student.open();
  await student.ready();
  await student.choose("full");
  await student.press("Train");
  await student.step_reached(10);
  await student.open_experiment("reuters");
  await student.page.locator("unrolled-history").getByText("answering “earn”").waitFor();
  await student.ready();
  assert.equal(await student.step(), 0);
  await student.press("One update");
  await student.step_reached(1);
  await student.open_experiment("imdb-small");
  await student.page
    .getByText("answering “negative”")
    .or(student.page.getByText("answering “positive”"))
    .waitFor();
  await student.ready();
  assert.ok((await student.step()) >= 10);
  await student.leave();
});

test("the_learning_rate_changes_while_training_runs_and_a_size_sets_up_another_network", async () => {
  const student = await Student.arrive();
  await student.open("#/train?v=1&data=imdb&speed=20");
  await student.ready();
  await student.press("Train");
  await student.step_reached(2);
  await student.page.getByRole("slider", { name: /Learning rate/ }).press("ArrowRight");
  await student.page.waitForFunction(() => location.hash.includes("rate="));
  const before = await student.step();
  await student.step_reached(before + 2);
  await student.page.getByRole("spinbutton", { name: "Units" }).fill("12");
  await student.page.keyboard.press("Enter");
  await student.page.getByText("12 units", { exact: true }).waitFor();
  await student.ready();
  assert.equal(await student.step(), 0);
  await student.leave();
});

test("each_cell_shows_its_own_gates_and_learns", async () => {
  const student = await Student.arrive();
  await student.open();
  await student.ready();
  for (const { cell, symbols } of [
    { cell: "GRU", symbols: ["z", "r", "g", "h"] },
    { cell: "SimpleRNN", symbols: ["h"] },
    { cell: "LSTM", symbols: ["i", "f", "g", "o", "c", "h"] },
  ]) {
    await student.choose(cell);
    await student.page.getByText(`→ ${cell}`).waitFor();
    await student.ready();
    await student.press("One update");
    await student.step_reached(1);
    await student.page.locator(`.figures[data-cell=${cell}]`).waitFor();
    assert.deepEqual(await student.page.locator("unrolled-heatmap .symbol").allTextContents(), symbols);
    const rows = await student.table("Numbers of hidden state as a table");
    assert.ok(rows.flatMap((row) => row.slice(1)).some((number) => number !== "0.000"));
  }
  await student.leave();
});

test("a_run_that_is_left_stays_to_be_compared_and_comes_back_with_a_click", async () => {
  const student = await Student.arrive();
  await student.open("#/train?v=1&data=imdb&units=4&embedding=4&maxlen=20&speed=20");
  await student.ready();
  await student.press("Train");
  await student.page.waitForFunction(() =>
    document.querySelector("[data-figure=validation]")?.textContent?.includes("%"),
  );
  await student.press("Pause");
  await student.ready();
  await student.page.waitForFunction(() =>
    document.querySelector(".ending")?.textContent?.match(/Paused|Finished/),
  );
  const reached = await student.step();
  await student.page.getByRole("spinbutton", { name: "Units" }).fill("6");
  await student.page.keyboard.press("Enter");
  await student.page.getByText("6 units", { exact: true }).waitFor();
  await student.ready();
  assert.equal(await student.step(), 0);
  const ending = await student.page.locator(".ending").textContent();
  assert.doesNotMatch(
    ending ?? "",
    /Paused|Finished/,
    "nothing is said of a network that has not been trained",
  );
  await student.page.getByRole("button", { name: /^LSTM 4 → \d+\.\d %$/ }).click();
  await student.step_reached(reached);
  assert.equal(await student.step(), reached);
  assert.equal(await student.page.locator(".earlier-runs li").count(), 0);
  await student.leave();
});
