import assert from "node:assert/strict";
import test from "node:test";
import { Worth } from "../../www/engine/worth.js";

/** @param {Worth} worth @param {boolean} together @param {number} ms a step */
function steps(worth, together, ms, count = 300) {
  for (let k = 0; k < count; k++) worth.add(together, 1, ms);
}

test("the_others_are_called_when_enough_is_known_of_one_alone", () => {
  const worth = new Worth();
  assert.equal(worth.should_start(0), false);
  steps(worth, false, 4, 10);
  assert.equal(worth.should_start(40), false, "ten steps say little");
  steps(worth, false, 4);
  assert.equal(worth.should_start(1000), true);
});

test("those_who_help_stay", () => {
  const worth = new Worth();
  steps(worth, false, 4);
  steps(worth, true, 2.2);
  assert.equal(worth.should_stop(2000), false);
});

test("those_who_cost_more_than_they_bring_are_sent_away_and_called_again_later", () => {
  const worth = new Worth();
  steps(worth, false, 4);
  steps(worth, true, 4.5);
  assert.equal(worth.should_stop(2000), true);
  steps(worth, false, 4);
  assert.equal(worth.should_start(3000), false);
  assert.equal(worth.should_start(23_000), true);
  assert.equal(worth.should_stop(23_000), false, "nothing is held against them any more");
});

test("a_machine_that_becomes_busy_is_noticed", () => {
  const worth = new Worth();
  steps(worth, false, 4);
  steps(worth, true, 2.2, 2000);
  steps(worth, true, 9, 200);
  assert.equal(worth.should_stop(9000), true);
});
