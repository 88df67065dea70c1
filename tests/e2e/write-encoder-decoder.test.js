/**
 * Encoder and decoder in the Write view: answers turn right while they are trained, where the decoder looked is drawn
 * with its numbers, stepping through it shows the same ones, and a reload goes on.
 */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { FOLDER, SIZES, fits } from "./looks.js";
import { SCHEMES, Student, until } from "./student.js";

/** The section with the run of its first choice. */
async function opened() {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/write");
  await show(student);
  return { student, page };
}

/** Scrolls to the section and waits until its run is there. @param {Student} student */
async function show({ page }) {
  await page.locator("unrolled-encoder-decoder h2").scrollIntoViewIfNeeded();
  await page.locator("unrolled-encoder-decoder .pair-answers tbody tr").first().waitFor();
}

/** @param {import("playwright-core").Page} page */
async function trained(page) {
  const section = page.locator("unrolled-encoder-decoder");
  await section.getByRole("button", { name: /^Reversing/ }).click();
  await page.locator("[name=pairs-attention]").selectOption("multiplicative");
  await section.getByRole("button", { name: "Train", exact: true }).click();
  await section.locator(".pair-answers td.right").first().waitFor({ timeout: 60_000 });
  await section.getByRole("button", { name: "Pause training" }).click();
  await section.getByRole("button", { name: "Train", exact: true }).waitFor();
}

/** The updates that are said. @param {import("playwright-core").Page} page */
const updates = async (page) => {
  const said = await page.locator("unrolled-encoder-decoder [role=status]").innerText();
  return Number(/Update ([\d,]+)\./.exec(said)?.[1].replaceAll(",", "") ?? NaN);
};

test("answers_turn_right_their_alignment_is_stepped_through_and_a_reload_goes_on", async () => {
  const { student, page } = await opened();
  await trained(page);
  const rows = await student.table("Attention weights as a table");
  for (const [written, , ...weights] of rows) {
    const sum = weights.reduce((all, weight) => all + Number(weight), 0);
    assert.ok(Math.abs(sum - 1) < 0.005, `the weights of “${written}” sum to ${sum}`);
  }

  // Another source than those that are listed, and the last character of its answer.
  await page.locator("[name=pair-source]").fill("qwerty");
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await page.locator(".pair-answers tr.here", { hasText: "qwerty" }).waitFor();
  await page.locator(".alignment").focus();
  for (let k = 0; k < 8; k++) await page.keyboard.press("ArrowDown");
  const grid = await page
    .locator(".alignment tbody tr")
    .evaluateAll((all) =>
      all.map((row) =>
        [...row.querySelectorAll("td")].map((cell) => Number(/** @type {any} */ (cell).title)),
      ),
    );
  const made = await updates(page);
  await page.getByRole("button", { name: "Step through this answer" }).click();
  await page.locator("#view-step:not([hidden])").waitFor();
  const stepped = () =>
    page.evaluate(async () => {
      const { stepping } = await import(new URL("www/state/step/step.js", document.baseURI).href);
      const live = stepping.value?.live ? stepping.value : null;
      const line = live?.description.cell.forward.lines.find(({ writes }) =>
        writes.some(({ name }) => name === "a"),
      );
      if (!line) return [];
      const values = live.values({
        part: "cell",
        pass: "forward",
        timestep: null,
        line: line.line,
        name: "a",
      });
      const positions = line.writes[0].shape[0];
      return Array.from({ length: values.length / positions }, (_, t) => [
        ...values.slice(t * positions, (t + 1) * positions),
      ]);
    });
  await until(async () => (await stepped()).length === grid.length, "the decoder");
  for (const [t, weights] of (await stepped()).entries())
    grid[t].forEach((weight, k) =>
      assert.ok(Math.abs(weight - weights[k]) < 0.001, `${weights} and ${grid[t]}`),
    );

  await page.reload();
  await student.open("#/write");
  await show(student);
  assert.equal(await page.locator("[name=pairs-attention]").inputValue(), "multiplicative");
  await until(async () => (await updates(page)) === made, `${made} updates`);
  await student.leave();
});

test("an_encoder_and_decoder_fit_every_width_in_either_scheme_with_and_without_attention", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/write");
  await page.locator("unrolled-encoder-decoder h2").scrollIntoViewIfNeeded();
  // Another choice while the first run is still being opened.
  await page.getByRole("button", { name: /^Dates/ }).click();
  await page.locator(".alignment").waitFor();
  const answers = page.locator("unrolled-encoder-decoder .pair-answers tbody");
  await answers.locator("tr").first().waitFor();
  assert.equal(await page.getByRole("button", { name: /^Dates/ }).getAttribute("aria-pressed"), "true");
  await page.locator("unrolled-encoder-decoder").getByRole("button", { name: "Train", exact: true }).click();
  await until(async () => (await updates(page)) > 0, "the first update");
  await page.getByRole("button", { name: "Pause training" }).click();
  assert.match(await answers.innerText(), /\d{4}-\d{2}-\d{2}/);
  for (const viewport of SIZES) {
    await page.setViewportSize(viewport);
    for (const scheme of SCHEMES) {
      await student.wear(scheme);
      await fits(student);
      const section = page.locator("unrolled-encoder-decoder");
      await section.screenshot({ path: `${FOLDER}encoder-decoder-${viewport.width}-${scheme}.png` });
    }
  }
  await page.locator("[name=pairs-attention]").selectOption("none");
  await page.getByText("Without attention the decoder looks nowhere").waitFor();
  assert.equal(await page.locator(".alignment").count(), 0);
  await page.locator("[name=pair-source]").fill("32?");
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await page.getByText("of the characters that it was trained on").waitFor();
  await student.leave();
});
