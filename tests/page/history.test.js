import assert from "node:assert/strict";
import test from "node:test";
import { History } from "../../www/state/runs/history.js";

/** A report of steps `from + 1` to `to`, whose loss is the step number. */
function report(from, to, validation = []) {
  const losses = Float32Array.from({ length: to - from }, (_, k) => from + k + 1);
  return {
    step: to,
    epoch: 0,
    epoch_position: 0,
    first_step: from + 1,
    losses,
    accuracies: losses.map((x) => x / 10_000),
    validation,
    norms: [],
    seconds: to / 100,
    finished: false,
  };
}

const validation = (step) => ({ step, epoch: 0, loss: 0.5, accuracy: 0.7 });

test("reports_line_up_over_many_enlargements", () => {
  const history = new History();
  for (let step = 0; step < 10_000; step += 37) history.append(report(step, step + 37));
  assert.equal(history.length, 10_027);
  assert.ok(history.losses.every((loss, k) => loss === k + 1));
});

test("cutting_forgets_steps_and_validations_after_it", () => {
  const history = new History();
  history.append(report(0, 100, [validation(50), validation(100)]));
  history.cut(60);
  assert.equal(history.length, 60);
  assert.deepEqual(
    history.validation.map(({ step }) => step),
    [50],
  );
});

test("a_repeated_stretch_replaces_the_first", () => {
  const history = new History();
  history.append(report(0, 100, [validation(90)]));
  history.append(report(80, 120));
  assert.equal(history.length, 120);
  assert.ok(history.losses.every((loss, k) => loss === k + 1));
  assert.deepEqual(history.validation, []);
});

test("a_saved_history_comes_back_equal_and_grows_on", () => {
  const history = new History();
  history.append(report(0, 2000, [validation(1000)]));
  const back = History.restore(structuredClone(history.save()));
  back.append(report(2000, 2010));
  assert.equal(back.length, 2010);
  assert.deepEqual(back.losses.subarray(0, 2000), history.losses);
  assert.deepEqual(back.last_validation, validation(1000));
});

test("the_recent_mean_takes_the_last_steps_only", () => {
  const history = new History();
  assert.equal(history.recent(20), null);
  history.append(report(0, 30));
  assert.equal(history.recent(20)?.loss, 20.5);
  assert.equal(history.recent(1000)?.loss, 15.5);
});
