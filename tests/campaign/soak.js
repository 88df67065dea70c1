/**
 * Trains and walks for a long time and looks, once a minute, at what could grow or slow down.
 *
 *     node tests/campaign/soak.js http://127.0.0.1:8080/ --minutes 60
 *
 * A network is trained at 20 updates a second, again and again, while the Step view plays through its words. Prints a
 * line a minute, then the first and the last value of each column and how much it changes in an hour.
 */
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: "string", default: "60" } },
});
const ADDRESS = positionals[0] ?? process.env.UNROLLED_URL ?? "http://127.0.0.1:8080/";
const MINUTES = Number(values.minutes);

const MEGABYTE = 2 ** 20;

/** @param {number} milliseconds */
const moments = (milliseconds) => new Promise((keep) => setTimeout(keep, milliseconds));

/** Runs in the page before its scripts: counts frames, and the longest time between two. */
function count_frames() {
  globalThis.frames_seen = { count: 0, longest: 0 };
  let last = performance.now();
  const next = () => {
    const now = performance.now();
    globalThis.frames_seen.count += 1;
    globalThis.frames_seen.longest = Math.max(globalThis.frames_seen.longest, now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}

/** Runs in the page and in its worker: the bytes of memory of the modules that are instantiated there. */
async function module_bytes() {
  let bytes = 0;
  const names = performance.getEntriesByType("resource").map(({ name }) => name);
  if ("importScripts" in globalThis) names.push(new URL("../pkg/unrolled.js", location.href).href);
  for (const name of new Set(names)) {
    if (!/\/pkg(-stepper|-extra)?\/unrolled\w*\.js$/.test(name)) continue;
    const module = await import(name);
    // What is instantiated gives its exports again; what is not has nothing to instantiate.
    const exports = await module.default({ module_or_path: null }).catch(() => null);
    bytes += exports?.memory.buffer.byteLength ?? 0;
  }
  return bytes;
}

/** Runs in the page: goes on with whatever has come to its end. */
function go_on() {
  const button = (/** @type {string} */ name) =>
    /** @type {HTMLElement | undefined} */ (
      [...document.querySelectorAll("button:enabled")].find(
        ({ textContent, ariaLabel }) => (ariaLabel ?? textContent?.trim()) === name,
      )
    );
  button("Train")?.click();
  if (!button("Play")) return;
  button("To the start")?.click();
  button("Play")?.click();
}

/** @param {import("playwright-core").Page} page @param {import("playwright-core").CDPSession} session */
async function measured(page, session) {
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const metric = (/** @type {string} */ wanted) => metrics.find(({ name }) => name === wanted)?.value ?? NaN;
  const engine = page.workers().find((worker) => worker.url().endsWith("/worker.js"));
  const seen = await page.evaluate(async () => {
    const { count, longest } = globalThis.frames_seen;
    globalThis.frames_seen = { count: 0, longest: 0 };
    const { usage } = await navigator.storage.estimate();
    const updates = document.querySelector("[data-figure=step]")?.textContent?.replaceAll(",", "");
    return { count, longest, usage: usage ?? NaN, updates: Number(updates) };
  });
  return {
    updates: seen.updates,
    heap: metric("JSHeapUsedSize") / MEGABYTE,
    nodes: metric("Nodes"),
    listeners: metric("JSEventListeners"),
    page_wasm: (await page.evaluate(module_bytes)) / MEGABYTE,
    worker_wasm: ((await engine?.evaluate(module_bytes)) ?? NaN) / MEGABYTE,
    workers: page.workers().length,
    storage: seen.usage / MEGABYTE,
    frames: seen.count,
    longest_ms: seen.longest,
  };
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
/** @type {string[]} */
const complaints = [];
page.on("pageerror", (error) => complaints.push(String(error)));
page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
page.on("crash", () => complaints.push("the page crashed"));
await page.addInitScript(count_frames);
await page.goto(new URL("#/train?v=1&data=imdb&speed=20", ADDRESS).href);
await page.getByRole("button", { name: "Train", exact: true }).and(page.locator(":enabled")).click();
await page.evaluate(() => (location.hash = "#/step"));
await page.getByRole("button", { name: "Play", exact: true }).click();
const session = await page.context().newCDPSession(page);
await session.send("Performance.enable");

/** @type {Record<string, number>[]} */
const rows = [];
let asked = performance.now();
await measured(page, session);
for (let minute = 1; minute <= MINUTES; minute++) {
  while (performance.now() < asked + 60_000) {
    await moments(1000);
    await page.evaluate(go_on);
  }
  const row = await measured(page, session);
  const took = (performance.now() - asked) / 1000;
  asked = performance.now();
  rows.push({ ...row, frames: row.frames / took });
  const shown = Object.entries(rows[rows.length - 1]).map(([name, value]) => `${name} ${value.toFixed(1)}`);
  console.log(
    `minute ${minute}: ${shown.join(", ")}${complaints.length ? `, ${complaints.length} complaints` : ""}`,
  );
}
await browser.close();

console.log("\ncolumn        first      last      change an hour");
const middle = (rows.length - 1) / 2;
for (const name of Object.keys(rows[0] ?? {})) {
  const column = rows.map((row) => row[name]);
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  // The slope of the straight line that fits best.
  const above = column.reduce((sum, value, k) => sum + (k - middle) * (value - mean), 0);
  const below = column.reduce((sum, _, k) => sum + (k - middle) ** 2, 0);
  const slope = 60 * (above / below);
  const [first, last] = [column[0], column[column.length - 1]];
  console.log(
    `${name.padEnd(12)}${[first, last, slope].map((value) => value.toFixed(1).padStart(10)).join("")}`,
  );
}
console.log(complaints.length === 0 ? "No complaint." : complaints.join("\n"));
