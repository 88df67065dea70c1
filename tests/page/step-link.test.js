import assert from "node:assert/strict";
import test from "node:test";
import { DEFAULT_CHOICE, OWN, engine_choice } from "../../www/state/step/choice.js";
import { DATASETS } from "../../www/state/train/settings.js";
import { link_of, parse_link } from "../../www/state/shared/url.js";

/** @param {Partial<import("../../www/state/step/choice.js").StepChoice>} changed */
function link(changed, { at = 40, unit = 3, speed = 4, level = 2 } = {}) {
  return link_of({
    route: "step",
    settings: DATASETS.imdb.defaults,
    text: null,
    selected: null,
    speed: null,
    contrast: true,
    step: { choice: { ...DEFAULT_CHOICE, ...changed }, at, unit, speed, level },
  });
}

test("a_link_brings_back_all_of_the_step_view", () => {
  const changed = {
    cell: "gru",
    units: 5,
    seed: 11,
    input: /** @type {const} */ ("numbers"),
    numbers: "1 2; 3 4",
    weights: /** @type {const} */ ("random"),
    target: -0.5,
  };
  const { step, route } = parse_link(link(changed));
  assert.equal(route, "step");
  assert.deepEqual(step, { choice: { ...DEFAULT_CHOICE, ...changed }, at: 40, unit: 3, speed: 4, level: 2 });
});

test("an_own_listing_travels_in_the_link_with_its_line_breaks", () => {
  const code = "def step(x, h, W):\n    h = np.tanh(x @ W) # my + cell\n    return h\n";
  assert.equal(parse_link(link({ cell: OWN, code })).step.choice.code, code);
});

test("a_link_with_nonsense_opens_the_default", () => {
  const { step } = parse_link(
    "#/step?step-units=900&step-seed=-1&step-input=tea&step-cell=<b>&step-at=-3&step-speed=99",
  );
  assert.deepEqual(step, { choice: DEFAULT_CHOICE, at: null, unit: null, speed: null, level: null });
});

test("the_engine_is_asked_for_words_only_where_there_is_a_sentence", () => {
  assert.equal(engine_choice(DEFAULT_CHOICE, "", null).input.kind, "sentence");
  assert.deepEqual(engine_choice({ ...DEFAULT_CHOICE, input: "numbers", numbers: "1 2" }, "", null).input, {
    kind: "numbers",
    text: "1 2",
  });
  assert.equal(engine_choice({ ...DEFAULT_CHOICE, weights: "uniform" }, "", null).weights.kind, "uniform");
});
