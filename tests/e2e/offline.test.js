/** The page as `cargo xtask dist` publishes it: without a connection after one visit, one version at a time. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "./harness.js";
import { serve_plainly } from "./plain_server.js";
import { close_after_test } from "./resources.js";
import { Student, until } from "./student.js";

/** `cargo xtask dist` makes it. */
const PUBLISHED = process.env.UNROLLED_DIST ?? new URL("../../dist", import.meta.url).pathname;

/** As our own server has them, so that the page is not loaded twice. */
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** A copy of the published page, which a test may change. */
function copied() {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-"));
  close_after_test(async () => rmSync(folder, { recursive: true }));
  cpSync(PUBLISHED, folder, { recursive: true });
  return folder;
}

/** The name of the version that lies in a folder. @param {string} folder */
const version_in = (folder) => readdirSync(folder).find((name) => name.startsWith("v-")) ?? "";

/** @param {string | Buffer} content */
const integrity = (content) => `sha256-${createHash("sha256").update(content).digest("base64")}`;

/** Publishes another version in the place of the one in `folder`. @param {string} folder */
function publish_next(folder) {
  const before = version_in(folder);
  const next = "v-0123456789ab";
  renameSync(join(folder, before), join(folder, next));
  let worker = readFileSync(join(folder, "isolation.js"), "utf8").replaceAll(before, next);
  for (const page of ["index.html", "bench.html"]) {
    const old = readFileSync(join(folder, page), "utf8");
    let made = old.replaceAll(before, next).replaceAll("<title>", "<title>Next: ");
    const scripts = (/** @type {string} */ html) => [
      ...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([^]*?)<\/script>/g),
    ];
    scripts(old).forEach(([, text], k) => {
      made = made.replace(integrity(text), integrity(scripts(made)[k][1]));
    });
    writeFileSync(join(folder, page), made);
    worker = worker.replace(integrity(old), integrity(made));
  }
  writeFileSync(join(folder, "isolation.js"), worker);
}

/** The versions that are kept whole. @param {Student} student @returns {Promise<string[]>} */
const kept_versions = (student) =>
  student.page.evaluate(async () => {
    const whole = [];
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys())
        if (url.endsWith("/whole")) whole.push(name.split(" ").at(-1) ?? "");
    return whole;
  });

/** Whether the data set of the page is kept. @param {Student} student @returns {Promise<boolean>} */
const has_data = (student) =>
  student.page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => name.endsWith(" data"));
    return names.length > 0 && (await (await caches.open(names[0])).keys()).length > 0;
  });

/** A visit after which a version is kept. @param {string} folder */
async function visited(folder) {
  const host = await serve_plainly({ folder: `${folder}/`, headers: ISOLATED });
  const student = await Student.arrive_at(host.address);
  await student.open("#/train");
  await student.ready();
  await until(async () => (await kept_versions(student)).includes(version_in(folder)), "keeping the version");
  await until(() => has_data(student), "keeping the data set");
  return { host, student };
}

test("after_one_visit_both_views_the_editor_and_the_data_work_without_a_connection", async () => {
  const { host, student } = await visited(PUBLISHED);
  host.stop();
  await student.page.goto(student.address("#/step"));
  await student.page.reload();
  await student.step_ready();
  await student.choose("Your own");
  await student.page.getByRole("textbox", { name: "Your listing" }).waitFor();
  await student.open("#/train");
  await student.ready();
  await student.press("One update");
  await student.step_reached(1);
  await student.leave();
});

test("a_new_version_is_announced_taken_with_the_next_load_and_never_mixed", async () => {
  const folder = copied();
  const { host, student } = await visited(folder);
  const before = version_in(folder);
  publish_next(folder);
  host.asked.length = 0;
  await student.page.reload();
  await student.ready();
  assert.equal(await student.page.title(), "Train · Unrolled");
  await student.notice(/A new version of this page has arrived/);
  assert.deepEqual(
    host.asked.filter((path) => path.includes(before)),
    [],
    "nothing of the old version was asked of the host",
  );
  await student.press("Load it now");
  await student.page
    .locator(`script[src^="${version_in(folder)}"]`)
    .first()
    .waitFor({ state: "attached" });
  await student.ready();
  assert.equal(await student.page.locator(`[src*="${before}"], [href*="${before}"]`).count(), 0);
  await student.leave();
});

test("a_version_with_a_file_that_is_not_its_own_is_not_kept", async () => {
  const folder = copied();
  const { student } = await visited(folder);
  const before = version_in(folder);
  publish_next(folder);
  const module = join(folder, version_in(folder), "www/state/tour.js");
  writeFileSync(module, `${readFileSync(module, "utf8")}// changed on the way\n`);
  student.expect_complaint(/integrity|Failed to load|digest/i);
  await student.page.reload();
  await student.ready();
  await until(async () => {
    const names = await student.page.evaluate(() => caches.keys());
    return names.some((name) => name.endsWith(version_in(folder)));
  }, "fetching the next version");
  await student.page.reload();
  await student.ready();
  assert.deepEqual(await kept_versions(student), [before]);
  await student.leave();
});

test("other_pages_of_the_host_are_fetched_as_ever", async () => {
  const others = { "/other.html": "<p>another page</p>", "/v-1/note.html": "<p>in a folder</p>" };
  const host = await serve_plainly({ folder: `${PUBLISHED}/`, headers: ISOLATED, others });
  const root = new URL("/", host.address).href;
  const student = await Student.arrive_at(root);
  await student.open("#/train");
  await student.ready();
  await until(async () => (await kept_versions(student)).length === 1, "keeping the version");
  for (const path of Object.keys(others)) {
    await student.page.goto(new URL(path, root).href);
    assert.match((await student.page.textContent("p")) ?? "", /page|folder/);
    assert.ok(host.asked.includes(path), path);
  }
  await student.leave();
});
