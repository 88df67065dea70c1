import assert from "node:assert/strict";
import test from "node:test";
import { is_labelled, layout_of } from "../../www/figures/word_labels.js";

/** @param {number} count */
const words = (count) => Array.from({ length: count }, () => 30);

test("words_that_have_room_stand_beside_each_other", () => {
  assert.deepEqual(layout_of(words(9), 600), { turned: false, every: 1, height: 18 });
});

test("words_without_room_are_turned_and_all_shown_while_a_line_fits_a_column", () => {
  for (const count of [9, 15, 18]) {
    const { turned, every } = layout_of(words(count), 225);
    assert.deepEqual([turned, every], [true, 1], `${count} words`);
  }
});

test("where_columns_are_narrower_than_a_line_words_are_thinned_and_never_gone", () => {
  for (const [count, width] of [
    [60, 225],
    [100, 225],
    [100, 150],
  ]) {
    const { turned, every } = layout_of(words(count), width);
    assert.ok(turned && every > 1);
    const shown = Array.from({ length: count }, (_, t) => is_labelled(t, every, undefined)).filter(Boolean);
    assert.ok(shown.length >= 2);
    assert.ok((width / count) * every >= 12, "a line fits between two words");
  }
});

test("the_word_under_the_cursor_is_always_shown_and_its_neighbours_give_way", () => {
  assert.ok(is_labelled(5, 4, 5));
  assert.ok(!is_labelled(4, 4, 5));
  assert.ok(!is_labelled(8, 4, 5));
  assert.ok(is_labelled(12, 4, 5));
});

test("long_words_are_cut_at_a_fixed_height", () => {
  assert.equal(layout_of([400, 20, 20], 100).height, 76);
});
