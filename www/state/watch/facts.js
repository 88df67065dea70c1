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

/** What was asked for already, of which data. */
let asked = new Set();
let of = "";

effect(() => {
  const { data, fit } = store.experiment.value.document;
  const present = JSON.stringify([data, fit.seed]);
  const ready = ["ready", "training"].includes(store.status.value);
  for (const one of [shown.value, ...pinned.value]) {
    if (present !== of) {
      of = present;
      asked = new Set();
      answers.value = new Map();
    }
    if (one.kind !== "sample" || !ready || asked.has(key_of(one))) continue;
    asked.add(key_of(one));
    void ask(one, present);
  }
});

/** @param {import("./shown.js").SamplePlace} place @param {string} present */
async function ask({ subset, index }, present) {
  try {
    const { answer } = await (await engine()).request("sample", { subset, index });
    if (present === of)
      answers.value = new Map(answers.peek()).set(
        key_of({ kind: "sample", subset, index }),
        in_words(answer),
      );
  } catch {
    // What is wrong with the sample is said where it is read.
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
