/**
 * What the picture of the cell, the overview and the number's panel show is told beside them: dashes of what has not
 * been computed, the gates' own colours, the parts that a number is made from.
 */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

/** @param {string} fragment */
async function arrive(fragment) {
  const student = await Student.arrive({ viewport: { width: 1280, height: 720 } });
  await student.open(fragment);
  await student.step_ready();
  return student;
}

/** How many wires are dashed, and whether the legend says what that means. @param {Student} student */
const dashes = (student) =>
  student.page.evaluate(() => {
    const said = /** @type {HTMLElement} */ (document.querySelector(".cell .legend .dashed"));
    return {
      later: document.querySelectorAll(".paper .wire.later").length,
      of: document.querySelectorAll(".paper .wire").length,
      said: getComputedStyle(said).visibility === "visible",
      text: said.textContent?.trim(),
    };
  });

for (const cell of ["lstm", "gru", "peephole_lstm"]) {
  test(`on_the_way_back_of_${cell}_what_has_been_computed_is_not_dashed_and_the_dash_is_explained`, async () => {
    const student = await arrive(`#/step?step-cell=${cell}`);
    const { page } = student;
    await page.locator(".phases button", { hasText: "back through time" }).click();
    let before = await dashes(student);
    assert.ok(before.later > 0 && before.later < before.of && before.said, JSON.stringify(before));
    assert.equal(before.text, "not computed yet");
    const lines = await page.locator("unrolled-step-listing .code > li:not(.repeats)").count();
    for (let k = 0; k < lines && before.later > 0; k++) {
      await page.getByRole("button", { name: "line ›" }).click();
      const now = await dashes(student);
      assert.ok(now.later <= before.later, "nothing is forgotten on the way");
      assert.equal(now.said, now.later > 0, "the dash is explained where there is one");
      before = now;
    }
    assert.equal(before.later, 0, "in the end all has been computed");
    await page.locator(".phases button", { hasText: "sum over time" }).click();
    assert.equal((await dashes(student)).later, 0);
    await student.leave();
  });
}

test("a_pre_activation_is_made_from_its_two_products_and_the_bias_and_each_can_be_followed", async () => {
  const student = await arrive("#/step?step-at=1&step-unit=5");
  const { page } = student;
  const panel = page.locator("unrolled-step-number");
  assert.equal(await panel.locator(".which code").innerText(), "z_i[5]");
  const chips = panel.locator(".trail .chip");
  const labels = await chips.allInnerTexts();
  assert.deepEqual(
    labels.map((label) => label.trim().replace(/\s+[−\d.]+$/, "")),
    ["x @ W_i[:, 5]", "h_before @ U_i[:, 5]", "b_i[5]"],
  );
  const parts = labels.map((label) => Number(/[−\d.]+$/.exec(label.trim())?.[0].replace("−", "-")));
  const value = Number((await panel.locator("output.value").innerText()).replace("−", "-"));
  assert.ok(Math.abs(parts.reduce((sum, part) => sum + part, 0) - value) < 0.001, `${parts} make ${value}`);
  // The names of the parts are not in the listing: it is said what they are.
  assert.equal(
    await panel.locator(".pieces").innerText(),
    "W_i, U_i and b_i are the parts of W, U and b that make z_i.",
  );
  await chips.nth(0).click();
  await page.locator(".cell .caption", { hasText: "z_i[5] is the sum of" }).waitFor();
  await page.locator(".cell tbody button", { hasText: "W_i[" }).first().click();
  await page.locator(".which", { hasText: /^\s*W_i\[\d, 5\]/ }).waitFor();
  assert.match(
    await panel.locator(".pieces").innerText(),
    /^In the listing: W\[\d, 5\]\. W_i is the part of W/,
  );
  await student.leave();
});

test("the_overview_before_anything_is_computed_says_how_it_is_filled", async () => {
  const student = await arrive("#/step");
  const { page } = student;
  await page.getByRole("button", { name: "Overview: all words" }).click();
  const told = page.locator(".whole-sequence .told");
  assert.match(await told.innerText(), /^Nothing has been computed yet\. Each word fills its column/);
  const rows = () =>
    page.locator(".sequence figure .plane").evaluateAll((all) =>
      all.map((plane) => {
        const { top, height } = plane.getBoundingClientRect();
        return { top, height };
      }),
    );
  const empty = await rows();
  assert.equal(empty.length, 7, "four gates, two states, one gradient");
  await page.getByRole("button", { name: "compute all words" }).click();
  await page
    .locator(".predictions span", { hasText: /^\.\d\d$/ })
    .nth(8)
    .waitFor();
  assert.match(await told.innerText(), /^Each number can be clicked/);
  await page.keyboard.press("End");
  await page.locator(".sequence figcaption", { hasText: /^d_h gradient, ±/ }).waitFor();
  assert.deepEqual(await rows(), empty, "the rows stay where they are while they fill");
  const room = await page.locator(".whole-sequence").boundingBox();
  const last = empty[empty.length - 1];
  assert.ok(room && last.top + last.height > room.y + 0.9 * room.height, "and use the height that there is");
  await student.leave();
});

test("a_gate_has_one_colour_in_its_name_its_numbers_and_the_figures_of_training", async () => {
  const student = await arrive("#/step?step-at=5");
  const { page } = student;
  const colours = await page.evaluate(() =>
    ["i", "f", "o"].map((gate) => {
      const lines = [...document.querySelectorAll("unrolled-step-listing .code > li")];
      const line = lines.find((known) =>
        new RegExp(`^\\d*\\s*${gate} =`).test(known.textContent?.trim() ?? ""),
      );
      const cells = /** @type {any} */ (line?.querySelector("unrolled-cells"));
      const name = [...document.querySelectorAll(".cell .legend b")].find((b) => b.textContent === gate);
      return [gate, cells?.hue, name?.getAttribute("style")];
    }),
  );
  assert.deepEqual(
    colours,
    ["i", "f", "o"].map((gate) => [gate, `--gate-${gate}`, `color:var(--gate-${gate})`]),
  );
  await page.getByRole("link", { name: "Train", exact: true }).click();
  for (const gate of ["i", "f", "o"])
    await page.locator(`unrolled-heatmap figure[style*="--gate-${gate}"]`).first().waitFor();
  await student.leave();
});

test("a_picture_that_is_wider_than_a_phone_is_shown_where_the_line_is_and_can_be_moved_to_its_end", async () => {
  const student = await Student.arrive({ viewport: { width: 390, height: 844 }, reducedMotion: "reduce" });
  await student.open("#/step?step-cell=gated_deltanet&step-at=6");
  await student.step_ready();
  const { page } = student;
  await page.locator("unrolled-step-listing h2", { hasText: "gated_deltanet.py" }).waitFor();
  await page.getByRole("tab", { name: "Cell" }).click();
  await page.waitForFunction(() => {
    const [frame, now] = [".picture", ".picture .element.now"].map((what) =>
      document.querySelector(what)?.getBoundingClientRect(),
    );
    return frame && now && now.width > 0 && frame.left <= now.left && now.right <= frame.right;
  });
  for (const [edge, sign] of [
    ["right", "›"],
    ["left", "‹"],
  ]) {
    const button = page.locator(`.beyond.${edge}`);
    await button.waitFor();
    assert.equal((await button.textContent())?.trim(), sign);
    // Each press shows more, until there is no more.
    await page.waitForFunction((side) => {
      const known = /** @type {HTMLElement} */ (document.querySelector(`.beyond.${side}`));
      const shown = getComputedStyle(known).display !== "none";
      if (shown) known.click();
      return !shown;
    }, edge);
    const { from, beyond } = await page.locator(".picture").evaluate((frame) => ({
      from: frame.scrollLeft,
      beyond: frame.scrollWidth - frame.clientWidth - frame.scrollLeft,
    }));
    assert.ok((edge === "right" ? beyond : from) < 5, `${from} px before and ${beyond} px behind`);
  }
  await student.leave();
});
