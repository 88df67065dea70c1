/**
 * Hostile links, listings, names and files against the served page:
 *
 *     UNROLLED_URL=http://127.0.0.1:8090 CHROMIUM=$(command -v chromium) npm run fuzz -- --links 10000 --listings 1000
 *
 * A script error, a rejection that nobody handles, a violation of the page's policy, a request to another origin, an
 * element that came with a name, or a page that no longer answers is a fault. The same seed gives the same cases.
 */
import { parseArgs } from "node:util";
import { close_all } from "../e2e/resources.js";
import { close_browser } from "../e2e/student.js";
import { draws, file, link, listing } from "./hostile.js";
import { AT_ONCE, drop, follow, give_listing, visited } from "./visitor.js";

const { values } = parseArgs({
  options: {
    links: { type: "string", default: "200" },
    listings: { type: "string", default: "50" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
  },
});

const seed = Number(values.seed);

/** Kinds of what comes, with how many are asked for. @type {[string, number, (d: any) => any, any, string][]} */
const KINDS = [
  ["links", Number(values.links), link, follow, "step"],
  ["listings", Math.ceil(Number(values.listings) * 0.6), listing, give_listing, "step"],
  ["files", Math.floor(Number(values.listings) * 0.4), file, drop, "train"],
];

/** One by one, those of a batch that went wrong. @param {any[]} given @param {any} come @param {string} view */
async function culprits(given, come, view) {
  const found = [];
  for (const one of given) {
    try {
      await visited([one], come, { view });
    } catch (error) {
      found.push(`${JSON.stringify(one).slice(0, 400)}: ${String(error).slice(0, 600)}`);
    }
    await close_all();
  }
  return found;
}

let faults = 0;
for (const [what, count, make, come, view] of KINDS) {
  const begun = Date.now();
  let of_this = 0;
  for (let from = Number(values.from); from < count; from += AT_ONCE) {
    const given = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, k) =>
      make(draws(seed, from + k)),
    );
    try {
      await visited(given, come, { view });
    } catch (error) {
      of_this++;
      const singly = await culprits(given, come, view);
      console.log(`${what} ${from} to ${from + given.length - 1}: ${String(error).slice(0, 1500)}`);
      for (const one of singly) console.log(`  alone: ${one}`);
    }
    await close_all();
    if (process.stderr.isTTY) process.stderr.write(`${what}: ${from + given.length} of ${count}\r`);
  }
  faults += of_this;
  const seconds = ((Date.now() - begun) / 1000).toFixed(0);
  console.log(`${what}: ${count} in ${seconds} s, ${of_this} batches of ${AT_ONCE} with faults`);
}
await close_browser();
process.exitCode = faults > 0 ? 1 : 0;
