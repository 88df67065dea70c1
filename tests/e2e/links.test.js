import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

/** A small network, slow enough to be paused where a test wants it. */
const SMALL = "v=1&data=imdb&units=6&embedding=8&words=1000&maxlen=30&batch=16&seed=5&speed=20";

const TEXT = "not a bad film, just a very slow one";

/** Far more updates than a test waits for. */
const MANY = 20_000;

/** Everything that a link must bring back, exactly. @param {Student} student */
async function network_of({ page }) {
  return page.evaluate(async (text) => {
    const { engine } = await import(new URL("www/state/shared/connection.js", location.href).href);
    const store = await import(new URL("www/state/shared/store.js", location.href).href);
    const parts = await (await engine()).request("stepping_parts", { text });
    const weights = JSON.stringify([parts.weights, parts.output, parts.x, parts.initial], (_, value) =>
      ArrayBuffer.isView(value) ? [.../** @type {Float32Array} */ (value)] : value,
    );
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(weights));
    return {
      updates: store.updates.value,
      rate: store.settings.value.rate,
      losses: [...store.history.value.losses],
      validation: store.history.value.validation.map((/** @type {{ loss: number }} */ { loss }) => loss),
      prediction: [...store.trace.value.probabilities],
      weights: [...new Uint8Array(digest)].join(" "),
    };
  }, TEXT);
}

/** Three numbers of the Step view, exactly: the loss, the answer, the last state. @param {Student} student */
async function numbers_of({ page }) {
  return page.evaluate(async () => {
    const step = await import(new URL("www/state/step/step.js", location.href).href);
    const here = step.stepping.value;
    const { last } = here.description.cell.forward;
    const timestep = here.description.labels.length - 1;
    const state = here.values({ part: "cell", pass: "forward", timestep, line: last, name: "h" });
    return {
      loss: here.outcome.loss,
      said: [...here.outcome.said],
      state: [...state],
      edits: here.outcome.edits,
      at: step.at.value,
      unit: step.unit.value,
      choice: step.choice.value,
    };
  });
}

/** Trains and pauses. @param {Student} student @param {number} updates at least */
async function train_to(student, updates) {
  await student.press("Train");
  await student.step_reached(updates);
  await student.press("Pause");
  await student.ready();
}

/** What “Copy link” copies. @param {Student} student */
async function copied(student) {
  await student.press("Copy link");
  await student.page.getByRole("button", { name: "Copied" }).waitFor();
  return student.page.evaluate(() => navigator.clipboard.readText());
}

const WITH_CLIPBOARD = { permissions: ["clipboard-read", "clipboard-write"] };

/** @param {Student} student */
const banner = (student) => student.page.locator(".rebuild");

test("a_train_link_gives_the_same_network_in_a_fresh_profile", async () => {
  const one = await Student.arrive(WITH_CLIPBOARD);
  await one.open(`#/train?${SMALL}`);
  await one.ready();
  await train_to(one, 20);
  await one.page.getByRole("slider", { name: "Learning rate" }).press("ArrowRight");
  await train_to(one, 40);
  const link = await copied(one);
  const trained = await network_of(one);
  assert.match(link, new RegExp(`updates=${trained.updates}&rates=0%3A`));
  await one.leave();

  const other = await Student.arrive();
  await other.page.goto(link);
  await banner(other).getByText(`of ${trained.updates}`).waitFor();
  await other.ready();
  assert.deepEqual(await network_of(other), trained);
  assert.equal(await banner(other).count(), 0);

  const again = await other.page.context().newPage();
  const shown = /** @type {string[]} */ ([]);
  await again.exposeFunction("banner_says", (/** @type {string} */ text) => shown.push(text));
  await again.addInitScript(() =>
    new MutationObserver(() => {
      const text = document.querySelector(".rebuild")?.textContent;
      // @ts-expect-error: the test's own function
      if (text) globalThis.banner_says(text);
    }).observe(document, { subtree: true, childList: true, characterData: true }),
  );
  await again.goto(link);
  await again.waitForFunction(
    (updates) => document.querySelector("[data-figure=step]")?.textContent === String(updates),
    trained.updates,
  );
  assert.deepEqual(
    shown.filter((text) => /update [1-9]/.test(text)),
    [],
    "a kept run is taken at once",
  );
  await other.leave();
});

test("a_step_link_gives_the_same_numbers_in_a_fresh_profile", async () => {
  const one = await Student.arrive(WITH_CLIPBOARD);
  const { page } = one;
  await one.open(`#/train?${SMALL}`);
  await one.ready();
  await train_to(one, 30);
  await page.getByRole("button", { name: "Step through it" }).click();
  await page.locator("unrolled-step-origin").getByText("your network").waitFor();
  const before = await numbers_of(one);
  await page.evaluate(async () => {
    const step = await import(new URL("www/state/step/step.js", location.href).href);
    const { head } = step.stepping.value.description.cell.forward;
    const where = { part: "cell", pass: "forward", timestep: 0, line: head, name: "W", index: 11 };
    const refused = step.change_number(where, -0.7);
    if (refused) throw new Error(refused);
    step.at.value = 25;
    step.unit.value = 3;
  });
  const link = await copied(one);
  const changed = await numbers_of(one);
  assert.notEqual(changed.loss, before.loss);
  await one.leave();

  const other = await Student.arrive();
  await other.page.goto(link);
  await banner(other).waitFor();
  assert.equal(
    await other.page.locator("#view-step [data-figure], #view-step .strip").count(),
    0,
    "no other network's numbers",
  );
  await other.page.locator("unrolled-step-origin").getByText("your network").waitFor({ state: "attached" });
  assert.deepEqual(await numbers_of(other), changed);
  await other.leave();
});

test("rebuilding_can_be_cancelled_and_leaves_an_untrained_network", async () => {
  const student = await Student.arrive();
  await student.open(`#/train?${SMALL}&updates=${MANY}`);
  await banner(student).getByRole("button", { name: "Cancel" }).and(student.page.locator(":enabled")).click();
  await student.notice(/was not rebuilt: this one is untrained/);
  await student.ready();
  assert.equal(await student.step(), 0);
  await banner(student).waitFor({ state: "detached" });
  await student.leave();
});

test("what_a_link_says_wrongly_is_refused_in_a_sentence", async () => {
  const student = await Student.arrive();
  await student.open(`#/train?${SMALL}&updates=99999999&cell=Foo`);
  assert.match((await student.notice(/no cell/)) ?? "", /at most 50,000/);
  await student.ready();
  assert.equal(await student.step(), 0);
  await student.page.goto("about:blank");
  await student.open("#/step?step-weights=random&step-edits=cell:Q:0:0:1");
  await student.page.getByText("This link changes Q, number 0, which is not possible here").waitFor();
  await student.page.goto("about:blank");
  await student.open("#/step?step-edits=cell:W:0:0:NaN&step-units=900");
  assert.match((await student.notice(/is no change of a number/)) ?? "", /“step-units=900”/);
  await student.leave();
});

test("back_leads_to_the_view_before", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open(`#/train?${SMALL}`);
  await student.ready();
  await train_to(student, 3);
  const updates = await student.step();
  await page.getByRole("button", { name: "Step through it" }).click();
  await page.locator("unrolled-step-origin").getByText("your network").waitFor();
  await page.goBack();
  await page.waitForFunction(() => location.hash.startsWith("#/train"));
  await student.ready();
  assert.equal(await student.step(), updates);
  await page.goForward();
  await page.waitForFunction(() => location.hash.startsWith("#/step"));
  await page.locator("unrolled-step-origin").getByText("your network").waitFor();
  await student.leave();
});

test("a_reload_in_the_middle_of_training_goes_on_from_the_last_checkpoint_and_says_so", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open(`#/train?${SMALL}`);
  await student.ready();
  await student.press("Train");
  await student.step_reached(90); // Checkpoints are there by then.
  await page.reload();
  const said = await student.notice(/^Restored from update/);
  const [kept, reached] = (said ?? "").match(/\d+/g)?.map(Number) ?? [];
  // The address is written twice a second: at 20 updates a second it may be some updates behind.
  assert.ok(kept > 0 && reached >= 70 && kept < reached, said ?? "");
  await student.ready();
  assert.equal(await student.step(), reached);
  await student.leave();
});
