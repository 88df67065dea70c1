import assert from "node:assert/strict";
import test from "node:test";
import { notices } from "../../www/state/shared/store.js";
import { keep_draft, keep_script } from "../../www/state/step/draft.js";
import { save_text } from "../../www/state/runs/texts.js";

/** @param {string} name of the error with which the storage refuses */
function refuse(name) {
  const setItem = () => {
    throw new DOMException("no", name);
  };
  Object.defineProperty(globalThis, "localStorage", { value: { setItem }, configurable: true });
}

test("a_storage_that_is_full_is_said_once_and_one_that_is_forbidden_is_told_with_the_runs", () => {
  refuse("SecurityError");
  keep_draft({ typed: "def step(x, h):", accepted: "" });
  assert.deepEqual(notices.value, []);
  refuse("QuotaExceededError");
  keep_draft({ typed: "def step(x, h):", accepted: "" });
  const [{ text }] = notices.value;
  assert.match(text, /^Your listing cannot be kept on this machine: .* full\./);
  notices.value = [];
  keep_script("h = 0");
  save_text("imdb", "a film");
  assert.deepEqual(notices.value, []);
});
