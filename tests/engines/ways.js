/**
 * What readers do most, once for all browsers: step forwards and back, write a cell of their own, train, reload and
 * follow a link. While they do, the policy of the page is not violated, and no script fails.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { ROOT, serve_plainly } from "../e2e/plain_server.js";
import { close_all } from "../e2e/resources.js";
import { BROWSERS } from "./browsers.js";
import { KEYS } from "./page.js";

/** @typedef {import("./page.js").Page} Page */

/** All ways together take seconds; what takes longer is stuck. */
const LIMIT_MS = 120_000;

afterEach(close_all);

const HERE = join(ROOT, "tests/engines");

/** What the weights of an experiment hash to after some updates, natively and in every browser. */
const WEIGHTS = JSON.parse(readFileSync(join(HERE, "weights.json"), "utf8"));

const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** The repository as it is after the build, and a page with a witness of what goes wrong. */
async function served() {
  const page = readFileSync(join(ROOT, "index.html"), "utf8");
  const others = {
    "/witnessed.html": page.replace("<head>", '<head><script src="witness.js"></script>'),
    "/witness.js": readFileSync(join(HERE, "witness.js"), "utf8"),
    "/empty.html": "<!doctype html><title>empty</title>",
  };
  return serve_plainly({ headers: ISOLATED, others });
}

/** Where the walk stands and the number that is shown there. @param {Page} page */
function shown(page) {
  return page.evaluate(() => {
    const { value } = document.querySelector("form.value input") ?? {};
    return [
      document.querySelector("unrolled-step-transport .standing")?.textContent?.replace(/\s+/g, " "),
      value ?? document.querySelector("[data-figure=number]")?.textContent,
    ];
  });
}

/** What is shown once the walk has moved. @param {Page} page @param {string[]} before */
async function changed(page, before) {
  await page.until(
    "a step",
    (before) =>
      document.querySelector("unrolled-step-transport .standing")?.textContent?.replace(/\s+/g, " ") !==
      before,
    before[0],
  );
  return shown(page);
}

/** @param {Page} page @param {string} address */
async function steps_forwards_and_back(page, address) {
  await page.open(`${address}#/step?step-text=good+film&step-at=0&step-unit=2`);
  await page.until("the engine of the Step view", () =>
    [...document.querySelectorAll("button:enabled")].some(({ textContent, ariaLabel }) =>
      `${textContent} ${ariaLabel}`.includes("Copy the listing as numpy"),
    ),
  );
  const there = [await shown(page)];
  for (let k = 0; k < 7; k++) {
    const { [k]: before } = there;
    await page.press("line ›");
    there.push(await changed(page, before));
  }
  assert.match(there[7][0], /line \d+ · word \d of 2 · forward/);
  for (let k = 6; k >= 0; k--) {
    await page.press("‹ line");
    assert.deepEqual(await changed(page, there[k + 1]), there[k], `stop ${k} on the way back`);
  }
  await page.press("sum over time");
  await page.shows("unrolled-step-transport .standing", "gradients added up over all timesteps");
}

/** The lines of a cell; the editor indents by itself. */
const OWN = [
  "def step(x, h, W, U, b):",
  "z = x @ W + h @ U + b",
  "h = np.tanh(z) * sigmoid(z)",
  "return h",
].join(KEYS.Enter);

/** @param {Page} page */
async function writes_a_cell(page) {
  await page.click("unrolled-step-cells label:last-of-type");
  await page.shows(".accepted", "Accepted.");
  await page.click(".cm-content");
  await page.type(".cm-content", `${KEYS.Control}a${KEYS.release}${KEYS.Delete}`);
  await page.type(".cm-content", OWN);
  await page.shows(".cm-content", "h = np.tanh(z) * sigmoid(z)");
  await page.shows(".accepted:not(.stale)", "Gradient check: passed");
  await page.press("Step through it");
  await page.shows("unrolled-step-listing code", "d_z = d_h * sigmoid(z) * (1 - np.tanh(z) ** 2)");
  await page.press("new state");
  await page.shows("unrolled-step-listing code", "h = np.tanh(z) * sigmoid(z)");
}

/** The weights of the run behind the page. @param {Page} page @returns {Promise<string>} */
function hash_of(page) {
  return page.evaluate(async () => {
    const { engine } = await globalThis.module_of("www/state/shared/connection.js");
    return (await engine()).request("weights_hash", null);
  });
}

/** @param {Page} page @param {number} updates */
async function stands_at(page, updates) {
  await page.until(
    `update ${updates}`,
    (updates) =>
      document.querySelector("[data-figure=step]")?.textContent === String(updates) &&
      [...document.querySelectorAll("button:enabled")].some(
        ({ textContent }) => textContent?.trim() === "Train",
      ),
    updates,
  );
}

/** @param {Page} page @param {string} address */
async function trains_reloads_and_follows_a_link(page, address) {
  const { experiment, updates, hash } = WEIGHTS;
  await page.open(`${address}#/train?v=1&experiment=${experiment}`);
  for (let update = 0; update < updates; update++) {
    await stands_at(page, update);
    await page.press("One update");
  }
  await stands_at(page, updates);
  assert.equal(await hash_of(page), hash, "after training");
  await page.until("the address", (updates) => location.hash.includes(`updates=${updates}`), updates);
  const link = await page.evaluate(() => location.href);

  await page.reload();
  await stands_at(page, updates);
  assert.equal(await hash_of(page), hash, "after a reload");

  // The link alone: nothing of the run is left on this machine.
  await page.open(new URL("empty.html", address).href);
  await page.evaluate(async () => {
    localStorage.clear();
    for (const { name } of await indexedDB.databases())
      await new Promise((keep) => (indexedDB.deleteDatabase(name ?? "").onsuccess = keep));
  });
  await page.open(link);
  await stands_at(page, updates);
  assert.equal(await hash_of(page), hash, "of the link");
}

/** @param {keyof typeof BROWSERS} name of a browser */
export function goes_everywhere(name) {
  test(
    `in_${name}_a_reader_steps_writes_a_cell_trains_reloads_and_follows_a_link`,
    { timeout: LIMIT_MS },
    async () => {
      const { address } = await served();
      const page = await BROWSERS[name]();
      const document = `${address}witnessed.html`;
      await steps_forwards_and_back(page, document);
      await writes_a_cell(page);
      await trains_reloads_and_follows_a_link(page, document);
      await page.leave();
    },
  );
}
