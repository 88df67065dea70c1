import assert from "node:assert/strict";
import test from "node:test";
import { readdir } from "node:fs/promises";
import { KERAS_LISTINGS, LIBRARY, OWN, listing_name } from "../../www/state/shared/listing_cell.js";
import { key_of, opened_by } from "../../www/state/train/experiment.js";
import {
  DATASETS,
  experiment_of,
  fitting,
  page_settings,
  run_key,
  within_limits,
} from "../../www/state/train/settings.js";

const IMDB = DATASETS.imdb.defaults;
const layers = (document) => document.model.config.layers;

test("the_settings_of_a_preset_stand_for_the_preset", () => {
  for (const choice of Object.values(DATASETS)) {
    assert.deepEqual(experiment_of(choice.defaults), choice.document);
    assert.deepEqual(page_settings(choice.document), choice.defaults);
  }
});

/** What the page gave the engine before experiments were documents: kept runs belong to these models. */
test("the_networks_are_those_of_runs_that_were_kept_before", () => {
  const before = (input_dim, output_dim, input_length, cell, dense) => ({
    class_name: "Sequential",
    config: {
      name: "reader",
      layers: [
        { class_name: "Embedding", config: { name: "embedding", input_dim, output_dim, input_length } },
        cell,
        { class_name: "Dense", config: { name: "dense", ...dense } },
      ],
    },
  });
  const binary = { units: 1, activation: "sigmoid" };
  const lstm = { class_name: "LSTM", config: { name: "lstm", units: 32 } };
  assert.deepEqual(experiment_of(IMDB).model, before(5000, 32, 100, lstm, binary));
  const changed = {
    ...IMDB,
    data: "imdb-full",
    cell: "GRU",
    units: 16,
    embedding: 8,
    words: 900,
    maxlen: 40,
  };
  const gru = { class_name: "GRU", config: { name: "gru", units: 16 } };
  assert.deepEqual(experiment_of(changed).model, before(900, 8, 40, gru, binary));
  const reuters = experiment_of(DATASETS.reuters.defaults);
  assert.deepEqual(reuters.model, before(5000, 32, 80, lstm, { units: 52, activation: "softmax" }));
  assert.equal(reuters.compile.loss, "sparse_categorical_crossentropy");
  assert.equal(experiment_of(IMDB).compile.loss, "binary_crossentropy");
});

/** Runs are kept under these names, and must be found under them. */
test("runs_are_kept_under_the_names_that_they_always_had", () => {
  assert.equal(run_key(IMDB), "imdb-LSTM-32-32-5000-100-32-7");
  assert.equal(run_key(DATASETS["imdb-full"].defaults), "imdb-full-LSTM-32-32-5000-100-32-7");
  assert.equal(run_key(DATASETS.reuters.defaults), "reuters-LSTM-32-32-5000-80-32-7");
  assert.equal(
    run_key({ ...IMDB, cell: OWN, code: "def step(x, h)" }),
    "imdb-own-32-32-5000-100-32-7\ndef step(x, h)",
  );
});

test("reviews_keep_their_end_and_newswires_their_beginning", () => {
  assert.equal(experiment_of(IMDB).data.reading.truncating, "pre");
  assert.equal(experiment_of(DATASETS.reuters.defaults).data.reading.truncating, "post");
});

test("a_document_with_more_in_it_than_the_settings_say_is_no_page_of_settings", () => {
  const changes = {
    "another layer": (document) => layers(document).splice(1, 0, layers(document)[1]),
    "another set": (document) => (document.data.set = "digits"),
    "no shuffling": (document) => (document.fit.shuffle = false),
    dropout: (document) => (layers(document)[1].config.dropout = 0.2),
    "more units than the page offers": (document) => (layers(document)[1].config.units = 500),
    "another optimizer": (document) => (document.compile.optimizer.class_name = "SGD"),
  };
  for (const [name, change] of Object.entries(changes)) {
    const document = experiment_of(IMDB);
    change(document);
    assert.equal(page_settings(document), null, name);
    assert.notEqual(key_of({ document, from: "imdb-small" }), key_of(opened_by(IMDB)), name);
  }
});

test("a_document_that_was_downloaded_opens_as_the_settings_it_was_made_of", () => {
  for (const change of [
    { cell: "GRU", units: 5 },
    { cell: "nas" },
    { cell: "irnn" },
    { cell: OWN, code: "def" },
  ]) {
    const settings = fitting({ ...IMDB, ...change, rate: 0.01, seed: 99, batch: 8 });
    const document = JSON.parse(JSON.stringify(experiment_of(settings)));
    assert.deepEqual(page_settings(document), settings);
  }
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
  const layer = (settings) => layers(experiment_of({ ...IMDB, ...settings }))[1];
  assert.deepEqual(layer({ cell: "nas" }), {
    class_name: "Listing",
    config: { name: "nas", units: 32, cell: "nas" },
  });
  assert.deepEqual(layer({ cell: OWN, code: "def" }), {
    class_name: "Listing",
    config: { name: "own_cell", units: 32, source: "def" },
  });
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
  const hints = "# size: d_k = 4\n# shape: h = (d_k,)\n";
  assert.equal(listing_name(hints + code), "Your own", "what tells the engine something is no name");
  assert.equal(listing_name(`${hints}# Memory of pairs\n${code}`), "Memory of pairs");
});
