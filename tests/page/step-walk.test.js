import assert from "node:assert/strict";
import test from "node:test";
import {
  BACKWARD,
  CELL,
  FORWARD,
  MOMENT,
  OUTPUT,
  by_line,
  by_timestep,
  count_stops,
  find_stop,
  stop_at,
  to_moment,
} from "../../www/state/step/walk.js";

/** Two timesteps of a cell with two lines, an output with its loss, back again, one weight. */
const STOPS = Int32Array.from(
  [
    [MOMENT.READ, CELL, FORWARD, 0, 1, -1],
    [MOMENT.GATES, CELL, FORWARD, 0, 2, -1],
    [MOMENT.STATE, CELL, FORWARD, 0, 3, -1],
    [MOMENT.READ, CELL, FORWARD, 1, 1, -1],
    [MOMENT.GATES, CELL, FORWARD, 1, 2, -1],
    [MOMENT.STATE, CELL, FORWARD, 1, 3, -1],
    [MOMENT.OUTPUT, OUTPUT, FORWARD, 1, 2, -1],
    [MOMENT.LOSS, OUTPUT, FORWARD, 1, 3, -1],
    [MOMENT.ARRIVES, OUTPUT, BACKWARD, 1, 5, -1],
    [MOMENT.BACK, CELL, BACKWARD, 1, 2, -1],
    [MOMENT.BACK, CELL, BACKWARD, 1, 7, -1],
    [MOMENT.BACK, CELL, BACKWARD, 0, 2, -1],
    [MOMENT.BACK, CELL, BACKWARD, 0, 7, -1],
    [MOMENT.SUM, CELL, BACKWARD, 0, 7, 0],
  ].flat(),
);

test("lines_are_passed_one_by_one_and_the_ends_hold", () => {
  assert.equal(by_line(STOPS, 4, 1), 5);
  assert.equal(by_line(STOPS, 0, -1), 0);
  assert.equal(by_line(STOPS, 13, 1), 13);
  assert.equal(count_stops(STOPS), 14);
});

test("a_timestep_further_is_the_same_line_and_behind_the_last_one_the_output", () => {
  assert.equal(by_timestep(STOPS, 1, 1), 4);
  assert.equal(by_timestep(STOPS, 4, -1), 1);
  assert.equal(by_timestep(STOPS, 4, 1), 6);
  assert.equal(by_timestep(STOPS, 10, 1), 12);
  assert.equal(by_timestep(STOPS, 12, 1), 13);
  assert.equal(by_timestep(STOPS, 1, -1), 0);
});

test("every_step_forwards_can_be_taken_back", () => {
  for (let at = 1; at < count_stops(STOPS); at++)
    assert.equal(by_line(STOPS, by_line(STOPS, at - 1, 1), -1), at - 1);
});

test("a_phase_is_found_in_the_present_timestep_or_where_it_happens_first", () => {
  assert.equal(to_moment(STOPS, 5, MOMENT.GATES), 4);
  assert.equal(to_moment(STOPS, 12, MOMENT.GATES), 1);
  assert.equal(to_moment(STOPS, 0, MOMENT.LOSS), 7);
  assert.equal(to_moment(STOPS, 0, MOMENT.BACK), 11);
});

test("a_line_without_a_stop_of_its_own_leads_to_the_one_before_it", () => {
  assert.equal(find_stop(STOPS, { part: CELL, phase: FORWARD, t: 1, line: 4 }), 5);
  assert.equal(find_stop(STOPS, { part: CELL, phase: BACKWARD, t: 1, line: 7 }), 10);
  assert.equal(find_stop(STOPS, { part: CELL, phase: FORWARD, t: 9, line: 1 }), -1);
  assert.equal(stop_at(STOPS, 13).weight, 0);
});
