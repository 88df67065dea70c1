import assert from "node:assert/strict";
import test from "node:test";
import { chance_of, final_chances, outcome } from "../../www/state/train/prediction.js";

const tokens = (count) =>
  Array.from({ length: count }, (_, k) => ({ text: `w${k}`, id: k, known: true, kept: true }));
const skipped = { text: "skipped", id: 0, known: true, kept: false };

test("one_sigmoid_output_is_the_chance_of_the_second_class", () => {
  const trace = {
    tokens: [skipped, ...tokens(2)],
    classes: ["negative", "positive"],
    probabilities: Float32Array.of(0.5, 0.25),
    layers: [],
  };
  assert.equal(outcome(trace), 1);
  assert.deepEqual(chance_of(trace, 0, 1), { chance: 0.5, signed: 0 });
  assert.deepEqual(chance_of(trace, 1, 1), { chance: 0.25, signed: -0.5 });
  assert.deepEqual(
    final_chances(trace).map(({ label, chance }) => [label, chance]),
    [
      ["negative", 0.75],
      ["positive", 0.25],
    ],
  );
});

test("a_row_of_probabilities_for_both_classes_says_the_same", () => {
  const trace = {
    tokens: tokens(1),
    classes: ["negative", "positive"],
    probabilities: Float32Array.of(0.75, 0.25),
    layers: [],
  };
  assert.deepEqual(chance_of(trace, 0, 1), { chance: 0.25, signed: -0.5 });
  assert.equal(final_chances(trace)[0].label, "negative");
});

test("with_many_classes_the_words_show_the_class_predicted_at_the_end", () => {
  const probabilities = Float32Array.of(0.5, 0.25, 0.25, 0.125, 0.125, 0.75);
  const trace = { tokens: tokens(2), classes: ["earn", "acq", "trade"], probabilities, layers: [] };
  assert.equal(outcome(trace), 2);
  assert.deepEqual(chance_of(trace, 0, 2), { chance: 0.25, signed: 0.25 });
  assert.deepEqual(
    final_chances(trace).map(({ label }) => label),
    ["trade", "earn", "acq"],
  );
});

test("a_class_that_leaves_no_mark_on_the_page_is_called_by_a_mark", () => {
  const trace = {
    tokens: tokens(1),
    classes: [" ", "\n", "e"],
    probabilities: Float32Array.of(0.5, 0.3, 0.2),
    layers: [],
  };
  assert.deepEqual(
    final_chances(trace).map(({ label }) => label),
    ["␣", "↵", "e"],
  );
});
