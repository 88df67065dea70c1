/**
 * Watch, Surgery: what is set stays set, what it does to the answer is said, and everything can be taken back.
 */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student, until } from "./student.js";

/** @param {string} text */
const number = (text) => Number(text.replaceAll("−", "-"));

test("a_forget_gate_is_clamped_a_unit_set_words_changed_and_all_is_taken_back", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open();
  await student.ready();
  await student.type("not a bad film");
  await student.words_shown(4);
  await page.getByRole("tab", { name: "Surgery" }).click();
  const view = page.locator("unrolled-surgery");
  await view.locator(".verdict").waitFor();
  const differences = async () =>
    (await student.table("Prediction with and without changes as a table")).map((row) => number(row[3]));
  assert.deepEqual(await differences(), [0, 0, 0, 0], "nothing is changed yet");

  await view.getByRole("button", { name: "o = 0" }).click();
  await until(async () => (await differences()).some((change) => change !== 0), "the answer changes");
  const rows = await student.table("Prediction with and without changes as a table");
  const closed = rows.map((row) => row[2]);
  assert.equal(
    new Set(closed).size,
    1,
    `h is 0 after every word, so every prediction is the same: ${closed}`,
  );
  const h = await student.table("Numbers of change of h as a table");
  const states = await page.evaluate(async () => {
    const { shown_layer } = await import(new URL("www/state/shared/store.js", location.href).href);
    return [
      ...shown_layer.value.symbols.find((/** @type {{ name: string }} */ { name }) => name === "h").data,
    ];
  });
  const change = h.flatMap((row) => row.slice(1).map(number));
  change.forEach((value, k) =>
    assert.ok(Math.abs(value + states[k]) < 1e-3, `${value} takes ${states[k]} away`),
  );

  await view.locator("select[name=symbol]").selectOption("c");
  await view.locator("select[name=unit]").selectOption("1");
  await view.locator("select[name=when]").selectOption("2");
  await view.locator("input[name=value]").fill("0.5");
  await view.getByRole("button", { name: "Set" }).click();
  await view.getByText("of unit 1 = 0.50 at “bad”").waitFor();
  await view.getByRole("button", { name: "Undo" }).click();
  await view.getByText("of unit 1 = 0.50").waitFor({ state: "detached" });
  await view.getByRole("button", { name: "All back" }).click();
  await until(async () => (await differences()).every((found) => found === 0), "everything is back");

  const words = view.getByLabel("with the words");
  await words.fill("not a good film");
  await words.press("Enter");
  await view.getByText("other words").waitFor();
  await until(async () => (await differences())[3] !== 0, "other words change the answer");
  const [first, second, third] = await differences();
  assert.deepEqual([first, second], [0, 0], "before the other word nothing changes");
  assert.notEqual(third, 0);

  // In a wrapper, the direction that reads backwards is changed: what stands before the word follows.
  await page.evaluate(async () => {
    const at = (/** @type {string} */ path) => import(new URL(path, location.href).href);
    const { experiment } = await at("www/state/shared/store.js");
    const { put } = await at("www/state/train/model.js");
    const document = structuredClone(experiment.value.document);
    const { layers } = document.model.config;
    const k = layers.findIndex((/** @type {{ class_name: string }} */ layer) => layer.class_name === "LSTM");
    layers[k] = { class_name: "Bidirectional", config: { layer: layers[k] } };
    await put(document);
  });
  await student.ready();
  await page.locator(".which-layer select").selectOption({ index: 1 });
  await view.locator(".verdict").waitFor();
  await view.locator("select[name=symbol]").selectOption("h");
  await view.locator("select[name=unit]").selectOption("0");
  await view.locator("select[name=when]").selectOption("2");
  await view.locator("input[name=value]").fill("0.9");
  await view.getByRole("button", { name: "Set" }).click();
  await view.getByText("of unit 0 = 0.90 at “bad”").waitFor();
  const moved = async () =>
    (await student.table("Numbers of change of h as a table")).map((row) => row.slice(1).map(number));
  await until(async () => (await moved())[0].some((value) => value !== 0), "the first word follows");
  const rest = await moved();
  assert.ok(
    rest[3].every((value) => value === 0),
    "the last word is read before it",
  );
  assert.equal(rest[2].filter((value) => value !== 0).length, 1);

  // What stood before a step of this direction stands behind it in the text.
  await page.getByRole("tab", { name: "Gates and states" }).click();
  const behind = await page.evaluate(async () => {
    const at = (/** @type {string} */ path) => import(new URL(path, location.href).href);
    const { selected, shown_layer } = await at("www/state/shared/store.js");
    const { decimal } = await at("www/state/shared/format.js");
    selected.value = { t: 1, u: 0 };
    const { symbols, units } = shown_layer.value;
    const { data } = symbols.find((/** @type {{ name: string }} */ { name }) => name === "c");
    return decimal(data[2 * units]);
  });
  const line = page.locator(".explained .line", { hasText: "c before" });
  const [kept, before] = ((await line.textContent()) ?? "").split("=")[2].trim().split(" · ");
  assert.ok(number(kept) > 0);
  assert.equal(before.split(" + ")[0], behind);
  await student.leave();
});
