import assert from "node:assert/strict";
import test from "node:test";
import { parse_step } from "../../www/state/step/choice.js";
import { DATASETS } from "../../www/state/train/settings.js";
import {
  LONGEST_CHANGES_IN_LINK,
  LONGEST_CODE_IN_LINK,
  LONGEST_TEXT_IN_LINK,
  link_of,
  parse_link,
} from "../../www/state/shared/url.js";

import { legs_of } from "../../www/state/shared/link_network.js";

const DEFAULTS = DATASETS.imdb.defaults;

/** What a link says of the Step view when it says nothing of it. */
const STEP = parse_step(new URLSearchParams());

test("an_empty_fragment_is_the_first_view_with_the_defaults", () => {
  assert.deepEqual(parse_link(""), {
    route: "step",
    settings: DEFAULTS,
    experiment: null,
    text: null,
    selected: null,
    speed: null,
    contrast: true,
    trained: null,
    relaxed: false,
    step: STEP,
    problems: [],
  });
});

test("a_link_written_and_read_again_says_the_same", () => {
  const state = {
    route: "train",
    text: "50 % & more? #yes = “no” 😀",
    selected: { t: 3, u: 17 },
    speed: 0,
    contrast: false,
    trained: {
      updates: 312,
      rates: [
        [0, 0.002],
        [120, 0.01],
      ],
    },
    relaxed: true,
    experiment: null,
    settings: {
      ...DATASETS.reuters.defaults,
      units: 8,
      embedding: 5,
      words: 1200,
      maxlen: 40,
      batch: 16,
      rate: 0.01,
      seed: 123,
    },
  };
  assert.deepEqual(parse_link(link_of(state)), { ...state, step: STEP, problems: [] });
});

test("only_what_differs_from_the_defaults_is_written", () => {
  const link = link_of({
    route: "train",
    settings: { ...DEFAULTS, units: 8 },
    text: DATASETS.imdb.text,
    selected: null,
    speed: null,
    contrast: true,
  });
  assert.equal(link, "#/train?v=1&data=imdb&units=8");
});

test("unknown_keys_and_values_are_ignored", () => {
  const link = parse_link("#/train?v=9&data=unheard&cell=Foo&units=many&colour=red&t=1e9&u=-3&speed=fast");
  assert.deepEqual(link, {
    route: "train",
    settings: DEFAULTS,
    experiment: null,
    text: null,
    selected: null,
    speed: null,
    contrast: true,
    trained: null,
    relaxed: false,
    step: STEP,
    problems: [
      "This page has no data set “unheard”; another one is shown, untrained.",
      "This page has no cell “Foo”; another one is shown, untrained.",
    ],
  });
});

test("what_cannot_be_rebuilt_is_refused_in_a_sentence", () => {
  const of = (/** @type {string} */ query) => parse_link(`#/train?${query}`);
  assert.deepEqual(of("updates=312").trained, { updates: 312, rates: [] });
  assert.deepEqual(of("updates=0"), of(""));
  for (const [query, sentence] of [
    ["updates=many", /no number of updates/],
    ["updates=-5", /no number of updates/],
    ["updates=99999999999999999999999999", /at most 50,000/],
    ["updates=9&rates=0:NaN", /learning rates/],
    ["updates=9&rates=0:0.01,20:0.002", /learning rates/],
    ["updates=9&rates=3:0.01", /learning rates/],
    ["updates=9&rates=0:99", /learning rates/],
    ["updates=9&cell=Foo", /no cell “Foo”/],
  ]) {
    const { trained, problems } = of(String(query));
    assert.equal(trained, null, String(query));
    assert.match(problems.join(" "), /** @type {RegExp} */ (sentence));
  }
});

test("the_network_of_an_own_cell_is_named_only_with_its_listing", () => {
  const state = { route: "train", text: null, selected: null, speed: null, contrast: true };
  const trained = { updates: 9, rates: [] };
  const own = (/** @type {string} */ code) => ({ ...DEFAULTS, cell: "own", code });
  assert.ok(link_of({ ...state, trained, settings: own("# short") }).includes("updates=9"));
  const long = "#".repeat(LONGEST_CODE_IN_LINK + 1);
  assert.ok(!link_of({ ...state, trained, settings: own(long) }).includes("updates"));
});

test("a_training_is_repeated_leg_by_leg", () => {
  const trained = {
    updates: 300,
    rates: /** @type {[number, number][]} */ ([
      [0, 0.002],
      [120, 0.01],
    ]),
  };
  assert.deepEqual(legs_of(trained, 0, 0.01), [
    { rate: 0.002, until: 120 },
    { rate: 0.01, until: 300 },
  ]);
  assert.deepEqual(legs_of(trained, 150, 0.01), [{ rate: 0.01, until: 300 }]);
  assert.deepEqual(legs_of({ updates: 300, rates: [] }, 0, 0.005), [{ rate: 0.005, until: 300 }]);
});

test("numbers_outside_their_limits_are_brought_inside", () => {
  const { settings } = parse_link("#/train?units=100000&embedding=0&rate=99&seed=3.7&maxlen=-5");
  assert.deepEqual(
    [settings.units, settings.embedding, settings.rate, settings.seed, settings.maxlen],
    [128, 1, 0.1, 4, 5],
  );
});

test("a_route_that_is_no_word_opens_the_first_view", () => {
  assert.equal(parse_link("#/../../etc?x=1").route, "step");
});

test("a_long_text_stays_out_of_the_link", () => {
  const state = { route: "train", settings: DEFAULTS, selected: null, speed: null, contrast: true };
  assert.ok(link_of({ ...state, text: "a".repeat(LONGEST_TEXT_IN_LINK) }).includes("text="));
  assert.ok(!link_of({ ...state, text: "a".repeat(LONGEST_TEXT_IN_LINK + 1) }).includes("text="));
});

test("an_empty_text_is_a_text", () => {
  const link = link_of({
    route: "train",
    settings: DEFAULTS,
    text: "",
    selected: null,
    speed: null,
    contrast: true,
  });
  assert.equal(parse_link(link).text, "");
});

test("a_link_names_the_cell_and_brings_an_own_one_along_unless_it_is_too_long", () => {
  const state = { route: "train", text: null, selected: null, speed: null, contrast: true };
  const code = "# my + cell\ndef step(x, h, W):\n    return np.tanh(x @ W) # 50 %\n";
  assert.equal(
    parse_link(link_of({ ...state, settings: { ...DEFAULTS, cell: "nas" } })).settings.cell,
    "nas",
  );
  assert.deepEqual(parse_link(link_of({ ...state, settings: { ...DEFAULTS, cell: "own", code } })).settings, {
    ...DEFAULTS,
    cell: "own",
    code,
  });
  const long = link_of({
    ...state,
    settings: { ...DEFAULTS, cell: "own", code: "#".repeat(LONGEST_CODE_IN_LINK + 1) },
  });
  assert.equal(parse_link(long).settings.cell, "own");
  assert.equal(parse_link(long).settings.code, "");
});

/** Links that were shared before experiments were documents. */
test("links_from_before_still_open", () => {
  const settings = (link) => parse_link(link).settings;
  const small = {
    data: "imdb",
    cell: "LSTM",
    code: "",
    units: 32,
    embedding: 32,
    words: 5000,
    maxlen: 100,
    batch: 32,
    rate: 0.002,
    seed: 7,
  };
  assert.deepEqual(settings("#/train?v=1&data=imdb"), small);
  assert.deepEqual(settings("#/train?v=1&data=imdb&units=16&seed=3&cell=GRU"), {
    ...small,
    units: 16,
    seed: 3,
    cell: "GRU",
  });
  assert.deepEqual(settings("#/train?v=1&data=imdb-full&words=20000&rate=0.01"), {
    ...small,
    data: "imdb-full",
    words: 20_000,
    rate: 0.01,
  });
  assert.deepEqual(settings("#/train?v=1&data=reuters&batch=8&maxlen=60"), {
    ...small,
    data: "reuters",
    batch: 8,
    maxlen: 60,
    rate: 0.003,
  });
  assert.deepEqual(settings("#/train?v=1&data=imdb&cell=own&code=def%20step"), {
    ...small,
    cell: "own",
    code: "def step",
  });
});

test("an_experiment_that_the_settings_do_not_say_is_a_name_and_what_is_changed_in_it", () => {
  const state = {
    route: "train",
    settings: DEFAULTS,
    text: null,
    selected: null,
    speed: null,
    contrast: true,
  };
  const changes = { "/fit/seed": 9, "/model/config/layers/1/config/units": 20 };
  const trained = { updates: 12, rates: [] };
  const experiment = { name: "parity", changes };
  const read = parse_link(link_of({ ...state, experiment, trained }));
  assert.deepEqual(read.experiment, experiment);
  assert.deepEqual(read.trained.updates, 12);
  assert.equal(
    link_of({ ...state, experiment: { name: "parity", changes: {} } }),
    "#/train?v=1&experiment=parity",
  );
});

test("changes_that_are_too_long_for_a_link_stay_here_and_their_network_is_not_named", () => {
  const state = {
    route: "train",
    settings: DEFAULTS,
    text: null,
    selected: null,
    speed: null,
    contrast: true,
  };
  const changes = { "/about": "x".repeat(LONGEST_CHANGES_IN_LINK) };
  const experiment = { name: "parity", changes };
  const link = link_of({ ...state, experiment, trained: { updates: 12, rates: [] } });
  assert.equal(link, "#/train?v=1&experiment=parity&changes=kept");
  assert.deepEqual(parse_link(link).experiment, { name: "parity", changes: null });
});

test("changes_that_cannot_be_read_are_said_and_their_network_is_not_rebuilt", () => {
  const nested = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
  for (const changes of ["{", "7", "[1]", "null", nested]) {
    const link = parse_link(`#/train?experiment=parity&updates=9&changes=${encodeURIComponent(changes)}`);
    assert.equal(link.experiment, null);
    assert.equal(link.trained, null);
    assert.match(link.problems.join(" "), /changes of the experiment “parity”/);
  }
});
