import assert from "node:assert/strict";
import test from "node:test";
import { readdir } from "node:fs/promises";
import { KERAS_LISTINGS, LIBRARY, OWN, listing_name } from "../../www/state/shared/listing_cell.js";
import { DATASETS, engine_config, fitting, run_key, within_limits } from "../../www/state/train/settings.js";

const IMDB = DATASETS.imdb.defaults;
const layers = (config) => config.model.config.layers;

test("two_classes_end_in_one_sigmoid", () => {
  const config = engine_config(IMDB, { task: "binary", class_names: ["negative", "positive"], train: 4000 });
  assert.equal(config.loss, "binary_crossentropy");
  assert.deepEqual(layers(config).at(-1).config, { name: "dense", units: 1, activation: "sigmoid" });
  assert.deepEqual(
    layers(config).map((layer) => layer.class_name),
    ["Embedding", "LSTM", "Dense"],
  );
});

test("many_classes_end_in_a_softmax_over_all_of_them", () => {
  const class_names = Array.from({ length: 52 }, (_, k) => `topic ${k}`);
  const config = engine_config(DATASETS.reuters.defaults, { task: "classes", class_names, train: 6532 });
  assert.equal(config.loss, "sparse_categorical_crossentropy");
  assert.deepEqual(layers(config).at(-1).config, { name: "dense", units: 52, activation: "softmax" });
});

test("reviews_keep_their_end_and_newswires_their_beginning", () => {
  assert.equal(engine_config(IMDB, { task: "binary", class_names: [], train: 4000 }).truncating, "pre");
  assert.equal(
    engine_config(DATASETS.reuters.defaults, { task: "classes", class_names: ["a", "b", "c"], train: 6532 })
      .truncating,
    "post",
  );
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
  for (const change of [
    { units: 33 },
    { seed: 8 },
    { batch: 31 },
    { maxlen: 95 },
    { words: 4000 },
    { embedding: 31 },
  ]) {
    assert.notEqual(run_key({ ...IMDB, ...change }), run_key(IMDB));
  }
});

test("what_is_no_number_is_no_setting", () => {
  for (const value of ["", "  ", "many", NaN, undefined, "1e999"])
    assert.equal(within_limits("units", value), null, String(value));
  assert.equal(within_limits("units", "12.4"), 12);
  assert.equal(within_limits("rate", "0.0123"), 0.0123);
});

test("a_cell_that_is_a_listing_is_a_layer_of_its_own_class", () => {
  const binary = { task: /** @type {const} */ ("binary"), class_names: [], train: 4000 };
  const layer = (settings) => layers(engine_config({ ...IMDB, ...settings }, binary))[1];
  assert.deepEqual(layer({ cell: "nas" }), {
    class_name: "Listing",
    config: { name: "nas", units: 32, cell: "nas" },
  });
  assert.deepEqual(layer({ cell: OWN, code: "def" }), {
    class_name: "Listing",
    config: { name: "own_cell", units: 32, source: "def" },
  });
  assert.equal(layer({ cell: "irnn" }).config.initializers.U.class_name, "Identity");
});

test("another_text_is_another_run_and_a_name_alone_is_enough_for_the_others", () => {
  assert.notEqual(run_key({ ...IMDB, cell: OWN, code: "a" }), run_key({ ...IMDB, cell: OWN, code: "b" }));
  assert.equal(run_key({ ...IMDB, cell: "nas", code: "a" }), run_key({ ...IMDB, cell: "nas" }));
  assert.equal(fitting({ ...IMDB, code: "a" }).code, "");
});

test("the_menu_has_every_listing_of_the_project_that_keras_has_not", async () => {
  const files = await readdir(new URL("../../cells/", import.meta.url));
  const names = files.filter((file) => file.endsWith(".py")).map((file) => file.replace(".py", ""));
  assert.deepEqual([...LIBRARY, ...Object.values(KERAS_LISTINGS)].sort(), names.sort());
});

test("a_comment_before_the_function_names_a_cell", () => {
  const code = "def step(x, h):\n    # not this\n    return h\n";
  assert.equal(listing_name(code), "Your own");
  assert.equal(listing_name(`# Update-gate network: one gate.\n${code}`), "Update-gate network");
  assert.equal(
    listing_name(`\n#\n#  A name that is longer than a menu has room for\n${code}`),
    "A name that is longer t…",
  );
});
