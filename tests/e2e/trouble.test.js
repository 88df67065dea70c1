import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

const DATA = "**/www/data/imdb-small.safetensors";

/**
 * A page whose data file is answered like this the first time.
 * @param {(route: import("playwright-core").Route) => Promise<void>} answer
 */
async function with_bad_data(answer) {
  const student = await Student.arrive();
  await student.page.route(DATA, answer, { times: 1 });
  await student.open("#/train?v=1&data=imdb&text=my+own+words");
  return student;
}

/** After every trouble: what was typed is still there, and trying again works. @param {Student} student */
async function recovers(student) {
  assert.equal(
    await student.page.getByRole("textbox", { name: "A text of your own" }).inputValue(),
    "my own words",
  );
  await student.press("Try again");
  await student.ready();
  assert.equal(await student.page.locator(".notice.trouble").count(), 0, "the notice goes with the trouble");
  await student.words_shown(3);
  await student.leave();
}

test("a_missing_data_file_is_named_and_can_be_asked_for_again", async () => {
  const student = await with_bad_data((route) => route.fulfill({ status: 404, body: "not found" }));
  student.expect_complaint(/404/);
  assert.match((await student.notice(/missing/)) ?? "", /imdb-small\.safetensors.*cargo xtask data/s);
  await recovers(student);
});

test("an_engine_that_does_not_load_leaves_the_experiment_that_the_address_names", async () => {
  const ENGINE = "**/www/pkg/unrolled_bg.wasm";
  const student = await Student.arrive();
  student.expect_complaint(/Failed to load resource/);
  await student.page.route(ENGINE, (route) => route.abort());
  await student.open("#/train?v=1&experiment=brackets");
  await student.notice(/The engine .* could not be fetched/);
  assert.match(student.page.url(), /experiment=brackets/);
  await student.page.unroute(ENGINE);
  await student.press("Try again");
  await student.ready();
  assert.equal(await student.page.locator(".notice.trouble").count(), 0);
  await student.page.locator(".menu-button", { hasText: /brackets/i }).waitFor();
  assert.match(student.page.url(), /experiment=brackets/);
  await student.leave();
});

test("a_truncated_data_file_is_recognised", async () => {
  const student = await with_bad_data(async (route) => {
    const whole = await (await route.fetch()).body();
    await route.fulfill({ body: whole.subarray(0, Math.floor(whole.length / 2)) });
  });
  await student.notice(/\w+ \w+ \w+/);
  await recovers(student);
});

test("a_file_of_another_kind_is_recognised", async () => {
  const student = await with_bad_data((route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Sign in</title>" }),
  );
  await student.notice(/\w+ \w+ \w+/);
  await recovers(student);
});

test("an_empty_data_file_is_recognised", async () => {
  const student = await with_bad_data((route) => route.fulfill({ body: "" }));
  await student.notice(/\w+ \w+ \w+/);
  await recovers(student);
});

test("a_broken_connection_says_so", async () => {
  const student = await with_bad_data((route) => route.abort());
  student.expect_complaint(/ERR_FAILED/);
  await student.notice(/connection/);
  await recovers(student);
});

test("a_browser_without_simd_is_told_what_is_missing_and_keeps_the_recorded_example", async () => {
  const student = await Student.arrive();
  await student.page.addInitScript(() => {
    WebAssembly.validate = () => false;
  });
  await student.open();
  await student.notice(/cannot run WebAssembly with SIMD.*current/s);
  await student.words_shown(9);
  await student.leave();
});

/** Trains a little and pauses, so that there is something to lose. */
async function with_a_run() {
  const student = await Student.arrive();
  await student.open();
  await student.ready();
  await student.type("my own words");
  await student.choose("full");
  await student.press("Train");
  await student.step_reached(10);
  return student;
}

/** @param {Student} student @param {number} at_least */
async function goes_on(student, at_least) {
  await student.notice(/stopped unexpectedly/);
  await student.ready();
  assert.ok(
    (await student.step()) >= at_least,
    `step ${await student.step()} is kept, ${at_least} was reached`,
  );
  assert.deepEqual(await student.words(), ["my", "own", "words"]);
  const before = await student.step();
  await student.press("One update");
  await student.step_reached(before + 1);
  await student.leave();
}

/** Runs in the worker: executes a real trap. */
function trap() {
  const unreachable = Uint8Array.of(
    0,
    97,
    115,
    109,
    1,
    0,
    0,
    0,
    1,
    4,
    1,
    96,
    0,
    0,
    3,
    2,
    1,
    0,
    8,
    1,
    0,
    10,
    5,
    1,
    3,
    0,
    0,
    11,
  );
  setTimeout(() => new WebAssembly.Instance(new WebAssembly.Module(unreachable)));
}

test("a_worker_that_dies_is_replaced_and_the_paused_run_is_all_there", async () => {
  const student = await with_a_run();
  await student.press("Pause");
  await student.ready();
  const reached = await student.step();
  await student.page.workers()[0].evaluate(trap);
  await goes_on(student, reached);
});

test("a_worker_that_dies_while_training_goes_on_from_its_last_checkpoint", async () => {
  const student = await with_a_run();
  await student.page.waitForTimeout(4000); // A checkpoint is kept every second or so.
  await student.page.workers()[0].evaluate(trap);
  await goes_on(student, 10);
});

test("a_worker_that_falls_silent_is_replaced", async () => {
  const student = await with_a_run();
  await student.press("Pause");
  await student.ready();
  const reached = await student.step();
  await student.page
    .workers()[0]
    .evaluate(() => self.close())
    .catch(() => null); // Its own end cuts the answer off.
  await student.press("One update");
  await goes_on(student, reached);
});

/** Runs in the page: shortens every kept checkpoint to a few bytes. */
function damage_kept_runs() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("unrolled");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const runs = opening.result.transaction("runs", "readwrite").objectStore("runs");
      const cursor = runs.openCursor();
      cursor.onsuccess = () => {
        if (!cursor.result) return resolve(null);
        cursor.result.update({
          ...cursor.result.value,
          checkpoint: cursor.result.value.checkpoint.slice(0, 7),
        });
        cursor.result.continue();
      };
    };
  });
}

test("a_kept_run_that_is_damaged_is_said_and_made_again_from_the_address", async () => {
  const student = await with_a_run();
  await student.press("Pause");
  await student.ready();
  const updates = await student.step();
  await student.page.waitForFunction((n) => location.hash.includes(`updates=${n}`), updates);
  await student.page.evaluate(damage_kept_runs);
  await student.page.reload();
  await student.notice(/could not be taken up again/);
  await student.step_reached(updates);
  await student.ready();
  assert.equal(await student.step(), updates);
  await student.press("One update");
  await student.step_reached(updates + 1);
  await student.leave();
});

test("a_browser_that_keeps_nothing_still_trains_and_says_that_nothing_is_kept", async () => {
  const student = await Student.arrive();
  await student.page.addInitScript(() => {
    const refuse = () => {
      throw new DOMException("denied", "SecurityError");
    };
    IDBFactory.prototype.open = refuse;
    Storage.prototype.getItem = refuse;
    Storage.prototype.setItem = refuse;
  });
  await student.open();
  await student.ready();
  await student.press("One update");
  await student.step_reached(1);
  await student.notice(/does not let the page keep anything/);
  await student.leave();
});

test("a_number_changed_by_hand_outlives_a_visit_on_which_the_engine_was_missing", async () => {
  const student = await Student.arrive();
  const { page } = student;
  student.expect_complaint(/404/);
  await page.route("**/*_bg.wasm", (route) => route.fulfill({ status: 404, body: "not found" }));
  await student.open("#/step?step-weights=random&step-edits=cell:W:0:11:-0.7");
  await page
    .getByText(/could not be fetched/)
    .first()
    .waitFor();
  await page.unroute("**/*_bg.wasm");
  await page.reload();
  await student.step_ready();
  await page.waitForFunction(() => /step-edits=cell(:|%3A)W/.test(location.hash));
  await student.leave();
});
