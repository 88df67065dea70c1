import assert from "node:assert/strict";
import test from "node:test";
import { merge } from "../../www/engine/merge.js";

const report = (first_step, losses, validation = []) => ({
  step: first_step + losses.length - 1,
  epoch: 0,
  epoch_position: 0,
  first_step,
  losses: Float32Array.from(losses),
  accuracies: Float32Array.from(losses, (loss) => -loss),
  validation,
  norms: [],
  seconds: first_step,
  finished: false,
});

test("merged_reports_hold_every_step_in_order_and_stand_where_the_last_one_stands", () => {
  const mark = { step: 3, epoch: 0, loss: 1, accuracy: 1 };
  const whole = merge([report(1, [10, 20, 30], [mark]), report(4, []), report(4, [40])]);
  assert.deepEqual([...whole.losses], [10, 20, 30, 40]);
  assert.deepEqual([...whole.accuracies], [-10, -20, -30, -40]);
  assert.deepEqual(whole.validation, [mark]);
  assert.deepEqual([whole.first_step, whole.step, whole.seconds], [1, 4, 4]);
});
