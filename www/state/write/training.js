/** The reader's own language models: which one is trained, and letting it write. */
import { computed, effect, signal } from "@preact/signals-core";
import { ask_own } from "../../engine/own.js";
import { page_instance } from "../../engine/page.js";
import { failure_from } from "../../engine/rpc.js";
import { experiment_with_changes } from "../../pkg/unrolled.js";
import { keep_file, kept_file } from "../data/own_files.js";
import { engine } from "../shared/connection.js";
import { count } from "../shared/format.js";
import { texts_for } from "../shared/listing_source.js";
import * as store from "../shared/store.js";
import { choose_experiment } from "../train/choices.js";
import { is_language_model, opened } from "../train/experiment.js";
import { baseline_lines } from "../train/insight.js";
import { open_preset } from "../train/open.js";
import { pack_of } from "../train/open_network.js";
import { train } from "../train/training.js";
import { HASH, SHIPPED } from "./shipped.js";
import * as writer from "./writer.js";

/** The language models that can be trained here, by the names of their experiments. */
export const KINDS = [
  { name: "moby-dick-gru", title: "Characters", about: "each character from all before, through the state" },
  { name: "moby-dick-words", title: "Words", about: "each word from those before; the state is carried on" },
  {
    name: "moby-dick-pairs",
    title: "Pairs of words",
    about: "each word from the one before, as tutorial 002 does it",
  },
];

/** Larger texts of one's own are refused: they would take a browser tab too long. */
export const LARGEST_TEXT = 5_000_000;

/** Losses over which the training loss is averaged. */
const RECENT = 20;

/** Whether the experiment behind the page is a language model. */
export const trains_text = computed(() => is_language_model(store.experiment.value.document));

/**
 * A loss and what it means.
 * @typedef {{ name: string, about: string, loss: number }} Reached
 */

/** What the model reaches and what counting reaches, the worst first. */
export const reached = computed(() => {
  void [store.updates.value, store.reports.value];
  const setup = store.setup.value;
  const history = store.history.value;
  if (!setup || !trains_text.value) return { model: [], counting: [] };
  /** @type {Reached[]} */
  const model = [];
  const losses = history.losses.slice(-RECENT);
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / Math.max(1, losses.length);
  if (losses.length > 0)
    model.push({ name: "training", about: `mean of the last ${losses.length} updates`, loss: mean });
  const last = history.last_validation;
  if (last)
    model.push({
      name: "validation",
      about: `text that it never learns from, after update ${count(last.step)}`,
      loss: last.loss,
    });
  /** @type {Reached[]} */
  const counting = setup.guessing_loss
    ? [{ name: "guessing", about: "all equally likely", loss: setup.guessing_loss }]
    : [];
  for (const { name, about, loss } of baseline_lines.value)
    if (loss !== null) counting.push({ name, about, loss });
  return { model, counting };
});

/** The reader's own text, once there is one; none of its words are in a link. */
const last_own = signal(/** @type {{ name: string, hash: string } | null} */ (null));

/** The own text that the experiment behind the page reads, or else the last one that was taken here. */
export const own_text = computed(() => {
  const { data } = store.experiment.value.document;
  return (trains_text.value && data.set === "own" && data.file) || last_own.value;
});

/** A share of it is the validation text. */
const JUDGED = 0.2;

/** Whether the experiment behind the page reads the reader's own text. */
export const reads_own = computed(
  () => trains_text.value && store.experiment.value.document.data.set === "own",
);

/** Which of the models is behind the page; empty for another one. */
export const kind = computed(() => {
  const { from } = store.experiment.value;
  return trains_text.value && KINDS.some(({ name }) => name === from) ? from : "";
});

/** Takes an experiment of the project, on its own text or on the reader's. @param {string} name @param {boolean} own */
export async function choose_kind(name, own = reads_own.value) {
  const text = own_text.value;
  last_own.value = text;
  if (!own || !text) return open_preset(name);
  const file = await kept_file(text.hash);
  if (!file) {
    const why = `“${text.name}” is not on this machine any more: paste it or choose its file again.`;
    return store.notify({ key: "own", kind: "trouble", text: why });
  }
  if (name === KINDS[0].name) return take_text(file.name, file.source);
  // Words are counted when the text is read; a model of characters has as many outputs as the text has of them.
  await page_instance();
  const document = experiment_with_changes(name, {});
  document.title = text.name.replace(/\.\w+$/, "");
  Object.assign(document.data, { set: "own", file: text, validation: JUDGED });
  await choose_experiment(opened(document, name));
}

/** The model that comes with the page is trained further, from the weights that it has. */
export async function continue_shipped() {
  await page_instance();
  const document = experiment_with_changes(SHIPPED, {});
  document.title = "The small model that comes with the page, trained further";
  document.compile.optimizer = { class_name: "Adam", config: { learning_rate: 0.001 } };
  document.fit.epochs = 5;
  document.weights = { name: SHIPPED, hash: HASH };
  await choose_experiment(opened(document, SHIPPED));
  await train_when_ready();
}

/** Trains the experiment behind the page once it is set up; where that fails, a notice tells. */
export async function train_when_ready() {
  // Another preparation, such as the first of the page, may have taken over.
  if (await settled()) await train();
}

/** @returns {Promise<boolean>} whether the experiment can be trained */
function settled() {
  return new Promise((done) => {
    const stop = effect(() => {
      const status = store.status.value;
      if (status !== "ready" && status !== "failed") return;
      done(status === "ready");
      queueMicrotask(() => stop());
    });
  });
}

/** A text of the reader's own. @param {string} name @param {Uint8Array} bytes */
export async function take_text(name, bytes) {
  store.dismiss("own");
  try {
    if (bytes.byteLength > LARGEST_TEXT) {
      const size = (bytes.byteLength / 1_000_000).toFixed(1);
      throw { message: `it has ${size} MB, and a text here may have at most 5 MB; cut it` };
    }
    await page_instance();
    const experiment = experiment_with_changes(KINDS[0].name, {});
    // Whatever its name says, it is read as one long text.
    const read = await ask_own("read", {
      name: `${name.replace(/\.\w+$/, "")}.txt`,
      bytes,
      choice: {},
      experiment,
    });
    const { info, packed, made } = read;
    const file = made.experiment.data.file;
    if (!file) return;
    await keep_file({ version: 1, ...file, source: bytes, choice: {}, info, packed, saved_at: Date.now() });
    await choose_experiment(opened(made.experiment, KINDS[0].name));
  } catch (error) {
    const why = failure_from(error).message.replace(/^.*\.txt: /, "");
    const text = `“${name}” cannot be used: ${why}.`;
    store.notify({ key: "own", kind: "trouble", text });
  }
}

/** The reader's model writes with the weights of now. */
export async function let_it_write() {
  const { bytes, step } = await (await engine()).request("weights", null);
  await write_with(bytes, step);
}

/** It writes with the weights that it had after an update. @param {Uint8Array} weights @param {number} step */
export async function write_with(weights, step) {
  const { document } = store.experiment.value;
  const pack = await pack_of(document);
  if (!pack) return;
  const texts = await texts_for(document);
  const { title } = document;
  const about =
    step === 0 ? "Your network before its first update." : `Your network after update ${count(step)}.`;
  const begins =
    writer.model.value?.kind === "run" ? writer.beginning.value : BEGINNINGS[document.data.reading.as];
  await writer.open(
    { experiment: document, pack, weights, texts },
    { kind: "run", title, about, updates: step },
    { begins },
  );
}

/**
 * What the text of a reader's own model begins with, until another beginning is typed.
 * @type {Record<string, string>}
 */
const BEGINNINGS = { characters: writer.BEGINNING, word_ids: "the ship", word_pairs: "ship" };
