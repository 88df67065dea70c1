import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "./harness.js";
import { Student } from "./student.js";

/**
 * A page that one file of never reaches.
 * @param {string} file @param {string} fragment
 * @param {(route: import("playwright-core").Route) => Promise<void>} answer
 */
async function without(file, fragment, answer = (route) => route.fulfill({ status: 404, body: "" })) {
  const student = await Student.arrive();
  student.expect_complaint(/404|Failed to fetch|SyntaxError|Unexpected token/);
  await student.page.route(`**/${file}`, answer);
  await student.page.goto(student.address(fragment), { waitUntil: "commit" });
  return student;
}

/** What stands where modules cannot speak. @param {Student} student @param {RegExp} pattern */
async function is_said(student, pattern) {
  await student.page.locator("#silence").filter({ hasText: pattern }).waitFor();
  await student.leave();
}

for (const file of ["www/main.js", "www/vendor/lit.js", "www/state/step/walk.js"]) {
  test(`a_page_without_${file}_says_so`, async () => {
    const student = await without(file, "#/step");
    await is_said(student, new RegExp(`${file} could not be loaded, so that this page cannot start`));
  });
}

test("a_module_that_arrives_damaged_is_named", async () => {
  const student = await without("www/state/step/walk.js", "", (route) =>
    route.fulfill({ contentType: "text/javascript", body: "export const" }),
  );
  await is_said(student, /www\/state\/step\/walk\.js does not run here/);
});

test("a_part_that_loads_later_and_is_missing_is_named", async () => {
  const student = await without("www/views/watch/watch.js", "#/train");
  await is_said(student, /www\/views\/watch\/watch\.js could not be loaded, so that a part of this page/);
});

test("an_editor_that_cannot_be_loaded_is_named", async () => {
  const student = await without("www/vendor/cm-view.js", "#/step");
  await student.step_ready();
  await student.choose("Your own");
  await is_said(student, /www\/vendor\/cm-view\.js could not be loaded/);
});

test("a_page_that_never_arrives_says_so_after_a_while", async () => {
  const student = await Student.arrive();
  await student.page.clock.install();
  await student.page.route("**/www/state/step/walk.js", () => Promise.resolve()); // Never answered.
  await student.page.goto(student.address("#/step"), { waitUntil: "commit" });
  await student.page.locator("#silence").waitFor({ state: "attached" });
  await student.page.clock.fastForward(21_000);
  await is_said(student, /has not loaded after 20 seconds/);
});

test("a_view_is_hidden_until_its_elements_are_there", async () => {
  const student = await Student.arrive();
  let answered = () => {};
  const asked = new Promise((keep) => (answered = () => keep(null)));
  await student.page.route("**/www/views/train/train.js", async (route) => {
    await asked;
    await route.continue();
  });
  await student.page.goto(student.address("#/train"), { waitUntil: "commit" });
  await student.page.getByText("Loading …").waitFor();
  assert.equal(await student.page.locator("#view-train").isVisible(), false);
  answered();
  await student.ready();
  assert.equal(await student.page.getByText("Loading …").isVisible(), false);
  await student.leave();
});

/** Recordings that are no use. @type {[string, (route: import("playwright-core").Route) => Promise<void>][]} */
const DAMAGED = [
  ["cut_off", (route) => route.fulfill({ body: '{"weights": [' })],
  ["of_another_shape", (route) => route.fulfill({ body: '{"weights": 1}' })],
  ["never_there", () => Promise.resolve()],
];

for (const [how, answer] of DAMAGED) {
  test(`both_views_open_with_recordings_that_are_${how}`, async () => {
    const student = await Student.arrive();
    await student.page.route("**/www/lessons/*.json", answer);
    await student.open("#/train");
    await student.ready();
    await student.open("#/step");
    await student.notice(/The recorded network \(www\/lessons\/recorded-network\.json\) could not be loaded/);
    await student.step_ready();
    await student.page.unroute("**/www/lessons/*.json");
    if (how === "never_there")
      await student.page.reload(); // What was asked for is still on its way.
    else await student.press("Try again");
    await student.page.getByText("a recorded network, LSTM with").first().waitFor();
    await student.leave();
  });
}

test("a_text_whose_words_do_not_come_says_which_file_is_missing", async () => {
  const student = await Student.arrive();
  await student.page.route("**/www/lessons/*-words.json", (route) => route.fulfill({ body: "{" }));
  await student.open("#/step?v=1&step-text=a+wonderful+film");
  await student.notice(/recorded network \(www\/lessons\/recorded-network-words\.json\) could not be loaded/);
  await student.page.unroute("**/www/lessons/*-words.json");
  await student.press("Try again");
  await student.page.getByText("a recorded network, LSTM with").first().waitFor();
  await student.leave();
});

test("an_engine_of_another_version_is_said_in_both_views", async () => {
  const student = await Student.arrive();
  const extra = readFileSync(new URL("../../www/pkg-extra/unrolled_extra_bg.wasm", import.meta.url));
  const answer = { body: extra, contentType: "application/wasm" };
  await student.page.route(/pkg(-stepper)?\/\w+_bg\.wasm$/, (route) => route.fulfill(answer));
  await student.open("#/train");
  await student.notice(/of different versions, as while a new one is published\. Reload the page/);
  await student.open("#/step");
  await student.page
    .locator("unrolled-step")
    .getByText(/of different versions/)
    .first()
    .waitFor();
  await student.leave();
});
