/**
 * What all tabs of Watch look at: a text or a sample, which of them are pinned, and in which layer.
 */
import { computed, effect, signal } from "@preact/signals-core";
import * as store from "../shared/store.js";
import { reads_words } from "../train/experiment.js";
import { sample, sample_wanted, show_sample } from "../train/sample.js";

/** @typedef {import("../../types/extra.js").Shown} Shown */
/** @typedef {import("../../types/engine.js").Subset} Subset */
/** @typedef {{ subset: Subset, index: number }} SamplePlace */

/** More rows would push the figures out of sight. */
export const MOST_PINNED = 4;

/** The sample that was chosen; none while a text is shown. */
const chosen = signal(/** @type {SamplePlace | null} */ (null));

/** Whether words can be typed for the present network. */
export const reads_text = computed(() => reads_words(store.experiment.value.document));

/** What is shown. @type {import("@preact/signals-core").ReadonlySignal<Shown>} */
export const shown = computed(() => {
  if (reads_text.value && !chosen.value) return { kind: "text", text: store.text.value };
  const { subset, index } = chosen.value ?? { subset: "train", index: 0 };
  return { kind: "sample", subset, index };
});

/** What is pinned, the earliest first. */
export const pinned = signal(/** @type {Shown[]} */ ([]));

/** One name for the same text or sample. @param {Shown} shown */
export function key_of(shown) {
  return shown.kind === "text" ? `text ${shown.text.trim()}` : `${shown.subset} ${shown.index}`;
}

/** Whether it is pinned. @param {Shown} one */
export function is_pinned(one) {
  return pinned.value.some((other) => key_of(other) === key_of(one));
}

/** Pins what is shown; as the fifth it would not find room. */
export function pin() {
  const one = shown.value;
  if (is_pinned(one) || pinned.value.length >= MOST_PINNED) return;
  if (one.kind === "text" && one.text.trim() === "") return;
  pinned.value = [...pinned.value, one];
}

/** @param {Shown} one */
export function unpin(one) {
  pinned.value = pinned.value.filter((other) => key_of(other) !== key_of(one));
}

/** A sample in place of what is shown. @param {SamplePlace} place */
export function choose_sample({ subset, index }) {
  chosen.value = { subset, index };
  if (sample_wanted.value && !is_at(sample.value, { subset, index })) void show_sample(subset, index);
}

/** The reader's text in place of a sample. */
export function choose_text() {
  chosen.value = null;
}

/**
 * Of what the gradients are: of the log-odds of the answer, or where answers are numbers of the answer itself.
 */
export const measured = computed(() =>
  store.trace.value?.classes.length === 0
    ? { symbol: "answer", text: "the answer", depends: "depends" }
    : { symbol: "log-odds", text: "the log-odds of the answer", depends: "depend" },
);

/** What one timestep is called. */
export const timestep_called = computed(() => {
  switch (store.experiment.value.document.data.reading.as) {
    case "words":
    case "word_ids":
    case "word_pairs":
      return "word";
    case "characters":
      return "character";
    case "rows":
      return "image row";
    default:
      return "timestep";
  }
});

/** The words of what is shown, or what stands for its timesteps. */
export const timesteps = computed(() => store.kept_words.value.map(({ text }) => text));

/** The recurrent layers that have a state for each of them. */
export const layers = computed(() => {
  const count = store.kept_words.value.length;
  return store.trace.value?.layers.filter(({ gradient_norms }) => gradient_norms.length === count) ?? [];
});

/** @param {SamplePlace | null} one @param {SamplePlace} other */
function is_at(one, other) {
  return one?.subset === other.subset && one.index === other.index;
}

/** Samples of other data are not those that were chosen. */
let subject = "";
effect(() => {
  const { set, task, file, reading } = store.experiment.value.document.data;
  const present = JSON.stringify([set, task, file?.hash, reading.as]);
  if (present !== subject) {
    subject = present;
    chosen.value = null;
    pinned.value = [];
  }
});

/** Where no text can be typed, the sample that is looked at above is the one that is read here. */
effect(() => {
  const found = sample.value;
  if (found && !reads_text.peek() && !is_at(chosen.peek() ?? { subset: "train", index: 0 }, found))
    chosen.value = { subset: found.subset, index: found.index };
});
