import assert from "node:assert/strict";
import test from "node:test";
import { DATASETS, engine_config, run_key, within_limits } from "../../www/state/settings.js";

const IMDB = DATASETS.imdb.defaults;
const layers = (config) => config.model.config.layers;

test("two_classes_end_in_one_sigmoid", () => {
  const config = engine_config(IMDB, { task: "binary", class_names: ["negative", "positive"], train: 4000 });
  assert.equal(config.loss, "binary_crossentropy");
  assert.deepEqual(layers(config).at(-1).config, { name: "dense", units: 1, activation: "sigmoid" });
  assert.deepEqual(layers(config).map((layer) => layer.class_name), ["Embedding", "LSTM", "Dense"]);
});

test("many_classes_end_in_a_softmax_over_all_of_them", () => {
  const class_names = Array.from({ length: 52 }, (_, k) => `topic ${k}`);
  const config = engine_config(DATASETS.reuters.defaults, { task: "classes", class_names, train: 6532 });
  assert.equal(config.loss, "sparse_categorical_crossentropy");
  assert.deepEqual(layers(config).at(-1).config, { name: "dense", units: 52, activation: "softmax" });
});

test("reviews_keep_their_end_and_newswires_their_beginning", () => {
  assert.equal(engine_config(IMDB, { task: "binary", class_names: [], train: 4000 }).truncating, "pre");
  assert.equal(engine_config(DATASETS.reuters.defaults, { task: "classes", class_names: ["a", "b", "c"], train: 6532 }).truncating, "post");
});

test("five_validations_fall_into_an_epoch_and_the_last_on_its_end", () => {
  const every = (train, batch) =>
    engine_config({ ...IMDB, batch }, { task: "binary", class_names: [], train }).validate_every;
  assert.equal(every(4000, 32), 25);
  assert.equal(every(20_000, 32), 125);
  assert.equal(every(40, 256), 1);
});

test("a_changed_learning_rate_is_the_same_run_and_another_size_is_not", () => {
  assert.equal(run_key({ ...IMDB, rate: 0.05 }), run_key(IMDB));
  for (const change of [{ units: 33 }, { seed: 8 }, { batch: 31 }, { maxlen: 95 }, { words: 4000 }, { embedding: 31 }]) {
    assert.notEqual(run_key({ ...IMDB, ...change }), run_key(IMDB));
  }
});

test("what_is_no_number_is_no_setting", () => {
  for (const value of ["", "  ", "many", NaN, undefined, "1e999"]) assert.equal(within_limits("units", value), null, String(value));
  assert.equal(within_limits("units", "12.4"), 12);
  assert.equal(within_limits("rate", "0.0123"), 0.0123);
});
