import assert from "node:assert/strict";
import test from "node:test";
import { diverging, luminance, mix, table_index, rgb_of } from "../../www/figures/color.js";
import { count, decimal, duration, percent, signed } from "../../www/state/shared/format.js";

test("zero_is_the_middle_of_the_map_and_both_ends_are_full", () => {
  const colours = diverging([0, 0, 255], [240, 240, 240], [255, 100, 0]);
  assert.deepEqual(colours[table_index(0)], [240, 240, 240]);
  assert.deepEqual(colours[table_index(-1)], [0, 0, 255]);
  assert.deepEqual(colours[table_index(1)], [255, 100, 0]);
});

test("values_beyond_one_have_the_colour_of_one_and_not_a_number_that_of_zero", () => {
  assert.equal(table_index(7), table_index(1));
  assert.equal(table_index(-Infinity), table_index(-1));
  assert.equal(table_index(NaN), table_index(0));
});

test("the_map_is_symmetric_around_zero", () => {
  for (const value of [0.1, 0.25, 0.5, 0.9])
    assert.equal(table_index(value) + table_index(-value), 2 * table_index(0));
});

test("colours_are_read_and_mixed", () => {
  assert.deepEqual(rgb_of("#2a62a8"), [42, 98, 168]);
  assert.deepEqual(rgb_of("#fff"), [255, 255, 255]);
  assert.deepEqual(mix([0, 0, 0], [255, 255, 255], 0.5), [128, 128, 128]);
  assert.equal(luminance([255, 255, 255]), 1);
});

test("numbers_have_a_true_minus_and_no_negative_zero", () => {
  assert.equal(decimal(-0.1234), "−0.123");
  assert.equal(decimal(-0.0001), "0.000");
  assert.equal(signed(0.5, 1), "+0.5");
  assert.equal(signed(0.0001), "0.000");
  assert.equal(decimal(NaN), "not a number");
  assert.equal(decimal(-Infinity), "−∞");
});

test("counts_have_separators_shares_are_per_cent_and_times_have_units", () => {
  assert.equal(count(2691713), "2,691,713");
  assert.equal(count(12), "12");
  assert.equal(percent(0.7534, 1), "75.3 %");
  assert.equal(duration(3.14159), "3.1 s");
  assert.equal(duration(125.9), "2 min 5 s");
});
