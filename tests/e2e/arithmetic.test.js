import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

/** @param {Student} student */
const relaxed = (student) => student.page.getByRole("checkbox", { name: /Relaxed arithmetic/ });

/** Chooses, and waits for the page that loads anew. @param {Student} student */
async function toggle(student) {
  const loaded = student.page.waitForEvent("load");
  await relaxed(student).click({ noWaitAfter: true });
  await loaded;
  await student.ready();
}

/**
 * Trains for some more steps.
 * @param {Student} student
 * @param {number} steps
 * @returns {Promise<number>} where it paused
 */
async function train(student, steps) {
  const goal = (await student.step()) + steps;
  await student.press("Train");
  await student.step_reached(goal);
  await student.press("Pause");
  await student.ready();
  return student.step();
}

test("relaxed_arithmetic_is_chosen_and_given_up_without_losing_the_run", async () => {
  const student = await Student.arrive();
  /** @type {string[]} */
  const engines = [];
  student.page.on(
    "request",
    // The extra module, which analyses, is no build of the engine that trains.
    (request) => void (/\/pkg\/\w+_bg\.wasm$/.test(request.url()) && engines.push(request.url())),
  );
  await student.open("#/train?v=1&data=imdb&speed=0&seed=5");
  await student.ready();
  assert.ok(!(await relaxed(student).isChecked()), "nobody has it who did not ask for it");
  assert.ok(engines.every((url) => !url.includes("relaxed")));
  const before = await train(student, 20);

  await toggle(student);
  assert.ok(await relaxed(student).isChecked());
  assert.ok(engines.at(-1)?.endsWith("/unrolled_relaxed_bg.wasm"));
  assert.equal(await student.step(), before, "the run is where it was");
  const after = await train(student, 20);

  await toggle(student);
  assert.ok(!(await relaxed(student).isChecked()));
  assert.ok(engines.at(-1)?.endsWith("/unrolled_bg.wasm"));
  assert.equal(await student.step(), after);
  await student.leave();
});

test("both_builds_train_alike", async () => {
  const student = await Student.arrive();
  await student.page.goto(new URL("bench.html", process.env.UNROLLED_URL).href);
  const losses = [];
  for (const relaxed of [false, true]) {
    losses.push(
      await student.page.evaluate(async (relaxed) => {
        const { compile_engine } = await import(new URL("www/engine/load.js", location.href).href);
        const { DATASETS, experiment_of } = await import(
          new URL("www/state/train/settings.js", location.href).href
        );
        const { default: init, Engine } = await import(
          new URL("www/pkg/unrolled.js", location.href).href + `?${relaxed}`
        );
        await init({ module_or_path: await compile_engine(relaxed) });
        const engine = new Engine();
        const file = await (await fetch(new URL(`www/${DATASETS.imdb.file}`, location.href))).arrayBuffer();
        engine.load_dataset(new Uint8Array(file));
        engine.set_up(experiment_of(DATASETS.imdb.defaults));
        return Array.from({ length: 20 }, () => engine.step_once().losses[0]);
      }, relaxed),
    );
  }
  const [exact, close] = losses;
  assert.ok(exact.every(Number.isFinite) && exact[0] !== exact[19]);
  // Products that are not rounded before they are added differ in the seventh digit; twenty steps let that grow
  // a little.
  exact.forEach((loss, k) =>
    assert.ok(Math.abs(loss - close[k]) < 1e-4, `step ${k}: ${loss} and ${close[k]}`),
  );
  await student.leave();
});
