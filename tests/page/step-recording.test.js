import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { RECORDED, recorded_sentence } from "../../www/state/step/recorded.js";
import { DEFAULT_CHOICE, engine_choice } from "../../www/state/step/choice.js";
import { record_network, record_stepping, recorded, started, whole_network } from "./step-recording.js";

const CELLS = /** @type {(keyof typeof RECORDED)[]} */ (Object.keys(RECORDED));

for (const cell of CELLS) {
  test(`the_recorded_network_${cell}_is_what_training_its_experiment_gives`, async () => {
    const network = JSON.parse(JSON.stringify(await record_network(cell)));
    assert.deepEqual(
      network,
      await whole_network(RECORDED[cell].file),
      "record it again with `npm run record`",
    );
  });
}

test("the_page_opens_with_the_vectors_of_the_words_of_its_text_alone", async () => {
  const { words_of } = await started();
  for (const cell of CELLS) {
    const { vectors } = await recorded(RECORDED[cell].file);
    assert.deepEqual(new Set(Object.keys(vectors)), new Set(words_of(DEFAULT_CHOICE.text)));
  }
});

test("the_recorded_walk_is_what_the_engine_gives_for_the_recorded_network", async () => {
  const walk = await record_stepping(await whole_network(RECORDED.lstm.file));
  assert.deepEqual(JSON.parse(JSON.stringify(walk)), await recorded("recorded-step"));
});

/** The prediction after each word of a text. @param {keyof typeof RECORDED} cell */
async function reader(cell) {
  const engine = await started();
  const network = await whole_network(RECORDED[cell].file);
  const source = await readFile(new URL(`../../cells/${cell}.py`, import.meta.url), "utf8");
  return (/** @type {string} */ text) => {
    const words = engine.words_of(text);
    const x = words.flatMap((/** @type {string} */ word) => network.vectors[word] ?? network.unknown);
    const known = words.map((/** @type {string} */ word) => word in network.vectors);
    const choice = { ...DEFAULT_CHOICE, cell };
    const stepper = new engine.Stepper(engine_choice(choice, source, { ...network, words, x, known }));
    const line = stepper.describe().output.forward.last;
    return Array.from(stepper.values({ part: "output", pass: "forward", line, name: "y" }));
  };
}

for (const cell of CELLS) {
  test(`the_recorded_network_${cell}_is_undecided_at_first_and_turns_at_not_bad_and_good`, async () => {
    const read = await reader(cell);
    const last = (/** @type {string} */ text) => read(text).at(-1);
    for (const word of ["the", "a", "i", "this"]) {
      assert.ok(Math.abs(last(word) - 0.5) < 0.15, `${word}: ${last(word)}`);
    }
    assert.ok(last("not good at all") < 0.4, `not good at all: ${last("not good at all")}`);
    assert.ok(last("i hated this movie") < 0.25, `i hated this movie: ${last("i hated this movie")}`);
    assert.ok(last("i loved this movie") > 0.75, `i loved this movie: ${last("i loved this movie")}`);
    assert.ok(last("it was not good") < last("it was good") - 0.1, "it hears the not before good");
    const [not, a, bad] = read(DEFAULT_CHOICE.text);
    assert.ok(not < 0.45, `it falls at “not”: ${not}`);
    assert.ok(bad < a - 0.1, `and at “bad”: ${a} to ${bad}`);
  });
}

test("a_recorded_network_says_how_it_was_made", async () => {
  for (const cell of CELLS) {
    const network = await whole_network(RECORDED[cell].file);
    const sentence = recorded_sentence(network);
    const { command, date, seed, updates, accuracy } = network.provenance;
    assert.ok(updates > 0 && accuracy > 0.75 && accuracy < 1, sentence);
    for (const part of [command, date, String(seed), network.class_name])
      assert.ok(sentence.includes(part), sentence);
    assert.ok(command.includes(RECORDED[cell].experiment), command);
    assert.deepEqual(new Set(network.examples.map(({ label }) => label)), new Set(network.classes));
  }
});
