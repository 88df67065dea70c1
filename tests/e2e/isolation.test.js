import assert from "node:assert/strict";
import test, { after } from "node:test";
import { serve_plainly } from "./plain_server.js";
import { Student, close_browser } from "./student.js";

after(close_browser);

/** Longer than a reload takes. */
const SETTLED_MS = 1500;

/** Counts how often the page is loaded. @param {Student} student */
function count_loads(student) {
  const loads = { count: 0 };
  student.page.on("domcontentloaded", () => (loads.count += 1));
  return loads;
}

/** @param {Student} student */
const is_isolated = (student) => student.page.evaluate(() => crossOriginIsolated);

/** @param {Student} student @param {number} count */
async function trains_with_followers(student, count) {
  await student.choose("full");
  await student.press("Train");
  await student.step_reached(60);
  const followers = student.page.workers().filter((worker) => worker.url().endsWith("/follower.js"));
  assert.equal(followers.length > 0, count > 0, `${followers.length} more workers`);
  await student.press("Pause");
  await student.ready();
}

test("on_a_host_without_headers_the_page_isolates_itself_with_one_reload_and_several_workers_train", async () => {
  const host = await serve_plainly();
  const student = await Student.arrive_at(host.address);
  const loads = count_loads(student);
  await student.open("#/train?v=1&data=imdb&batch=32");
  await student.page.waitForFunction(() => crossOriginIsolated);
  await student.ready();
  await trains_with_followers(student, 1);
  await student.page.waitForTimeout(SETTLED_MS);
  assert.equal(loads.count, 2);
  await student.page.reload();
  await student.ready();
  assert.ok(await is_isolated(student), "a later visit is isolated from the start");
  assert.equal(loads.count, 3);
  await student.leave();
  host.close();
});

test("where_the_service_worker_is_refused_one_worker_trains_and_nothing_is_said", async () => {
  const host = await serve_plainly({ refuses: /isolation\.js$/ });
  const student = await Student.arrive_at(host.address);
  student.expect_complaint(/404/); // The browser's own line about the file that the host refuses.
  const loads = count_loads(student);
  await student.open();
  await student.ready();
  await trains_with_followers(student, 0);
  assert.equal(await is_isolated(student), false);
  assert.equal(loads.count, 1);
  assert.equal(await student.page.locator(".notice").count(), 0);
  await student.leave();
  host.close();
});

test("a_browser_without_service_workers_trains_with_one_worker", async () => {
  const host = await serve_plainly();
  const student = await Student.arrive_at(host.address);
  await student.page.addInitScript(() => delete Object.getPrototypeOf(navigator).serviceWorker);
  const loads = count_loads(student);
  await student.open();
  await student.ready();
  await trains_with_followers(student, 0);
  assert.equal(loads.count, 1);
  await student.leave();
  host.close();
});

test("a_reader_who_has_begun_is_not_interrupted_by_a_reload", async () => {
  const host = await serve_plainly();
  const student = await Student.arrive_at(host.address);
  // The service worker takes long to arrive, and the reader is quicker.
  await student.page.context().route("**/isolation.js", async (route) => {
    await new Promise((keep) => setTimeout(keep, 2500));
    await route.continue();
  });
  const loads = count_loads(student);
  await student.open();
  await student.ready();
  await student.page.getByRole("textbox", { name: "A text of your own" }).click();
  await student.type("my own words");
  await student.page.waitForFunction(async () => (await navigator.serviceWorker.ready).active !== null);
  await student.page.waitForTimeout(SETTLED_MS);
  assert.equal(loads.count, 1);
  assert.equal(
    await student.page.getByRole("textbox", { name: "A text of your own" }).inputValue(),
    "my own words",
  );
  await student.leave();
  host.close();
});

test("where_the_host_sends_the_headers_no_service_worker_is_registered", async () => {
  const student = await Student.arrive();
  const loads = count_loads(student);
  await student.open();
  await student.ready();
  await student.page.waitForTimeout(SETTLED_MS);
  assert.ok(await is_isolated(student));
  assert.equal(
    await student.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length),
    0,
  );
  assert.equal(loads.count, 1);
  await student.leave();
});
