/**
 * Watch, State space: the path of the states, and the field of two units with its fixed points.
 */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

/** @param {string} text */
const number = (text) => Number(text.replaceAll("−", "-"));

test("states_are_a_path_and_two_units_of_a_gru_have_a_field_with_fixed_points", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/train?data=imdb&cell=GRU&units=2");
  await student.ready();
  await student.type("not a bad film");
  await student.words_shown(4);
  await page.getByRole("tab", { name: "State space" }).click();
  const drawing = page.locator("unrolled-space svg.drawing");
  await drawing.waitFor();
  const rows = await student.table("State space of gru as a table");
  const words = rows.filter((row) => row[1] === "shown").map(([word]) => word);
  assert.deepEqual(words, ["(before)", "not", "a", "bad", "film"]);
  const states = await page.evaluate(async () => {
    const { shown_layer } = await import(new URL("www/state/shared/store.js", location.href).href);
    return [
      ...shown_layer.value.symbols.find((/** @type {{ name: string }} */ { name }) => name === "h").data,
    ];
  });
  assert.equal(states.length, 8);
  states.forEach((value, k) => {
    const found = number(rows[1 + (k >> 1)][2 + (k % 2)]);
    assert.ok(Math.abs(found - value) < 6e-5, `${found} instead of ${value}`);
  });
  const fixed = rows.filter(([what]) => what === "(fixed point)");
  assert.ok(fixed.length >= 1, "a GRU maps the square of its states into itself");
  assert.equal(await page.locator("unrolled-space .fixed").count(), fixed.length);
  assert.ok((await page.locator("unrolled-space .arrow").count()) > 50);

  await drawing.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  const reading = page.locator("unrolled-space .read");
  assert.match(
    (await reading.textContent()) ?? "",
    /After “a”: unit 0 [\d−.]+, unit 1 [\d−.]+; the word moved/,
  );
  await student.leave();
});
