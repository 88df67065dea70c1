import assert from "node:assert/strict";
import test from "node:test";
import {
  clear_earlier,
  comparable,
  earlier,
  leave_run,
  named,
  reached,
} from "../../www/state/runs/earlier.js";
import { opened_by } from "../../www/state/train/experiment.js";
import { DATASETS } from "../../www/state/train/settings.js";

const settings = { ...DATASETS.imdb.defaults, cell: "LSTM", units: 32, rate: 0.002 };
const present = opened_by(settings);
const other = opened_by({ ...settings, units: 12, rate: 0.01 });
const validation = [{ step: 25, epoch: 0, loss: 0.5, accuracy: 0.812 }];

test("an_earlier_run_is_named_by_what_differs_and_what_it_reached", () => {
  leave_run(other, validation);
  const [run] = comparable(present);
  assert.equal(named(run.experiment, present), "LSTM 12 · learning rate 0.01");
  assert.equal(reached(run), "81.2 %");
  clear_earlier();
  assert.deepEqual(earlier.value, []);
});

test("the_present_run_and_runs_on_other_data_are_not_compared", () => {
  leave_run(other, validation);
  leave_run(opened_by({ ...settings, rate: 0.01, units: 3 }), []);
  assert.deepEqual(comparable(other), [], "the run itself");
  assert.deepEqual(comparable(opened_by(DATASETS.reuters.defaults)), []);
  assert.equal(comparable(present).length, 1, "a run without a validation has no curve");
  clear_earlier();
});

test("a_run_that_is_left_twice_is_there_once", () => {
  leave_run(other, validation);
  leave_run(other, [...validation, { step: 50, epoch: 0, loss: 0.4, accuracy: 0.9 }]);
  assert.equal(earlier.value.length, 1);
  assert.equal(reached(earlier.value[0]), "90.0 %");
  clear_earlier();
});
