/**
 * A model of words in the Write view, on a text of one's own: trained, asked to write, and stepped into at any layer.
 */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student, until } from "./student.js";

const TEXT =
  "The whale swims under the old ship, and the captain looks at the sea; then a storm takes the ship. ";

/**
 * A state of all steps beside the same of the text that was written.
 * @param {Student} student @param {string} layer @param {string} symbol of the text @param {string} name of the listing
 */
const compared = (student, layer, symbol, name) =>
  student.page.evaluate(
    async ({ layer, symbol, name }) => {
      const at = (/** @type {string} */ path) => import(new URL(`www/state/${path}`, document.baseURI).href);
      const { text, facts, chosen } = await at("write/writer.js");
      const { stepping } = await at("step/step.js");
      const live = stepping.value?.live ? stepping.value : null;
      const place = facts.value.symbols.find(
        (/** @type {any} */ one) => one.layer === layer && one.symbol === symbol,
      );
      const lines = live?.description.cell.forward.lines ?? [];
      const found = lines
        .map((/** @type {any} */ { line }) =>
          live.values({ part: "cell", pass: "forward", timestep: null, line, name }),
        )
        .findLast((/** @type {any} */ values) => values?.length > 0);
      const steps = (found?.length ?? 0) / place.width;
      // The cell that was shown before has another width.
      const is_of_place = Number.isInteger(steps) && steps <= chosen.value + 1;
      const written = is_of_place ? text.rows(place, chosen.value + 1 - steps, chosen.value + 1) : [];
      return { found: Array.from(found ?? []), written: Array.from(written), width: place.width };
    },
    { layer, symbol, name },
  );

/** @param {Student} student @param {string} layer @param {string} symbol @param {string} name */
async function agree(student, layer, symbol, name) {
  // Another cell may still be shown.
  await until(async () => {
    const { found, written, width } = await compared(student, layer, symbol, name);
    return found.length >= 4 * width && found.length === written.length;
  }, `${name} of the cell`);
  const { found, written } = await compared(student, layer, symbol, name);
  // The listing adds in another order than the fused cell.
  found.forEach((value, k) =>
    assert.ok(Math.abs(value - written[k]) < 1e-4, `${name}: ${value} and ${written[k]}`),
  );
}

/**
 * The text that the reader's own network writes, paused; its last word but two is chosen.
 * @param {Student} student @param {RegExp} said of the network
 */
async function lets_it_write(student, said) {
  const { page } = student;
  await page.getByRole("button", { name: "Let it write" }).click();
  await page.getByText(said).waitFor();
  const text = page.locator(".write-text");
  await until(async () => (await text.innerText()).split(" ").length > 14, "words");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await text.focus();
  for (let k = 0; k < 3; k++) await page.keyboard.press("ArrowLeft");
  await page.getByText(/^Position \d+: .*drawn with probability/).waitFor();
  return text.innerText();
}

test("a_model_of_words_learns_a_text_of_ones_own_writes_and_is_stepped_into_at_any_layer", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/write");
  await page.locator("[name=write-own-file]").setInputFiles({
    name: "sea.txt",
    mimeType: "text/plain",
    buffer: Buffer.from(TEXT.repeat(400)),
  });
  await page.getByLabel("Learns from").waitFor();
  await page.getByRole("button", { name: /^Words/ }).click();
  await page.locator(".write-run").getByText("Dense 3,000").waitFor();
  assert.equal(await page.getByLabel("Learns from").inputValue(), "own");
  await page.locator("[name=write-every]").selectOption("10");
  const training = page.locator("unrolled-write-training");
  await training.getByRole("button", { name: "Train", exact: true }).click();
  await until(async () => (await page.locator(".write-lines button").count()) >= 3, "three lines");
  await training.getByRole("button", { name: "Pause training" }).click();
  await training.getByRole("button", { name: "Train", exact: true }).waitFor();

  // Words of the text and no others, at a temperature of one's own.
  await page.locator("[name=write-temperature]").fill("0.5");
  await page.locator("[name=write-temperature]").blur();
  const words = new Set((await lets_it_write(student, /Your network after update/)).trim().split(/\s+/));
  const known = new Set(TEXT.toLowerCase().match(/[a-z]+/g));
  assert.ok(
    [...words].every((word) => known.has(word.toLowerCase())),
    [...words].join(" "),
  );
  assert.ok(words.size > 3);
  await page.getByRole("button", { name: "Step into its cell" }).click();
  await agree(student, "gru", "h", "h");
  assert.match(await page.getByRole("combobox", { name: "Network" }).innerText(), /^of Write: “\w+ \w+ /);
  await page
    .getByText(/x is the embedding’s vector of the word/)
    .first()
    .waitFor();
  await page
    .getByText(/Before it the cell read the \d+ earlier words of the text: h comes from there\./)
    .waitFor();

  // With a layer below: each can be stepped into, the lower one with the upper one above it.
  await student.open("#/write");
  await page.evaluate(async () => {
    const at = (/** @type {string} */ path) => import(new URL(`www/state/${path}`, document.baseURI).href);
    const { choose_experiment } = await at("train/choices.js");
    const { experiment } = await at("shared/store.js");
    const document_of_two = structuredClone(experiment.value.document);
    const { layers } = document_of_two.model.config;
    const config = { name: "below", units: 20, return_sequences: true, stateful: true };
    layers.splice(2, 0, { class_name: "LSTM", config });
    await choose_experiment({ document: document_of_two, from: experiment.value.from });
  });
  await page.locator(".write-run").getByText("LSTM 20").waitFor();
  // Another model never stands beside the text of the former one.
  await page.evaluate(async () => {
    const { facts, text } = await import(new URL("www/state/write/writer.js", document.baseURI).href);
    const seen = /** @type {any} */ (globalThis);
    seen.texts_of_models = [];
    facts.subscribe(() => seen.texts_of_models.push(text.count));
  });
  await training.getByRole("button", { name: "Train", exact: true }).waitFor();
  await lets_it_write(student, /Your network before its first update/);
  const [former, ...later] = await page.evaluate("texts_of_models");
  assert.ok(
    former > 0 && later.length > 0 && later.every((/** @type {number} */ count) => count === 0),
    `${later}`,
  );
  await page.getByRole("button", { name: "below and gru" }).click();
  await agree(student, "below", "c", "c_1");
  await agree(student, "gru", "h", "h");
  await student.open("#/write");
  await page.getByRole("button", { name: "gru alone" }).click();
  await page
    .getByText(/x is what the layer below gave/)
    .first()
    .waitFor();
  await agree(student, "gru", "h", "h");
  await student.leave();
});
