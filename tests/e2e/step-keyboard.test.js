import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test } from "./harness.js";
import { SCHEMES, Student } from "./student.js";

const FOLDER = new URL("../../screenshots/", import.meta.url).pathname;
mkdirSync(FOLDER, { recursive: true });

/** @param {Student} student @param {string} [fragment] */
async function open(student, fragment = "") {
  await student.open(fragment);
  await student.step_ready();
}

test("the_step_view_is_used_with_the_keyboard_alone", async () => {
  const student = await Student.arrive();
  await open(student, "#/step?step-at=19&step-unit=5");
  const { page } = student;
  const said = () => page.locator("unrolled-step-sentence [aria-live=polite]").textContent();
  await page.keyboard.press("ArrowRight");
  assert.match((await said()) ?? "", /“bad”, line \d+\. The candidate of unit 5 is/);
  await page.keyboard.press("ArrowUp");
  assert.match((await page.locator(".which").textContent()) ?? "", /g\[4\]/);
  await page.keyboard.press("Shift+ArrowRight");
  assert.match((await said()) ?? "", /“film”, line \d+/);
  await page.keyboard.press("Shift+ArrowLeft");
  assert.match((await said()) ?? "", /“bad”, line \d+/);
  await page.keyboard.press("Enter");
  await page.getByText("One sum, term by term").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.getByText("The whole sequence, unrolled").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("group", { name: "Diagram of the cell" }).waitFor();
  await page.waitForFunction(
    () => location.hash.includes("step-at=20") && location.hash.includes("step-unit=4"),
  );
  await student.leave();
});

test("the_page_shows_a_recorded_step_before_the_engine_is_there", async () => {
  const student = await Student.arrive();
  student.expect_complaint(/ERR_FAILED|Failed to load resource/);
  await student.page.route("**/*.wasm", (route) => route.abort());
  await student.open("");
  await student.page.locator(".code .now", { hasText: "def step(x, h, c, W, U, b)" }).waitFor();
  assert.match((await student.page.locator("[data-figure=number]").textContent()) ?? "", /^−?\d\.\d{3}$/);
  assert.match(
    (await student.page.locator("unrolled-step-origin").textContent()) ?? "",
    /a recorded network/,
  );
  await student.leave();
});

test("with_reduced_motion_nothing_moves_by_itself_in_the_step_view", async () => {
  const student = await Student.arrive({ reducedMotion: "reduce" });
  await open(student);
  await student.page.keyboard.press("ArrowRight");
  assert.equal(await student.page.evaluate(() => document.getAnimations().length), 0);
  await student.leave();
});

const SIZES = [
  { width: 390, height: 844 },
  { width: 1024, height: 768 },
  { width: 1440, height: 900 },
];

test("the_step_view_stays_inside_of_the_page_in_either_scheme", async () => {
  // Each page begins in another size and is looked at in all of them.
  for (const [first, name, fragment] of /** @type {const} */ ([
    [0, "gates", "#/step"],
    [1, "back", "#/step?step-at=90&step-unit=5"],
    [2, "gru", "#/step?step-cell=gru&step-at=30"],
  ])) {
    const student = await Student.arrive({ viewport: SIZES[first] });
    await open(student, fragment);
    for (let k = 0; k < SIZES.length; k++) {
      const viewport = SIZES[(first + k) % SIZES.length];
      await student.page.setViewportSize(viewport);
      for (const scheme of SCHEMES) {
        await student.wear(scheme);
        const { wanted, given } = await student.page.evaluate(() => ({
          wanted: document.documentElement.scrollWidth,
          given: document.documentElement.clientWidth,
        }));
        assert.ok(wanted <= given, `${wanted} px are wanted at ${viewport.width} px`);
        await student.page.screenshot({ path: `${FOLDER}step-${name}-${viewport.width}-${scheme}.png` });
      }
    }
    await student.leave();
  }
});
