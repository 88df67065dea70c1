import assert from "node:assert/strict";
import { test } from "./harness.js";
import { serve_plainly } from "./plain_server.js";
import { Student, until } from "./student.js";

/** Longer than a reload takes. */
const SETTLED_MS = 1500;

/** Two workers train where they may, whatever this machine has. */
const CORES = 2;

/** Counts how often the page is loaded and its followers are started. @param {Student} student */
function counted(student) {
  const counts = { loads: 0, followers: 0 };
  student.page.on("domcontentloaded", () => (counts.loads += 1));
  student.page.on("worker", (worker) => {
    if (worker.url().endsWith("/follower.js")) counts.followers += 1;
  });
  return counts;
}

/** @param {Student} student */
const is_isolated = (student) => student.page.evaluate(() => crossOriginIsolated);

/** @param {Student} student @param {() => boolean} far_enough looked at while the page trains at full speed */
async function trains_until(student, far_enough) {
  await student.choose("full");
  await student.press("Train");
  await student.step_reached(60);
  await until(far_enough, "what training was to bring");
  await student.press("Pause");
  await student.ready();
}

test("on_a_host_without_headers_the_page_isolates_itself_with_one_reload_and_several_workers_train", async () => {
  const host = await serve_plainly({ cores: CORES });
  const student = await Student.arrive_at(host.address);
  const counts = counted(student);
  await student.open("#/train?v=1&data=imdb&batch=32");
  // Nothing is asked of the page before it has loaded itself again: Chromium takes a question of this kind for a
  // gesture of the reader, and who has begun is rightly not interrupted.
  await until(() => counts.loads === 2, "the second load");
  await student.ready();
  assert.ok(await is_isolated(student));
  await trains_until(student, () => counts.followers > 0);
  await student.page.waitForTimeout(SETTLED_MS);
  assert.equal(counts.loads, 2);
  await student.page.reload();
  await student.ready();
  assert.ok(await is_isolated(student), "a later visit is isolated from the start");
  assert.equal(counts.loads, 3);
  await student.leave();
});

test("where_the_service_worker_is_refused_one_worker_trains_and_nothing_is_said", async () => {
  const host = await serve_plainly({ cores: CORES, refuses: /isolation\.js$/ });
  const student = await Student.arrive_at(host.address);
  student.expect_complaint(/404/); // The browser's own line about the file that the host refuses.
  const counts = counted(student);
  await student.open();
  await student.ready();
  await trains_until(student, () => true);
  assert.equal(counts.followers, 0);
  assert.equal(await is_isolated(student), false);
  assert.equal(counts.loads, 1);
  assert.equal(await student.page.locator(".notice").count(), 0);
  await student.leave();
});

test("a_browser_without_service_workers_trains_with_one_worker", async () => {
  const host = await serve_plainly({ cores: CORES });
  const student = await Student.arrive_at(host.address);
  await student.page.addInitScript(() => delete Object.getPrototypeOf(navigator).serviceWorker);
  const counts = counted(student);
  await student.open();
  await student.ready();
  await trains_until(student, () => true);
  assert.equal(counts.followers, 0);
  assert.equal(counts.loads, 1);
  await student.leave();
});

test("a_reader_who_has_begun_is_not_interrupted_by_a_reload", async () => {
  const host = await serve_plainly({ cores: CORES });
  const student = await Student.arrive_at(host.address);
  // The service worker takes long to arrive, and the reader is quicker.
  await student.page.context().route("**/isolation.js", async (route) => {
    await new Promise((keep) => setTimeout(keep, 2500));
    await route.continue();
  });
  const counts = counted(student);
  await student.open();
  await student.ready();
  await student.page.getByRole("textbox", { name: "A text of your own" }).click();
  await student.type("my own words");
  await until(
    () => student.page.evaluate(async () => (await navigator.serviceWorker.ready).active !== null),
    "the service worker",
  );
  await student.page.waitForTimeout(SETTLED_MS);
  assert.equal(counts.loads, 1);
  assert.equal(
    await student.page.getByRole("textbox", { name: "A text of your own" }).inputValue(),
    "my own words",
  );
  await student.leave();
});

test("where_the_host_sends_the_headers_no_service_worker_is_registered", async () => {
  const student = await Student.arrive();
  const counts = counted(student);
  await student.open();
  await student.ready();
  await student.page.waitForTimeout(SETTLED_MS);
  assert.ok(await is_isolated(student));
  assert.equal(
    await student.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length),
    0,
  );
  assert.equal(counts.loads, 1);
  await student.leave();
});

test("other_pages_of_the_host_are_left_as_they_are", async () => {
  const elsewhere = await serve_plainly({ others: { "/frame.html": "<p>a frame of another host</p>" } });
  const picture = `<img src="${elsewhere.address}www/icon.svg">`;
  const frame = `<iframe src="${elsewhere.address}frame.html"></iframe>`;
  const host = await serve_plainly({ cores: CORES, others: { "/other.html": picture + frame } });
  const root = new URL("/", host.address).href; // The scope of the service worker is the whole host.
  const student = await Student.arrive_at(root);
  student.expect_complaint(/^asked /);
  const counts = counted(student);
  await student.open("#/step");
  await until(() => counts.loads === 2, "the second load");
  await student.page.goto(`${root}other.html`, { waitUntil: "load" });
  assert.equal(await is_isolated(student), false);
  assert.ok(await student.page.evaluate(() => document.images[0].naturalWidth > 0));
  const framed = student.page.frames().find((one) => one.url().startsWith(elsewhere.address));
  assert.equal(await framed?.locator("p").textContent(), "a frame of another host");
  await student.leave();
});
