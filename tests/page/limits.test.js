import assert from "node:assert/strict";
import test from "node:test";
import { sequential, share_index } from "../../www/figures/color.js";
import {
  beyond_in_words,
  count_beyond,
  own_positive,
  own_share,
  own_signed,
  reach_of,
  round_scale,
} from "../../www/figures/limits.js";

/** @param {number} count values spread evenly from −1 to 1 */
const even = (count) => Float32Array.from({ length: count }, (_, k) => (2 * k) / (count - 1) - 1);

test("one_value_of_90_does_not_make_a_figure_blank", () => {
  for (const count of [12, 90, 288]) {
    const values = even(count);
    values[5] = 90;
    const { low, high, beyond } = own_signed(values);
    assert.ok(high <= 1 && high > 0.9, `${count} values: ${high}`);
    assert.equal(low, -high);
    assert.equal(beyond_in_words(beyond), "1 value beyond");
    assert.ok(round_scale(values) <= 1);
  }
});

test("values_that_are_close_to_each_other_are_all_inside", () => {
  const values = even(288);
  assert.equal(reach_of(values), 1);
  assert.equal(own_signed(values).beyond, 0);
  assert.equal(beyond_in_words(0), "");
});

test("few_values_are_all_shown_and_what_is_not_finite_does_not_count", () => {
  assert.equal(reach_of([0.1, 0.1, 90]), 90);
  assert.equal(reach_of([]), 0);
  assert.equal(reach_of([0.5, NaN, Infinity, -2]), 2);
  assert.equal(round_scale(Float32Array.of(0, 0)), 1);
});

test("small_differences_stay_pale", () => {
  assert.equal(own_signed(Float32Array.of(0.001, -0.001)).high, 0.05);
  const { low, high } = own_share(Float32Array.of(0.5, 0.5001));
  assert.ok(high - low >= 0.0999);
});

test("what_lies_between_0_and_1_has_limits_between_0_and_1", () => {
  const { low, high } = own_share(Float32Array.of(0.99, 1, 0.995));
  assert.ok(low >= 0 && low < 0.99);
  assert.equal(high, 1);
  assert.deepEqual(own_positive(Float32Array.of(0, 3, 1)), { low: 0, high: 3, beyond: 0 });
});

test("values_beyond_limits_are_counted_on_both_sides", () => {
  assert.equal(count_beyond([-2, -1, 0, 1, 2], -1, 1), 2);
});

test("a_scale_of_one_side_begins_at_paper_and_ends_in_full_colour", () => {
  const colours = sequential([240, 240, 240], [10, 20, 30]);
  assert.deepEqual(colours[share_index(0)], [240, 240, 240]);
  assert.deepEqual(colours[share_index(1)], [10, 20, 30]);
  assert.equal(share_index(-3), share_index(0));
  assert.equal(share_index(7), share_index(1));
  assert.equal(share_index(NaN), share_index(0));
});
