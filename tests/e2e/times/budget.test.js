import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";
import { test } from "../harness.js";
import { ROOT } from "../plain_server.js";
import { close_after_test } from "../resources.js";
import { Student } from "../student.js";

/**
 * What a reader loads before she can act, as a static host compresses it, and in how many files; data sets and their
 * list not counted. A megabyte is promised; the limit is lower, so that growth is noticed long before.
 */
const MOST_BYTES = 720_000,
  MOST_FILES = 110;

/** The line that the times are promised for. */
const BITS_PER_SECOND = 10e6,
  ROUND_TRIP_MS = 50;

/** Promised times in milliseconds since the visit began. */
const PAINT_MS = 1000,
  STEP_MS = 2000,
  TRAIN_MS = 4000;

/** Other programs delay visits: the quickest of some shows what the page needs. */
const TRIES = 5;

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** @type {Map<string, Buffer>} */
const compressed = new Map();

/** @param {string} path @returns {Buffer | null} the file as a static host sends it */
function sent(path) {
  const file = join(ROOT, normalize(path.endsWith("/") ? `${path}index.html` : path));
  if (!file.startsWith(ROOT) || !statSync(file, { throwIfNoEntry: false })?.isFile()) return null;
  if (!compressed.has(path)) compressed.set(path, gzipSync(readFileSync(file)));
  return compressed.get(path) ?? null;
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Serves the page over a line of `BITS_PER_SECOND`, which all answers share. */
async function slow_line() {
  /** @type {{ path: string, bytes: number }[]} */
  const answers = [];
  let free_at = 0;
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname);
    const bytes = sent(path);
    await pause(ROUND_TRIP_MS);
    if (!bytes) return void response.writeHead(404).end();
    answers.push({ path, bytes: bytes.length });
    response.writeHead(200, {
      "content-type": TYPES[extname(path)] ?? (path.endsWith("/") ? "text/html" : "application/octet-stream"),
      "content-encoding": "gzip",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
    const part = 16_384;
    for (let at = 0; at < bytes.length && !response.destroyed; at += part) {
      const now = performance.now();
      free_at = Math.max(now, free_at) + (Math.min(part, bytes.length - at) * 8000) / BITS_PER_SECOND;
      await pause(free_at - now);
      response.write(bytes.subarray(at, at + part));
    }
    response.end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  close_after_test(async () => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { address: `http://127.0.0.1:${port}/`, answers };
}

/** Runs in the page before anything else: notes when the first training can begin. */
function watch() {
  const found = new MutationObserver(() => {
    const train = [...document.querySelectorAll("button.primary")].find(
      (one) => one.textContent?.trim() === "Train",
    );
    if (!train || /** @type {HTMLButtonElement} */ (train).disabled) return;
    found.disconnect();
    performance.mark("can-train");
  });
  found.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}

/** One first visit. @param {string} address @param {string} view @param {string} mark when the reader can act */
async function visit(address, view, mark) {
  const student = await Student.arrive_at(address);
  await student.page.addInitScript(watch);
  await student.open(view);
  await student.page.waitForFunction((name) => performance.getEntriesByName(name).length > 0, mark);
  const times = await student.page.evaluate((name) => {
    const of = (/** @type {string} */ entry) => performance.getEntriesByName(entry)[0]?.startTime ?? NaN;
    const acts = of(name);
    const asked = performance.getEntriesByType("resource").filter(({ startTime }) => startTime <= acts);
    const before = ["/", ...asked.map((entry) => new URL(entry.name).pathname)];
    return { paint: of("first-contentful-paint"), acts, before };
  }, mark);
  await student.leave();
  return times;
}

/** @param {string} path */
const is_data = (path) => path.startsWith("/www/data/");

test("what_loads_before_a_reader_can_act_is_small_and_in_few_files", async () => {
  const { address, answers } = await slow_line();
  // What is fetched once she can act, for what may come next, is not counted.
  const { before } = await visit(address, "", "stepping-live");
  const counted = answers.filter(({ path }) => before.includes(path) && !is_data(path));
  const files = new Map(counted.map(({ path, bytes }) => [path, bytes]));
  const bytes = [...files.values()].reduce((sum, one) => sum + one, 0);
  const largest = [...files].sort((one, other) => other[1] - one[1]).slice(0, 5);
  console.log(`# ${files.size} files, ${(bytes / 1e3).toFixed(0)} kB; the largest: ${largest.join("; ")}`);
  assert.ok(bytes <= MOST_BYTES, `${bytes} bytes; the largest: ${largest.join("; ")}`);
  assert.ok(files.size <= MOST_FILES, `${files.size} files: ${[...files.keys()].join(" ")}`);
});

test("the_page_is_painted_stepping_and_ready_to_train_in_time_on_a_slow_line", async () => {
  const best = { paint: Infinity, step: Infinity, train: Infinity };
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const { address } = await slow_line();
    const step = await visit(address, "", "stepping-live");
    const train = await visit(address, "#/train", "can-train");
    best.paint = Math.min(best.paint, step.paint, train.paint);
    best.step = Math.min(best.step, step.acts);
    best.train = Math.min(best.train, train.acts);
    if (best.paint < PAINT_MS && best.step < STEP_MS && best.train < TRAIN_MS) break;
  }
  console.log(
    `# paint ${best.paint.toFixed(0)} ms, step ${best.step.toFixed(0)} ms, train ${best.train.toFixed(0)} ms`,
  );
  assert.ok(best.paint < PAINT_MS, `first paint after ${best.paint} ms`);
  assert.ok(best.step < STEP_MS, `the Step view is alive after ${best.step} ms`);
  assert.ok(best.train < TRAIN_MS, `training is possible after ${best.train} ms`);
});
