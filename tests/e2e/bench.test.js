import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test } from "./harness.js";
import { SCHEMES, Student } from "./student.js";

const FOLDER = new URL("../../screenshots/", import.meta.url).pathname;
mkdirSync(FOLDER, { recursive: true });

/** A workload needs some seconds for each way in which it is computed, more on a busy machine. */
const RUN_MS = 90_000;

/** @param {import("playwright-core").BrowserContextOptions} [options] */
async function at_the_benchmark(options) {
  const student = await Student.arrive(options);
  await student.page.goto(new URL("bench.html", process.env.UNROLLED_URL).href);
  await student.page.getByRole("button", { name: "Run all" }).waitFor();
  return student;
}

/**
 * The numbers of a workload's row.
 * @param {Student} student
 * @param {string} workload
 * @param {string} mode
 * @returns {Promise<number[]>}
 */
async function numbers(student, workload, mode) {
  const row = student.page.locator(`[data-workload="${workload}"] [data-mode="${mode}"] td.number`);
  return (await row.allTextContents()).map((text) => Number(text.replaceAll(/[,%×]/g, "")));
}

/** @param {Student} student @param {string} title */
async function run(student, title) {
  await student.page.getByRole("button", { name: `Run ${title}` }).click();
  await student.page.getByRole("button", { name: "Stop" }).waitFor();
  await student.page.getByRole("button", { name: "Run all" }).waitFor({ timeout: RUN_MS });
  assert.equal(await student.page.getByRole("status").textContent(), "Done.");
}

test("the_page_links_to_the_benchmark_and_back", async () => {
  const student = await Student.arrive();
  await student.open();
  await student.ready(); // The page may still move while it is set up, and a click needs a link that stands.
  await student.page.getByRole("link", { name: /How fast is it/ }).click();
  await student.page.getByRole("heading", { name: "How fast is it here?" }).waitFor();
  await student.page.getByRole("link", { name: "Train", exact: true }).click();
  await student.ready();
  await student.leave();
});

test("a_reader_measures_a_product_and_sees_it_beside_the_peak", async () => {
  const student = await at_the_benchmark();
  await run(student, "Product 64 × 64 × 64");
  const peak = parseFloat((await student.page.locator("[data-figure=peak]").textContent()) ?? "");
  assert.ok(peak > 1, `peak ${peak}`);
  const [ms, , gflops, share, against] = await numbers(student, "W6-64x64x64", "simd128");
  assert.ok(Math.abs(gflops / ((2 * 64 ** 3) / ms / 1e6) - 1) < 0.02, `${ms} ms and ${gflops} GFLOP/s`);
  assert.ok(Math.abs(share / ((100 * gflops) / peak) - 1) < 0.05, `${share} % of ${peak}`);
  assert.equal(against, 1);
  const [portable] = await numbers(student, "W6-64x64x64", "portable");
  assert.ok(portable > 0, `${portable} ms with the portable kernels`);
  await student.leave();
});

test("a_training_step_is_measured_with_one_worker_and_with_several", async () => {
  const student = await at_the_benchmark({ viewport: { width: 1440, height: 900 } });
  await run(student, "Reuters, two LSTM 50, 50 × 49 ids");
  for (const mode of ["portable", "simd128", "workers"]) {
    const [ms, tokens] = await numbers(student, "W3", mode);
    assert.ok(
      ms > 0 && Math.abs(tokens / ((50 * 49 * 1000) / ms) - 1) < 0.02,
      `${mode}: ${ms} ms, ${tokens} tokens/s`,
    );
  }
  await student.page.screenshot({ path: `${FOLDER}bench-run.png`, fullPage: true });
  await student.leave();
});

test("a_run_can_be_stopped_and_begun_again", async () => {
  const student = await at_the_benchmark();
  await student.press("Run all");
  await student.page
    .getByText(/IMDB, LSTM 128.*…/)
    .first()
    .waitFor();
  await student.press("Stop");
  await student.page.getByText("Stopped.").waitFor();
  await run(student, "Product 64 × 64 × 64");
  await student.leave();
});

test("the_benchmark_fits_every_width_in_both_schemes", async () => {
  const student = await at_the_benchmark();
  for (const colorScheme of SCHEMES) {
    await student.wear(colorScheme);
    for (const width of [360, 390, 1024, 1440]) {
      await student.page.setViewportSize({ width, height: 900 });
      const { wanted, given } = await student.page.evaluate(() => ({
        wanted: document.documentElement.scrollWidth,
        given: document.documentElement.clientWidth,
      }));
      assert.ok(wanted <= given, `${wanted} px are wanted at ${width} px`);
      await student.page.screenshot({ path: `${FOLDER}bench-${width}-${colorScheme}.png`, fullPage: true });
    }
  }
  await student.leave();
});
