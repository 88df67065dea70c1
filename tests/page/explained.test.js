/** Sentences on losses, metrics, data and training: each is shown somewhere, and each that is asked for is there. */
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { WORDING } from "../../www/generated/wording.js";

/** @param {string} folder */
async function sources(folder) {
  const path = new URL(`../../www/${folder}/`, import.meta.url);
  const files = (await readdir(path)).filter((name) => name.endsWith(".js"));
  return Promise.all(files.map((name) => readFile(new URL(name, path), "utf8")));
}

const views = await sources("views/train");
const page = [...views, ...(await sources("figures")), ...(await sources("state/data"))].join("\n");

test("every_sentence_on_losses_data_and_training_is_shown_somewhere", () => {
  const losses = /crossentropy$|squared_error$/; // In the engine's own list of losses, which has a test.
  const names = [...Object.keys(WORDING.judging), ...Object.keys(WORDING.fit)];
  for (const name of names.filter((one) => !losses.test(one)))
    assert.ok(
      page.includes(`"${name}"`) || page.includes(`${name}:`),
      `nothing shows the sentence on ${name}`,
    );
});

test("what_asks_for_a_sentence_by_its_name_gets_one", () => {
  const all = { ...WORDING.judging, ...WORDING.fit, ...WORDING.classes };
  const asked = [...page.matchAll(/data-explain="([^"$]+)"/g)].map(([, name]) => name);
  assert.ok(asked.length > 2);
  for (const name of asked) assert.ok(name in all, name);
});
