/** The policy in the head of each page: it allows the page's own files and scripts, and no others. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const POLICY = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/;

/** What a page may load; `script-src` names its own scripts besides. @type {Record<string, string>} */
const ALLOWED = {
  "default-src": "'none'",
  "script-src": "'self' 'wasm-unsafe-eval'",
  "style-src": "'self' 'unsafe-inline'", // Widths and colours that follow from numbers.
  "img-src": "'self' data: blob:",
  "connect-src": "'self'",
  "worker-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'none'",
};

/** @param {string} text */
const hash_of = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

for (const page of ["index.html", "bench.html"]) {
  test(`the policy of ${page} allows its own scripts alone`, () => {
    const html = readFileSync(new URL(`../../${page}`, import.meta.url), "utf8");
    const scripts = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([^]*?)<\/script>/g)];
    const hashes = scripts.map(([, text]) => hash_of(text));
    const wanted = { ...ALLOWED, "script-src": [ALLOWED["script-src"], ...hashes].join(" ") };
    const policy = Object.entries(wanted)
      .map((directive) => directive.join(" "))
      .join("; ");
    assert.equal(POLICY.exec(html)?.[1], policy, `it must be ${policy}`);
    const at = html.indexOf("http-equiv");
    assert.ok(
      at > 0 && at < html.indexOf("<script") && at < html.indexOf("<link"),
      "it stands before what it judges",
    );
    const first_module = html.search(/type="module"|rel="modulepreload"/);
    assert.ok(html.indexOf('type="importmap"') < first_module, "Firefox takes no import map after a module");
    assert.doesNotMatch(html, /\son\w+="/, "no handler stands in an attribute");
  });
}
