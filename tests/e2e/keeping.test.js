import assert from "node:assert/strict";
import { test } from "./harness.js";
import { damage } from "./kept_runs.js";
import { Student, until } from "./student.js";

/** @param {string} [fragment] */
async function with_a_network(fragment = "#/train") {
  const student = await Student.arrive();
  await student.open(fragment);
  await student.ready();
  return student;
}

/** Another tab of the same browser. @param {Student} student @param {string} [fragment] */
async function another_tab(student, fragment = "#/train") {
  const tab = student.another(await student.page.context().newPage());
  await tab.open(fragment);
  await tab.ready();
  return tab;
}

/** Trains for a while and pauses; returns the update. @param {Student} student @param {number} updates */
async function train_to(student, updates) {
  await student.choose("full");
  await student.press("Train");
  await student.step_reached(updates);
  await student.press("Pause");
  await student.ready();
  return student.step();
}

/** Updates of the runs that are kept. @param {Student} student @returns {Promise<number[]>} */
const kept_steps = (student) =>
  student.page.evaluate(
    () =>
      new Promise((keep, fail) => {
        const opening = indexedDB.open("unrolled");
        opening.onerror = () => fail(opening.error);
        opening.onsuccess = () => {
          const all = opening.result.transaction("runs").objectStore("runs").getAll();
          all.onsuccess = () => keep(all.result.map(({ step }) => step));
        };
      }),
  );

test("a_page_that_is_closed_while_it_trains_has_lost_no_update", async () => {
  const student = await with_a_network();
  await student.choose("full");
  await student.press("Train");
  await student.step_reached(12);
  const context = student.page.context();
  const reached = await student.step();
  // This is how a tab is closed; Playwright waits for the end of it only where it is asked to.
  const closed = student.page.waitForEvent("close");
  await student.page.close({ runBeforeUnload: true });
  await closed;
  student.page = await context.newPage();
  await student.open();
  await student.ready();
  assert.ok((await student.step()) >= reached, `${await student.step()} of ${reached} updates are there`);
  await student.leave();
});

test("a_page_that_is_closed_while_its_run_is_still_being_kept_has_lost_no_update", async () => {
  const student = await Student.arrive();
  const context = student.page.context();
  await student.page.addInitScript(() => {
    // What is written never arrives: its transaction is kept busy.
    IDBObjectStore.prototype.put = function () {
      Reflect.set(globalThis, "keeping", true);
      const again = () => {
        this.get(0).onsuccess = again;
      };
      again();
      return this.get(0);
    };
  });
  await student.open();
  await student.ready();
  await student.choose("full");
  await student.press("Train");
  await student.page.waitForFunction(() => Reflect.get(globalThis, "keeping"));
  await student.step_reached((await student.step()) + 3);
  const reached = await student.step();
  await student.page.goto("about:blank");
  student.page = await context.newPage();
  await student.open();
  await student.ready();
  assert.ok((await student.step()) >= reached, `${await student.step()} of ${reached} updates are there`);
  await student.leave();
});

test("a_training_is_kept_soon_after_it_has_begun", async () => {
  const student = await with_a_network("#/train?v=1&speed=1");
  await student.press("Train");
  await student.step_reached(2);
  const [step] = await kept_steps(student);
  assert.ok(step >= 1, "something is kept before the second update of a second each is followed by a third");
  await student.leave();
});

test("a_tab_with_an_older_run_does_not_replace_the_newer_one_of_another", async () => {
  const student = await with_a_network();
  const other = await another_tab(student);
  const reached = await train_to(student, 30);
  await until(async () => (await kept_steps(student))[0] === reached, "keeping the run");
  await other.press("One update");
  await other.notice(/Another tab has trained this network further.*its run is kept/s);
  assert.deepEqual(await kept_steps(student), [reached]);
  await student.page.goto(student.address("index.html#/train"));
  await student.ready();
  assert.equal(await student.step(), reached);
  await other.press("Keep this one instead");
  await until(async () => (await kept_steps(student))[0] === 1, "replacing the run");
  await student.leave();
});

test("a_reset_in_one_tab_does_not_remove_what_another_has_kept", async () => {
  const student = await with_a_network();
  const other = await another_tab(student);
  await other.press("One update");
  await until(async () => (await kept_steps(student))[0] === 1, "keeping the first run");
  const reached = await train_to(student, 30);
  await until(async () => (await kept_steps(student))[0] === reached, "keeping the run");
  await other.press("Reset");
  await other.notice(/Back at update 0/);
  assert.deepEqual(await kept_steps(student), [reached]);
  await student.leave();
});

test("a_kept_run_without_its_course_is_said_and_another_one_begins", async () => {
  const student = await with_a_network();
  await student.press("One update");
  await until(async () => (await kept_steps(student)).length === 1, "keeping the run");
  await student.page.evaluate(damage, "without course");
  await student.page.goto(student.address("index.html#/train"));
  await student.notice(/could not be taken up again: what was kept is not whole/);
  await student.ready();
  await student.press("One update");
  await student.step_reached(1);
  await student.leave();
});

test("a_browser_whose_storage_never_answers_still_trains_and_says_so", async () => {
  const student = await Student.arrive();
  await student.page.addInitScript(() => {
    IDBFactory.prototype.open = () => /** @type {any} */ ({ addEventListener() {} });
  });
  await student.open();
  await student.ready();
  await student.press("One update");
  await student.notice(/does not let the page keep anything/);
  await student.leave();
});

test("a_machine_that_was_asleep_catches_no_update_up", async () => {
  const student = await with_a_network("#/train?v=1&speed=2");
  await student.press("Train");
  await student.step_reached(2);
  await student.page.workers()[0].evaluate(() => {
    const now = performance.now.bind(performance);
    performance.now = () => now() + 600_000;
  });
  const before = await student.step();
  await student.step_reached(before + 3);
  assert.ok((await student.step()) < before + 100, `${await student.step()} after ${before}`);
  await student.leave();
});

test("what_is_typed_right_before_a_reload_is_there_after_it", async () => {
  const student = await Student.arrive();
  await student.open("#/step");
  await student.step_ready();
  const sentence = student.page.getByRole("textbox", { name: "The sentence" });
  // In one task: no pause of typing ends in between.
  await sentence.evaluate((/** @type {HTMLInputElement} */ input) => {
    input.value = "typed right before";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    location.reload();
  });
  await student.page.waitForFunction(
    () => document.querySelector("input.typed")?.value === "typed right before",
  );
  await student.leave();
});

test("a_sentence_too_long_for_a_link_is_there_after_a_reload", async () => {
  const student = await Student.arrive();
  await student.open("#/step");
  await student.step_ready();
  const long = `${"unforgettably ".repeat(120)}good`;
  await student.page.getByRole("textbox", { name: "The sentence" }).fill(long);
  await student.page.waitForFunction(() => location.hash.includes("step-kept=text"));
  await student.page.reload();
  await student.step_ready();
  assert.equal(await student.page.getByRole("textbox", { name: "The sentence" }).inputValue(), long);
  await student.leave();
});

test("a_link_whose_sentence_stayed_on_another_machine_says_so", async () => {
  const student = await Student.arrive();
  await student.open("#/step?v=1&step-kept=text");
  await student.notice(/too long for a link and is not on this machine/);
  await student.step_ready();
  await student.leave();
});

test("an_address_that_names_nothing_offers_what_was_worked_on_last", async () => {
  const student = await Student.arrive();
  await student.open("#/step?v=1&step-weights=random&step-text=typed+by+hand&step-edits=cell:W:0:11:-0.7");
  await student.step_ready();
  const context = student.page.context();
  for (const address of ["#/step", ""]) {
    const closed = student.page.waitForEvent("close");
    await student.page.close({ runBeforeUnload: true });
    await closed;
    student.page = await context.newPage();
    await student.open(address);
    await student.notice(/is kept: the sentence “typed by hand” and a number changed by hand/);
  }
  await student.press("Go on with it");
  await student.page.waitForURL(/step-edits=cell%3AW%3A0%3A11%3A-0.7/);
  const sentence = student.page.getByRole("textbox", { name: "The sentence" });
  await until(async () => (await sentence.inputValue()) === "typed by hand", "the sentence that was kept");
  assert.equal(await student.page.getByText("is kept: the sentence").count(), 0);
  await student.leave();
});
