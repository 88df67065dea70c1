import assert from "node:assert/strict";
import { test } from "./harness.js";
import { FOLDER, SIZES, fits } from "./looks.js";
import { SCHEMES, Student } from "./student.js";

test("nothing_runs_out_of_the_page_at_any_width_in_either_scheme", async () => {
  // One page begins narrow and one wide; each is looked at in further sizes.
  for (const sizes of [SIZES.slice(0, 2), SIZES.slice(2)]) {
    const student = await Student.arrive({ viewport: sizes[0] });
    await student.open("#/train?v=1&data=imdb&t=2&u=9&speed=0");
    await student.ready();
    await student.press("Train");
    await student.step_reached(30); // a validation, with its list of mistakes, comes at 25
    await student.press("Pause");
    await student.ready();
    for (const viewport of sizes) {
      await student.page.setViewportSize(viewport);
      for (const scheme of SCHEMES) {
        await student.wear(scheme);
        await fits(student);
        await student.page.screenshot({
          path: `${FOLDER}train-${viewport.width}-${scheme}.png`,
          fullPage: true,
        });
      }
    }
    await student.leave();
  }
});

test("the_lines_that_made_a_number_are_all_in_sight", async () => {
  const student = await Student.arrive({ viewport: SIZES[0] });
  for (const cell of ["lstm", "gru", "simple_rnn"]) {
    await student.open(`#/train?v=1&data=imdb&cell=${cell}&t=2&u=9`);
    await student.ready();
    for (const viewport of SIZES) {
      await student.page.setViewportSize(viewport);
      const { wanted, given } = await student.page.locator(".explained .where").evaluate((where) => {
        const whole = where.closest(".explained");
        return { wanted: whole?.scrollHeight ?? NaN, given: whole?.clientHeight ?? NaN };
      });
      assert.ok(wanted <= given, `${cell}: ${wanted} of ${given} px are wanted at ${viewport.width} px`);
    }
    await student.page.goto("about:blank");
  }
  await student.leave();
});

test("the_longest_names_of_cells_fit_a_phone", async () => {
  for (const cell of ["gru_tutorial_corrected", "tutorial_003_bug", "grid_lstm"]) {
    const student = await Student.arrive({ viewport: SIZES[0] });
    await student.open(`#/train?v=1&data=imdb&cell=${cell}`);
    await student.ready();
    await student.page.locator(".summary").waitFor();
    await fits(student);
    await student.leave();
  }
});

test("with_reduced_motion_nothing_moves_by_itself", async () => {
  const student = await Student.arrive({ reducedMotion: "reduce" });
  await student.open();
  await student.ready();
  const moving = await student.page.evaluate(() => document.getAnimations().length);
  assert.equal(moving, 0);
  await student.leave();
});
