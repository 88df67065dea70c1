import assert from "node:assert/strict";
import test from "node:test";
import { DEFAULT_CHOICE, OWN, PANELS, engine_choice } from "../../www/state/step/choice.js";
import { parse_edits, write_edits } from "../../www/state/step/edits.js";
import { DATASETS } from "../../www/state/train/settings.js";
import { link_of, parse_link } from "../../www/state/shared/url.js";

/** @type {import("../../www/state/step/edits.js").LinkedEdit[]} */
const EDITS = [
  { part: "cell", name: "W", timestep: 0, index: 17, new: 0.5 },
  { part: "output", name: "b_y", timestep: 8, index: 0, new: -0.25 },
];

/** @type {import("../../www/state/step/stepping.js").Address} */
const NUMBER = { part: "output", pass: "backward", timestep: 8, line: 5, name: "d_V", index: 11 };

/** @type {Omit<import("../../www/state/step/choice.js").StepLink, "choice" | "problems">} */
const STATE = {
  at: 40,
  unit: 3,
  speed: 4,
  level: 2,
  edits: EDITS,
  difference: true,
  number: NUMBER,
  summed: 7,
  panel: "number",
  script: "for x in xs:\n    h = h + x\n",
  script_at: 3,
};

/**
 * @param {Partial<import("../../www/state/step/choice.js").StepChoice>} changed
 * @param {Partial<Parameters<typeof import("../../www/state/step/choice.js").write_step>[1]>} [other]
 */
function link(changed, other = {}) {
  return link_of({
    route: "step",
    settings: DATASETS.imdb.defaults,
    text: null,
    selected: null,
    speed: null,
    contrast: true,
    step: {
      ...STATE,
      ...{ at: 40, unit: 3, speed: 4, level: 2, summed: 7 },
      choice: { ...DEFAULT_CHOICE, ...changed },
      ...other,
    },
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
  assert.deepEqual(step, {
    choice: { ...DEFAULT_CHOICE, ...changed },
    ...STATE,
    kept: [],
    problems: [],
  });
});

test("what_is_too_long_for_a_link_is_named_in_it", () => {
  const long = "word ".repeat(400);
  const { step } = parse_link(link({ text: long }));
  assert.deepEqual(step.kept, ["text"]);
  assert.equal(step.choice.text, DEFAULT_CHOICE.text);
});

test("a_link_brings_back_the_number_that_was_clicked_and_the_panel_of_a_phone", () => {
  /** @type {import("../../www/state/step/stepping.js").Address[]} */
  const numbers = [
    { part: "cell", pass: "forward", timestep: 0, line: 3, name: "h", index: 0 },
    { part: "cell", pass: "backward", timestep: 12, line: 27, name: "d_state_t", index: 1023 },
    NUMBER,
  ];
  for (const number of numbers)
    assert.deepEqual(parse_link(link({}, { number })).step.number, number, JSON.stringify(number));
  for (const panel of PANELS) assert.equal(parse_link(link({}, { panel })).step.panel, panel);
  const plain = link({}, { number: null, summed: null, panel: "code" });
  assert.doesNotMatch(plain, /step-(number|sum|panel)/);
  assert.equal(parse_link(plain).step.number, null);
  for (const nonsense of ["cf:0:3:f", "xf:0:3:f:5", "cf:0:3:<b>:5", "cf:-1:3:f:5", "cf:0:3:f:5:9"])
    assert.equal(
      parse_link(`#/step?step-number=${encodeURIComponent(nonsense)}`).step.number,
      null,
      nonsense,
    );
  assert.equal(parse_link("#/step?step-panel=kitchen").step.panel, "code");
});

test("an_own_listing_travels_in_the_link_with_its_line_breaks", () => {
  const code = "def step(x, h, W):\n    h = np.tanh(x @ W) # my + cell\n    return h\n";
  assert.equal(parse_link(link({ cell: OWN, code })).step.choice.code, code);
});

test("a_link_with_nonsense_opens_the_default", () => {
  const { step } = parse_link(
    "#/step?step-units=900&step-seed=-1&step-input=tea&step-cell=<b>&step-at=-3&step-speed=99",
  );
  const { choice, at, unit, speed, level, edits } = step;
  assert.deepEqual([choice, at, unit, speed, level, edits], [DEFAULT_CHOICE, null, null, null, null, []]);
  assert.equal(step.problems.length, 4);
  assert.match(step.problems[0], /^“step-cell=<b>” in this link cannot be used and is left out\.$/);
});

test("a_change_that_is_none_is_refused_in_a_sentence", () => {
  const of = (/** @type {string} */ edits) => parse_link(`#/step?step-edits=${edits}`).step;
  for (const edits of [
    "cell:W:0:3:NaN",
    "cell:W:0:3:1e999",
    "cell:W:0:x:1",
    "core:W:0:3:1",
    "cell:W;:0:3:1",
    ",",
    "1",
  ]) {
    const { problems, edits: taken } = of(edits);
    assert.deepEqual(taken, [], edits);
    assert.match(problems.join(" "), /is no change of a number/, edits);
  }
  assert.match(of(Array(41).fill("cell:W:0:3:1").join(",")).problems.join(" "), /more than 40 numbers/);
});

test("a_changed_number_is_written_as_short_as_the_engine_reads_it", () => {
  const value = Math.fround(0.1);
  const edit = { part: /** @type {const} */ ("cell"), name: "W", timestep: 0, index: 3, new: value };
  assert.equal(write_edits([edit]), "cell:W:0:3:0.1");
  for (const exact of [1 / 3, -1.17549435e-38, 3.4028235e38, 16777217, 0].map(Math.fround)) {
    const read = parse_edits(write_edits([{ ...edit, new: exact }]));
    assert.equal(Math.fround(read.edits[0].new), exact);
  }
});

test("the_engine_is_asked_for_words_only_where_there_is_a_sentence", () => {
  assert.equal(engine_choice(DEFAULT_CHOICE, "", null).input.kind, "sentence");
  assert.deepEqual(engine_choice({ ...DEFAULT_CHOICE, input: "numbers", numbers: "1 2" }, "", null).input, {
    kind: "numbers",
    text: "1 2",
  });
  assert.equal(engine_choice({ ...DEFAULT_CHOICE, weights: "uniform" }, "", null).weights.kind, "uniform");
});

test("a_script_travels_in_the_link_and_one_that_is_too_long_is_left_on_this_machine", () => {
  const source = "hs = []\nfor x in xs:\n    hs.append(x)\n";
  const short = parse_link(link({}, { script: source, script_at: 7 })).step;
  assert.deepEqual([short.script, short.script_at], [source, 7]);
  const long = parse_link(link({}, { script: source.repeat(60), script_at: null })).step;
  assert.deepEqual([long.script, long.script_at], ["", null]);
  assert.equal(parse_link(link({}, { script: null })).step.script, null);
});
