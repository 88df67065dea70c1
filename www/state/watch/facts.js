/**
 * The wanted answers of the samples that are shown or pinned: the engine is asked once for each.
 */
import { effect, signal } from "@preact/signals-core";
import { engine } from "../shared/connection.js";
import { decimal, visible } from "../shared/format.js";
import * as store from "../shared/store.js";
import { key_of, pinned, shown } from "./shown.js";

/** @typedef {import("../../types/engine.js").Answer} Answer */

/** Longer answers are cut. */
const MOST = 12;

const answers = signal(/** @type {Map<string, string>} */ (new Map()));

/** What was asked for already, and of which set-up: a change of the experiment makes another one, with its own data. */
let asked = new Set();
let of = store.setup.peek();

effect(() => {
  const setup = store.setup.value;
  const ready = setup !== null && ["ready", "training"].includes(store.status.value);
  const wanted = [shown.value, ...pinned.value];
  if (setup !== of) {
    of = setup;
    asked = new Set();
    answers.value = new Map();
  }
  for (const one of wanted) {
    if (one.kind !== "sample" || !ready || asked.has(key_of(one))) continue;
    asked.add(key_of(one));
    void ask(one, setup);
  }
});

/** @param {import("./shown.js").SamplePlace} place @param {typeof of} setup */
async function ask({ subset, index }, setup) {
  try {
    const { answer } = await (await engine()).request("sample", { subset, index });
    if (setup === of)
      answers.value = new Map(answers.peek()).set(
        key_of({ kind: "sample", subset, index }),
        in_words(answer),
      );
  } catch {
    // What is wrong with the sample is said where it is read; the next change asks again.
    if (setup === of) asked.delete(key_of({ kind: "sample", subset, index }));
  }
}

/** The wanted answer of a sample; empty where it is not known yet. @param {import("./shown.js").Shown} one */
export function wanted_answer(one) {
  return answers.value.get(key_of(one)) ?? "";
}

/** @param {Answer} answer */
function in_words({ classes, values }) {
  const all =
    classes.length > 0 ? classes.map(({ name }) => visible(name)) : values.map((value) => decimal(value, 2));
  return all.length > MOST ? `${all.slice(0, MOST).join(" ")} …` : all.join(" ");
}
