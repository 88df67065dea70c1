/**
 * Breaks things while a reader works, and looks whether anything of the work is lost, and whether the page says so.
 *
 *     node tests/campaign/campaign.js http://127.0.0.1:8080/ [--every] [--only TEXT] [--at-once 2]
 *
 * Every fault of `faults.js` meets half of the states of `states.js`, with `--every` all of them; `--only` takes
 * those in whose name the text occurs. What is missing afterwards counts as lost unless it is of the last second
 * before the fault; what is missing and not said is a silence. Ends with 1 if there is a silence, or a fault could
 * not be done.
 */
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { FAULTS } from "./faults.js";
import { STATES, settled, work_of } from "./states.js";

/** @typedef {import("./faults.js").Fault} Fault */
/** @typedef {import("./states.js").State} State */
/** @typedef {import("./states.js").Work} Work */
/**
 * @typedef {{ state: string, fault: string, lost: number, missing: string[], said: string[], trouble: string }} Result
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    every: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    "at-once": { type: "string", default: "2" },
  },
});
const ADDRESS = positionals[0] ?? process.env.UNROLLED_URL ?? "http://127.0.0.1:8080/";

const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];

/** Everything is waited for this long at most. */
const PATIENCE_MS = 60_000;

/** Longest time that the page may take to say or repeat what it has to. */
const RECOVERY_MS = 25_000;

const moments = (/** @type {number} */ milliseconds) => new Promise((keep) => setTimeout(keep, milliseconds));

/** Runs in every page before its scripts: tells what the page says. */
function listen() {
  new MutationObserver(() => {
    for (const place of document.querySelectorAll(".notice p, #silence:not([hidden]) p, .trouble")) {
      const text = (place.textContent ?? "").replace(/\s+/g, " ").trim();
      // @ts-expect-error: a function of the campaign
      if (text !== "") globalThis.campaign_hears(text);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
}

/** @param {import("playwright-core").Browser} browser @returns {Promise<number>} the process that works most */
async function renderer_of(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  renderers.sort((one, other) => other.cpuTime - one.cpuTime);
  await session.detach();
  return renderers[0].id;
}

/** What of the work is not there any more, in words. @param {Work} before @param {Work} now @param {number} lost */
function missing_of(before, now, lost) {
  const missing = [];
  if (lost > 0) missing.push(`${lost} updates`);
  if (now.text !== before.text) missing.push("the text");
  if (now.code !== before.code) missing.push("the cell");
  if (now.edits < before.edits) missing.push("the change of a number");
  else if (!Object.is(now.loss, before.loss)) missing.push("the same loss");
  return missing;
}

/**
 * @param {import("playwright-core").Browser} browser
 * @param {State} state @param {Fault} fault @param {Result} result
 */
async function play(browser, state, fault, result) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
    serviceWorkers: fault.without_service_worker ? "block" : "allow",
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const heard = new Set();
  await context.exposeFunction("campaign_hears", (/** @type {string} */ text) => heard.add(text));
  await context.addInitScript(listen);
  const page = await context.newPage();
  /** @type {import("./faults.js").Scene} */
  const scene = {
    page,
    context,
    session: await context.newCDPSession(page),
    address: () => last_address,
    link: new URL(state.link, ADDRESS).href,
    open: async (address = scene.link) => {
      scene.page = await context.newPage();
      await scene.page.goto(address);
      return scene.page;
    },
    renderer: () => renderer_of(browser),
  };
  let last_address = scene.link;
  await fault.before?.(scene);
  await page.goto(scene.link);
  await state.work(page);
  await moments(state.trains ? 2500 : 1200);
  const a_second_ago = await work_of(page);
  await moments(1000);
  const before = await work_of(page);
  last_address = page.url();
  await fault.during?.(scene);
  await settled(scene.page, state.trains);
  // What a paused run has lost may be made again, or told a little later.
  const deadline = Date.now() + RECOVERY_MS;
  for (;;) {
    const now = await work_of(scene.page);
    result.lost = state.trains ? Math.max(0, a_second_ago.updates - now.updates) : 0;
    result.missing = missing_of(before, now, result.lost);
    result.said = /** @type {string[]} */ ([...heard]);
    // What was said of the fault itself does not tell whether the work comes back.
    if (result.missing.length === 0 || Date.now() > deadline) return;
    await moments(500);
  }
}

/** @param {State} state @param {Fault} fault @returns {Promise<Result>} */
async function try_out(state, fault) {
  /** @type {Result} */
  const result = { state: state.name, fault: fault.name, lost: 0, missing: [], said: [], trouble: "" };
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  try {
    await play(browser, state, fault, result);
  } catch (error) {
    result.trouble = String(error).split("\n")[0];
  } finally {
    await browser.close();
  }
  return result;
}

/** @param {Result} result */
function outcome({ missing, said, trouble }) {
  if (trouble) return "NOT DONE";
  if (missing.length === 0) return "kept";
  return said.length > 0 ? "said" : "SILENT";
}

/** A line of the table. @param {string} name @param {Result[]} results */
function line(name, results) {
  const count = (/** @type {string} */ wanted) =>
    results.filter((result) => outcome(result) === wanted).length;
  const lost = results.reduce((sum, result) => sum + (outcome(result) === "SILENT" ? result.lost : 0), 0);
  const numbers = [results.length, count("kept"), count("said"), count("SILENT"), lost, count("NOT DONE")];
  console.log(`${name.padEnd(36)}${numbers.map((number) => String(number).padStart(9)).join("")}`);
}

const pairs = FAULTS.flatMap((fault, row) =>
  STATES.filter((state, column) => {
    const is_chosen = values.every || (row + column) % 2 === 0;
    const is_named = `${fault.name} · ${state.name}`.includes(values.only);
    return is_named && (is_chosen || values.only !== "") && (state.trains || !fault.only_training);
  }).map((state) => ({ state, fault })),
);
console.log(`${pairs.length} faults`);

/** @type {Result[]} */
const results = [];
async function take_some() {
  for (let pair = pairs.shift(); pair; pair = pairs.shift()) {
    const result = await try_out(pair.state, pair.fault);
    results.push(result);
    const missing = result.missing.length > 0 ? `: ${result.missing.join(", ")} missing` : "";
    const said = missing && result.said.length > 0 ? ` (${result.said.join(" | ").slice(0, 300)})` : "";
    console.log(`${outcome(result)}  ${result.fault} · ${result.state}${missing}${said}${result.trouble}`);
  }
}
await Promise.all(Array.from({ length: Number(values["at-once"]) }, take_some));

const header = ["faults", "kept", "said", "silent", "lost", "not done"];
console.log(`\n${"fault".padEnd(36)}${header.map((name) => name.padStart(9)).join("")}`);
for (const { name } of FAULTS) {
  const of_it = results.filter(({ fault }) => fault === name);
  if (of_it.length > 0) line(name, of_it);
}
line("all", results);
process.exitCode = results.some((result) => /SILENT|NOT DONE/.test(outcome(result))) ? 1 : 0;
