/**
 * Measures the Step view in real Chromium: processor time of the page's main thread for each frame while a hundred
 * timesteps are played at full speed, the time between frames, and what an edit costs.
 *
 *   cargo xtask serve                            (in another terminal)
 *   UNROLLED_URL=http://127.0.0.1:8080/ npm run measure
 *
 * Processor time is what counts on a machine that others use too; a frame has 16.7 ms at 60 frames a second.
 */
import { chromium } from "playwright-core";

const ADDRESS = process.env.UNROLLED_URL ?? "http://127.0.0.1:8080/";

/** As the end-to-end tests: headless, as root in a container, and silent. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const UNITS = [1, 2, 64];

/** Long enough for a hundred timesteps, forwards line by line, at 16×. */
const WATCHED_MS = 8000;

const EDITS = 15;

/** @param {number[]} times sorted @param {number} share */
const quantile = (times, share) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? NaN;

/** @param {number[]} times @returns {string} median, 95th percentile and maximum */
function summary(times) {
  const sorted = [...times].sort((one, other) => one - other);
  return [0.5, 0.95, 1].map((share) => quantile(sorted, share).toFixed(1).padStart(6)).join(" ");
}

/** Processor time of each task of the page's main thread, from Chromium's trace. @param {Buffer} trace */
function tasks_of(trace) {
  const { traceEvents } = JSON.parse(trace.toString());
  const main = new Set(
    traceEvents
      .filter((event) => event.name === "thread_name" && event.args.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid}:${tid}`),
  );
  const on_page = traceEvents.filter(({ pid, tid }) => main.has(`${pid}:${tid}`));
  const tasks = on_page.filter(
    ({ name, tdur }) =>
      (name === "ThreadControllerImpl::RunTask" || name === "RunTask") && tdur !== undefined,
  );
  return {
    times: tasks.map(({ tdur }) => tdur / 1000),
    busy: tasks.reduce((sum, { tdur }) => sum + tdur / 1000, 0),
  };
}

/** Runs in the page: the time between two frames, in milliseconds, for a while. @param {number} duration */
function frames(duration) {
  return new Promise((resolve) => {
    /** @type {number[]} */
    const times = [];
    const from = performance.now();
    let last = from;
    const tick = (/** @type {number} */ now) => {
      times.push(now - last);
      last = now;
      if (now - from < duration) requestAnimationFrame(tick);
      else resolve(times.slice(1));
    };
    requestAnimationFrame(tick);
  });
}

/**
 * Runs in the page: changes a weight many times; the time until everything after it is computed and the views are
 * drawn.
 * @param {number} count
 */
async function edits(count) {
  const step = await import(new URL("www/state/step/step.js", location.href).href);
  const address = {
    part: "cell",
    pass: "forward",
    timestep: 0,
    line: step.stepping.value.description.cell.forward.head,
    name: "W",
    index: 0,
  };
  const computed = [];
  const drawn = [];
  for (let k = 0; k < count; k++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const from = performance.now();
    step.change_number(address, 0.01 * (k + 1));
    computed.push(performance.now() - from);
    for (const view of document.querySelectorAll("#view-step *"))
      if ("updateComplete" in view) await view.updateComplete;
    drawn.push(performance.now() - from);
  }
  return { computed, drawn };
}

/** @param {import("playwright-core").Browser} browser @param {number} units */
async function measure(browser, units) {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  const choice = `step-cell=lstm&step-input=uniform&step-weights=random&step-units=${units}&step-at=0&step-speed=16`;
  await page.goto(new URL(`#/step?${choice}`, ADDRESS).href);
  await page
    .getByRole("button", { name: "Copy the listing as numpy" })
    .and(page.locator(":enabled"))
    .waitFor();
  await page.waitForTimeout(1500); // The data set of the other view is loaded by then.
  await browser.startTracing(page, {
    categories: ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"],
  });
  await page.getByRole("button", { name: "Play", exact: true }).click();
  const between = await page.evaluate(frames, WATCHED_MS);
  const { times, busy } = tasks_of(await browser.stopTracing());
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  const edit = await page.evaluate(edits, EDITS);
  await page.close();
  console.log(
    `${String(units).padStart(2)} units   between frames ${summary(between)}   a frame's processor ` +
      `time ${(busy / between.length).toFixed(1).padStart(5)}` +
      `   longest tasks ${times
        .sort((a, b) => b - a)
        .slice(0, 3)
        .map((time) => time.toFixed(0))
        .join(", ")}` +
      `   edit: computed ${summary(edit.computed)}, drawn ${summary(edit.drawn)}`,
  );
}

console.log(`100 timesteps of an LSTM with 32 features; milliseconds: median, 95th percentile, maximum`);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ARGUMENTS,
});
for (const units of UNITS) await measure(browser, units);
await browser.close();
