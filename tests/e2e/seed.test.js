import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

test("a_new_seed_for_training_is_drawn_shown_and_kept_in_the_link", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/train?seed=7");
  await student.ready();
  const field = page.locator("unrolled-settings input[name=seed]");
  assert.equal(await field.inputValue(), "7");
  await page.locator("unrolled-settings").getByRole("button", { name: "New seed" }).click();
  await page.waitForFunction(
    () =>
      /** @type {HTMLInputElement} */ (document.querySelector("unrolled-settings input[name=seed]")).value !==
      "7",
  );
  await student.ready();
  const seed = await field.inputValue();
  assert.match(seed, /^[1-9]\d{0,5}$/);
  await page.waitForFunction((drawn) => location.hash.includes(`seed=${drawn}`), seed);
  assert.match(await page.locator("unrolled-standing").innerText(), new RegExp(`Seed ${seed}`));
  await page.reload();
  await student.ready();
  assert.equal(await field.inputValue(), seed);
  await student.leave();
});

test("a_new_seed_for_stepping_draws_other_random_weights_and_is_kept_in_the_link", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/step?step-weights=random&step-seed=3&step-at=3");
  const provenance = page.locator("unrolled-step-origin");
  await provenance.getByText("initial weights, seed 3").waitFor();
  const number = page.locator("[data-figure=number]");
  const before = await number.textContent();
  await page.locator("unrolled-step-setup").getByRole("button", { name: "New seed" }).click();
  // Whole numbers are compared: the drawn seed may begin with 3.
  await provenance.getByText(/seed 3\b/).waitFor({ state: "detached" });
  const seed = await page.locator("unrolled-step-setup .seed input").inputValue();
  assert.match(seed, /^[1-9]\d{0,5}$/);
  await page.waitForFunction((drawn) => location.hash.includes(`step-seed=${drawn}`), seed);
  await provenance.getByText(`initial weights, seed ${seed}`).waitFor();
  assert.notEqual(await number.textContent(), before);
  await student.leave();
});
