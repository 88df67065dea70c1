/** The head of the page names every module of the first view, so that none is found only when another has arrived. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const ROOT = new URL("../../", import.meta.url);

/** What a module imports before it runs: the names between quotes. */
const IMPORTS = /^(?:import|export)\b[^"';]*?\bfrom\s*"([^"]+)"|^import\s*"([^"]+)"/gm;

/** Parts that the bundler cuts out of packages; it chooses their names. */
const CHUNK = /^www\/vendor\/chunk-/;

/** @param {string} path from the root */
const text_of = (path) => readFileSync(new URL(path, ROOT), "utf8");

const html = text_of("index.html");
/** @type {Record<string, string>} */
const packages = JSON.parse(/<script type="importmap">([^]*?)<\/script>/.exec(html)?.[1] ?? "").imports;

/** All modules that one cannot run without, itself included. @param {string} first */
function needed_by(first) {
  const needed = new Set([first]);
  for (const path of needed) {
    if (path.startsWith("www/vendor/")) continue;
    for (const [, from, whole] of text_of(path).matchAll(IMPORTS)) {
      const name = from ?? whole;
      needed.add(
        new URL(packages[name] ?? name, new URL(packages[name] ? "" : path, ROOT)).href.slice(
          ROOT.href.length,
        ),
      );
    }
  }
  return needed;
}

test("the head names all modules that the first view imports, and no others", () => {
  const named = [...html.matchAll(/<link rel="modulepreload"[^>]* href="([^"]+)">/g)].map(([, path]) => path);
  const scripts = [...html.matchAll(/<script type="module"[^>]* src="([^"]+)">/g)].map(([, path]) => path);
  const needed = new Set(scripts.flatMap((path) => [...needed_by(path)]));
  assert.ok(needed.size > 50, `${needed.size} modules were found`);
  const wanted = [...needed].filter((path) => !scripts.includes(path) && !CHUNK.test(path));
  const line = (/** @type {string} */ path) =>
    `<link rel="modulepreload" fetchpriority="low" href="${path}">`;
  const missing = wanted.filter((path) => !named.includes(path)).map(line);
  const idle = named.filter((path) => !needed.has(path));
  assert.deepEqual({ missing, idle }, { missing: [], idle: [] }, "mend the list in index.html");
  assert.equal(new Set(named).size, named.length, "each is named once");
});
