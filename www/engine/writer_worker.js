/**
 * The worker in which a language model writes: some ids at a time, so that every message is answered between two
 * slices.
 */
import init, { TextWriter, provide_cell_text } from "../pkg-extra/unrolled_extra.js";
import { Transferred, serve } from "./rpc.js";

/** @typedef {import("../types/extra.js").Experiment} Experiment */
/** @typedef {import("../types/extra.js").Clamp} Clamp */
/** @typedef {import("../types/extra.js").WrittenChoice} WrittenChoice */
/** @typedef {import("../types/extra.js").Compared} Compared */
/** @typedef {import("../types/extra.js").TakenApart} TakenApart */
/** @typedef {import("../types/extra.js").ReadText} ReadText */
/** @typedef {import("../types/extra.js").WriterFacts} WriterFacts */
/** @typedef {import("../types/extra.js").Written} Written */

/**
 * @typedef {{ file: Uint8Array } | { experiment: Experiment, pack: Uint8Array, weights: Uint8Array | null,
 *   texts: [string, string][] }} WriterSource a model in a file of its own, or the model of an experiment with its text
 *   and the weights of a checkpoint, or with its first weights; `texts` are those of cells that it names
 */

/**
 * @typedef {object} WriterRequests Positions count the ids of the text from 0. Writing pauses for whatever changes the
 *   text.
 * @property {{ argument: { module: WebAssembly.Module }, reply: null }} start
 * @property {{ argument: { source: WriterSource }, reply: WriterFacts }} open another model, without a text
 * @property {{ argument: { weights: Uint8Array }, reply: WriterFacts }} take_weights
 * @property {{ argument: { text: string, temperature: number, seed: number }, reply: Written }} begin another text
 * @property {{ argument: { speed: number }, reply: null }} play so many ids a second, as far as the machine can
 * @property {{ argument: { count: number }, reply: Written }} write so many more, at once
 * @property {{ argument: null, reply: null }} pause
 * @property {{ argument: { speed: number }, reply: null }} set_speed
 * @property {{ argument: { temperature: number }, reply: null }} set_temperature
 * @property {{ argument: { at: number }, reply: WrittenChoice }} choice how the id at a position was chosen
 * @property {{ argument: { at: number }, reply: null }} rewind: position `at` is the next to be written
 * @property {{ argument: { at: number, id: number }, reply: Written }} branch: the text up to `at`, and there this id
 * @property {{ argument: { clamps: Clamp[] }, reply: null }} clamp these units and no others
 * @property {{ argument: { text: string, count: number, seed: number, clamps: Clamp[] }, reply: string[] }} continued
 *   what would be written after a text with these units held
 * @property {{ argument: { layer: string, at: number, steps: number }, reply: TakenApart }} parts the model taken apart
 *   from a layer on, over some positions up to one
 * @property {{ argument: { text: string }, reply: ReadText }} rows_of gates and states at each id of another text
 * @property {{ argument: { first: string, second: string }, reply: Compared }} compare what comes next after two texts
 * @property {{ argument: { source: WriterSource, first: string, second: string }, reply: Compared }} compare_with the
 *   same for another model, which is not opened
 */

/** @typedef {{ event: "written", written: Written } | { event: "stopped", message: string }} WriterEvent */

/** Time between two slices, and the longest time that one takes. */
const INTERVAL_MS = 15;
const SLICE_MS = 10;

/** Ids that are written at once between two looks at the clock. */
const AT_ONCE = 4;

/** @type {TextWriter | null} */
let writer = null;
let playing = false;
let speed = 20;
/** When the speed was set, and how many ids were written since then. */
let pace = { since: 0, written: 0 };

/** @returns {TextWriter} */
function opened() {
  if (!writer) throw { code: "not_started", message: "no language model has been opened" };
  return writer;
}

/** @param {Written} written */
const transferred = (written) =>
  new Transferred(written, [written.probabilities.buffer, written.rows.buffer]);

/** @param {WriterEvent} message @param {Transferable[]} [transfer] */
function emit(message, transfer = []) {
  server.emit(message, transfer);
}

function begin_pace() {
  pace = { since: performance.now(), written: 0 };
}

function tick() {
  if (!playing) return;
  const begun = performance.now();
  let owed = Math.floor(((begun - pace.since) / 1000) * speed) - pace.written;
  while (owed > 0 && performance.now() - begun < SLICE_MS) {
    const count = Math.min(owed, AT_ONCE);
    const written = /** @type {Written} */ (opened().write(count));
    emit({ event: "written", written }, [written.probabilities.buffer, written.rows.buffer]);
    pace.written += count;
    owed -= count;
  }
  // What this machine cannot keep up with is not made up for later.
  if (owed > 0) begin_pace();
  wait();
}

function wait() {
  setTimeout(
    () =>
      server.run(tick, (failure) => {
        playing = false;
        emit({ event: "stopped", message: failure.message });
      }),
    INTERVAL_MS,
  );
}

/** @param {WriterSource} source */
function made_of(source) {
  if ("file" in source) return TextWriter.shipped(source.file);
  for (const [name, text] of source.texts) provide_cell_text(name, text);
  const made = new TextWriter(source.experiment, source.pack);
  if (source.weights) made.take_weights(source.weights);
  return made;
}

/** @type {import("./rpc.js").Handlers<WriterRequests>} */
const handlers = {
  async start({ module }) {
    await init({ module_or_path: module });
    return null;
  },
  open({ source }) {
    playing = false;
    const made = made_of(source);
    writer?.free();
    writer = made;
    return writer.facts();
  },
  take_weights({ weights }) {
    opened().take_weights(weights);
    return opened().facts();
  },
  begin({ text, temperature, seed }) {
    playing = false;
    return transferred(/** @type {Written} */ (opened().begin(text, temperature, seed)));
  },
  play(argument) {
    speed = argument.speed;
    begin_pace();
    if (!playing) wait();
    playing = true;
    return null;
  },
  write({ count }) {
    return transferred(/** @type {Written} */ (opened().write(count)));
  },
  pause() {
    playing = false;
    return null;
  },
  set_speed(argument) {
    speed = argument.speed;
    begin_pace();
    return null;
  },
  set_temperature({ temperature }) {
    opened().set_temperature(temperature);
    return null;
  },
  choice({ at }) {
    const choice = /** @type {WrittenChoice} */ (opened().choice(at));
    return new Transferred(choice, [choice.logits.buffer]);
  },
  rewind({ at }) {
    playing = false;
    opened().rewind(at);
    return null;
  },
  branch({ at, id }) {
    playing = false;
    return transferred(/** @type {Written} */ (opened().branch(at, id)));
  },
  clamp({ clamps }) {
    opened().clamp(clamps);
    return null;
  },
  continued: ({ text, count, seed, clamps }) => opened().continued(text, count, seed, clamps),
  parts: ({ layer, at, steps }) => opened().parts(layer, at, steps),
  rows_of({ text }) {
    const read = /** @type {ReadText} */ (opened().rows_of(text));
    return new Transferred(read, [read.rows.buffer]);
  },
  compare: ({ first, second }) => opened().compare(first, second),
  compare_with({ source, first, second }) {
    const other = made_of(source);
    try {
      return other.compare(first, second);
    } finally {
      other.free();
    }
  },
};

const server = serve(handlers);
