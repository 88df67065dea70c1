/**
 * What Train shows of a run besides its curves: slow motion, the examiner, mistakes, norms.
 */
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "./harness.js";
import { Student } from "./student.js";

const FOLDER = new URL("../../experiments/", import.meta.url);

/** @param {Student} student @returns {Promise<string>} */
function hash_of({ page }) {
  return page.evaluate(async () => {
    const { engine } = await import(new URL("www/state/shared/connection.js", location.href).href);
    return (await engine()).request("weights_hash", null);
  });
}

test("slow_motion_shows_every_phase_of_an_update_and_leaves_the_weights_of_one_update", async () => {
  const student = await Student.arrive();
  await student.open();
  await student.ready();
  await student.press("Slow motion");
  await student.step_reached(1);
  const slow = student.page.locator("unrolled-slow-motion");
  const seen = [];
  for (;;) {
    seen.push((await slow.locator(".sentence").textContent())?.trim() ?? "");
    const next = slow.getByRole("button", { name: "Next phase" });
    if (await next.isDisabled()) break;
    await next.click();
  }
  const begins = ["Update 1", "Forward", "Forward", "Forward", "Loss", "Backward", "Backward", "Backward"];
  begins.push("Clipping", "Update");
  assert.equal(seen.length, begins.length);
  seen.forEach((sentence, k) =>
    assert.ok(sentence.startsWith(begins[k]), `${sentence} begins with ${begins[k]}`),
  );
  assert.match(seen[6], /by the output of lstm has norm [\d.e−-]+; its gradient by the weights of lstm/);
  assert.equal(await slow.locator("[aria-current=step]").count(), 1);
  const watched = await hash_of(student);
  await student.press("Reset");
  await student.step_reached(0);
  await slow.locator("h2").waitFor({ state: "detached" }); // Slow motion ends with its run.
  await student.press("One update");
  await student.step_reached(1);
  assert.equal(await hash_of(student), watched);
  await student.leave();
});

test("every_exact_figure_of_every_tutorial_is_ticked", async () => {
  const student = await Student.arrive();
  await student.open();
  await student.ready();
  const ticks = student.page.locator("unrolled-examiner li");
  for (const file of await readdir(FOLDER)) {
    const { printed, tutorial } = JSON.parse(await readFile(new URL(file, FOLDER), "utf8"));
    if (!printed) continue;
    await student.open_experiment(file.replace(".json", ""));
    await student.page
      .getByRole("heading", { name: `What tutorial ${tutorial} printed` })
      .waitFor({ timeout: 60_000 });
    const wanted = (printed.table?.length ?? 0) + (printed.params ? 1 : 0) + (printed.x ? 1 : 0);
    await student.page.waitForFunction(
      (count) => document.querySelectorAll("unrolled-examiner [data-exact=true]").length === count,
      wanted,
    );
    const exact = await ticks.evaluateAll((found) =>
      found
        .filter((tick) => /** @type {HTMLElement} */ (tick).dataset.exact === "true")
        .map((tick) => [tick.className, tick.textContent?.replace(/\s+/g, " ").trim()]),
    );
    for (const [state, text] of exact) assert.equal(state, "agrees", `${file}: ${text}`);
  }
  await student.leave();
});

test("what_is_most_wrong_is_a_click_away_from_its_words_and_norms_are_drawn", async () => {
  const student = await Student.arrive();
  await student.open();
  await student.ready();
  await student.page.getByRole("tab", { name: "Mistakes" }).click();
  await student.press("Epoch");
  await student.page.locator(".judgements button").first().waitFor({ timeout: 120_000 });
  await student.press("Pause");
  await student.ready();
  const wrong = student.page.locator(".judgements button").first();
  const excerpt = (await wrong.locator(".excerpt").textContent())?.replace(/^\[…\] /, "").trim() ?? "";
  await wrong.click();
  const typed = await student.page.locator("#text").inputValue();
  assert.ok(typed.endsWith(excerpt), `${typed} ends with ${excerpt}`);
  const counts = await student.page.locator(".confusion td").allTextContents();
  const all = counts.reduce((sum, text) => sum + Number(text.replace(",", "")), 0);
  assert.equal(all, 1000, "every validation review is counted once");
  const norms = await student.table("Gradient norm as a table");
  assert.ok(norms.length > 1 && norms.every((row) => row.slice(1).every((value) => Number(value) > 0)));
  await student.leave();
});
