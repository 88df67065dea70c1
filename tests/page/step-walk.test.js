import assert from "node:assert/strict";
import test from "node:test";
import {
  BACKWARD,
  CELL,
  FORWARD,
  PHASE,
  OUTPUT,
  by_line,
  by_timestep,
  count_positions,
  find_position,
  position_at,
  stretches,
  to_phase,
} from "../../www/state/step/walk.js";

/** As the engine numbers parts and passes in a walk. @type {Record<string, number>} */
const NUMBERED = { [CELL]: 0, [OUTPUT]: 1, [FORWARD]: 0, [BACKWARD]: 1 };

/** Two timesteps of a cell with two lines, an output with its loss, back again, one weight. */
const POSITIONS = Int32Array.from(
  [
    [PHASE.READ, CELL, FORWARD, 0, 1, -1],
    [PHASE.GATES, CELL, FORWARD, 0, 2, -1],
    [PHASE.STATE, CELL, FORWARD, 0, 3, -1],
    [PHASE.READ, CELL, FORWARD, 1, 1, -1],
    [PHASE.GATES, CELL, FORWARD, 1, 2, -1],
    [PHASE.STATE, CELL, FORWARD, 1, 3, -1],
    [PHASE.OUTPUT, OUTPUT, FORWARD, 1, 2, -1],
    [PHASE.LOSS, OUTPUT, FORWARD, 1, 3, -1],
    [PHASE.ARRIVES, OUTPUT, BACKWARD, 1, 5, -1],
    [PHASE.BACK, CELL, BACKWARD, 1, 2, -1],
    [PHASE.BACK, CELL, BACKWARD, 1, 7, -1],
    [PHASE.BACK, CELL, BACKWARD, 0, 2, -1],
    [PHASE.BACK, CELL, BACKWARD, 0, 7, -1],
    [PHASE.SUM, CELL, BACKWARD, 0, 7, 0],
  ].flatMap(([phase, part, pass, ...rest]) => [phase, NUMBERED[part], NUMBERED[pass], ...rest].map(Number)),
);

test("lines_are_passed_one_by_one_and_the_ends_hold", () => {
  assert.equal(by_line(POSITIONS, 4, 1), 5);
  assert.equal(by_line(POSITIONS, 0, -1), 0);
  assert.equal(by_line(POSITIONS, 13, 1), 13);
  assert.equal(count_positions(POSITIONS), 14);
});

test("a_timestep_further_is_the_same_line_and_behind_the_last_one_the_output", () => {
  assert.equal(by_timestep(POSITIONS, 1, 1), 4);
  assert.equal(by_timestep(POSITIONS, 4, -1), 1);
  assert.equal(by_timestep(POSITIONS, 4, 1), 6);
  assert.equal(by_timestep(POSITIONS, 10, 1), 12);
  assert.equal(by_timestep(POSITIONS, 12, 1), 13);
  assert.equal(by_timestep(POSITIONS, 1, -1), 0);
});

test("every_step_forwards_can_be_taken_back", () => {
  for (let at = 1; at < count_positions(POSITIONS); at++)
    assert.equal(by_line(POSITIONS, by_line(POSITIONS, at - 1, 1), -1), at - 1);
});

test("a_phase_of_the_words_is_found_in_the_present_one_and_the_way_back_begins_at_the_last", () => {
  assert.equal(to_phase(POSITIONS, 5, PHASE.GATES), 4);
  assert.equal(to_phase(POSITIONS, 12, PHASE.GATES), 1);
  assert.equal(to_phase(POSITIONS, 0, PHASE.LOSS), 7);
  assert.equal(to_phase(POSITIONS, 0, PHASE.BACK), 9);
  assert.equal(to_phase(POSITIONS, 12, PHASE.BACK), 9);
  assert.equal(to_phase(POSITIONS.subarray(0, 6), 0, PHASE.LOSS), -1);
});

test("the_slider_has_a_stretch_for_the_words_and_one_for_every_later_phase", () => {
  assert.deepEqual(stretches(POSITIONS), [
    { from: 0, count: 6, phases: [PHASE.READ, PHASE.GATES, PHASE.STATE] },
    { from: 6, count: 1, phases: [PHASE.OUTPUT] },
    { from: 7, count: 1, phases: [PHASE.LOSS] },
    { from: 8, count: 1, phases: [PHASE.ARRIVES] },
    { from: 9, count: 4, phases: [PHASE.BACK] },
    { from: 13, count: 1, phases: [PHASE.SUM] },
  ]);
});

test("an_output_that_the_cell_makes_at_every_word_leaves_the_words_one_stretch", () => {
  const of = (/** @type {number} */ phase, /** @type {number} */ part, /** @type {number} */ timestep) => [
    phase,
    part,
    0,
    timestep,
    1,
    -1,
  ];
  const positions = Int32Array.from(
    [
      of(PHASE.READ, 0, 0),
      of(PHASE.STATE, 0, 0),
      of(PHASE.OUTPUT, 0, 0),
      of(PHASE.READ, 0, 1),
      of(PHASE.STATE, 0, 1),
      of(PHASE.OUTPUT, 0, 1),
      of(PHASE.OUTPUT, 1, 1),
    ].flat(),
  );
  assert.deepEqual(stretches(positions), [
    { from: 0, count: 6, phases: [PHASE.READ, PHASE.STATE] },
    { from: 6, count: 1, phases: [PHASE.OUTPUT] },
  ]);
  assert.equal(to_phase(positions, 1, PHASE.OUTPUT), 6);
});

test("a_line_without_a_stop_of_its_own_leads_to_the_one_before_it", () => {
  assert.equal(find_position(POSITIONS, { part: CELL, pass: FORWARD, timestep: 1, line: 4 }), 5);
  assert.equal(find_position(POSITIONS, { part: CELL, pass: BACKWARD, timestep: 1, line: 7 }), 10);
  assert.equal(find_position(POSITIONS, { part: CELL, pass: FORWARD, timestep: 9, line: 1 }), -1);
  assert.equal(position_at(POSITIONS, 13).weight, 0);
});
