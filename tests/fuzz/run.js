/**
 * Hostile links, listings, names and files against the served page:
 *
 *     export UNROLLED_URL=http://127.0.0.1:8090 CHROMIUM=$(command -v chromium)
 *     npm run fuzz -- --links 10000 --listings 1000 --files 400
 *
 * A script error, a rejection that nobody handles, a violation of the page's policy, a request to another origin, an
 * element that came with a name, or a page that no longer answers is a fault. The same seed gives the same cases.
 */
import { parseArgs } from "node:util";
import { close_all } from "../e2e/resources.js";
import { close_browser } from "../e2e/student.js";
import { draws, file, link, listing } from "./hostile.js";
import { AT_ONCE, drop, follow, give_listings, visited } from "./visitor.js";

const { values } = parseArgs({
  options: {
    links: { type: "string", default: "200" },
    listings: { type: "string", default: "50" },
    files: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
  },
});

const seed = Number(values.seed);

/** Kinds of what comes, with how many are asked for. @type {[string, number, (d: any) => any, any, string][]} */
const KINDS = [
  ["links", Number(values.links), link, follow, "step"],
  ["listings", Number(values.listings), listing, give_listings, "step"],
  ["files", Number(values.files), file, drop, "train"],
];

/**
 * The last one without which those of a batch do no harm, and what they do. Harm that needs several is told with all.
 * @param {any[]} given @param {any} come @param {string} view @param {string} said of all
 * @returns {Promise<string>}
 */
async function culprit(given, come, view, said) {
  for (const half of given.length > 1
    ? [given.slice(0, given.length >> 1), given.slice(given.length >> 1)]
    : []) {
    const harm = await harm_of(half, come, view);
    if (harm !== "") return culprit(half, come, view, harm);
  }
  const shown = JSON.stringify(given.length === 1 ? given[0] : given).slice(0, 3000);
  return `${given.length === 1 ? "one" : `${given.length} together`}: ${said}\n  ${shown}`;
}

/** What those of a batch have done, or nothing. @param {any[]} given @param {any} come @param {string} view */
async function harm_of(given, come, view) {
  try {
    await visited(given, come, { view });
    return "";
  } catch (error) {
    return String(error).slice(0, 1500);
  } finally {
    await close_all();
  }
}

let faults = 0;
for (const [what, count, make, come, view] of KINDS) {
  const begun = Date.now();
  let of_this = 0;
  for (let from = Number(values.from); from < count; from += AT_ONCE) {
    const given = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, k) =>
      make(draws(seed, from + k)),
    );
    const harm = await harm_of(given, come, view);
    if (harm !== "") {
      of_this++;
      console.log(`${what} ${from} to ${from + given.length - 1}, ${await culprit(given, come, view, harm)}`);
    }
    if (process.stderr.isTTY) process.stderr.write(`${what}: ${from + given.length} of ${count}\r`);
  }
  faults += of_this;
  const seconds = ((Date.now() - begun) / 1000).toFixed(0);
  console.log(`${what}: ${count} in ${seconds} s, ${of_this} batches of ${AT_ONCE} with faults`);
}
await close_browser();
process.exitCode = faults > 0 ? 1 : 0;
