/**
 * Makes what the Step view opens with, using the real engine: `npm run record` trains the networks of
 * `experiments/demo-*.json` and writes each to `www/lessons/`, in two files, and of the LSTM `recorded-step.json`, a
 * walk through it that is shown before the engine has loaded. Tests hold all to what the engine gives.
 */
import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { DATASETS } from "../../www/state/train/settings.js";
import { DEFAULT_CHOICE, engine_choice } from "../../www/state/step/choice.js";
import { RECORDED, words_file } from "../../www/state/step/recorded.js";
import { RECORDED_ROOMS, array_key, number_key } from "../../www/state/step/stepping.js";
import { own_number } from "../../www/state/step/own_number.js";
import { count_positions, position_at } from "../../www/state/step/walk.js";

/** Words whose vectors are kept: what most sentences about films are made of. */
const FREQUENT = 2000;

/** Digits kept of weights, of the vectors of words, and of what a walk computes. */
const DIGITS = { weights: 4, vectors: 3, walk: 4 };

/** The words of an unseen review that are kept: its last ones, as the network reads it. */
const EXCERPT = { words: 25, count: 12 };

/** Where the page opens: the first word, before any line has run, unit 5. */
const OPENING = { timestep: 0, name: "x", unit: 5 };

/** The id of the most frequent word: 0 is padding, 1 the start, 2 unknown, 3 stands for nothing. */
const FIRST_WORD = 4;

const CELL_FORWARD = { part: /** @type {const} */ ("cell"), pass: /** @type {const} */ ("forward") };

const ROOT = new URL("../../", import.meta.url);
const LESSONS = new URL("www/lessons/", ROOT);

/** @param {Iterable<number>} values @param {number} digits */
const rounded = (values, digits) => Array.from(values, (value) => Number(value.toFixed(digits)));

/** The engine that trains and the stepper, as the page has them. @returns {Promise<any>} */
export async function started() {
  const www = new URL("www/", ROOT);
  const modules = ["pkg/unrolled", "pkg-stepper/unrolled_stepper"].map(async (name) => {
    const module = await import(new URL(`${name}.js`, www).href);
    await module.default({ module_or_path: await readFile(new URL(`${name}_bg.wasm`, www)) });
    return module;
  });
  return Object.assign({}, ...(await Promise.all(modules)));
}

/** @param {string} name of an experiment */
async function document_of(name) {
  return JSON.parse(await readFile(new URL(`experiments/${name}.json`, ROOT), "utf8"));
}

/**
 * Trains a network as `unrolled train --experiment` does and takes it apart.
 * @param {keyof typeof RECORDED} cell
 */
export async function record_network(cell) {
  const { Engine } = await started();
  const document = await document_of(RECORDED[cell].experiment);
  const bytes = new Uint8Array(await readFile(new URL(`www/data/${document.data.set}.safetensors`, ROOT)));
  const engine = new Engine();
  engine.load_dataset(bytes);
  const { steps_per_epoch } = engine.set_up(document);
  const updates = document.fit.epochs * steps_per_epoch;
  let report = engine.train_for(1000, updates);
  let accuracy = null;
  for (;;) {
    accuracy = report.validation.at(-1)?.accuracy ?? accuracy;
    if (report.finished) break;
    report = engine.train_for(1000, updates - report.step);
  }
  const { vocabulary, reviews } = packed(bytes);
  const parts = engine.stepping_parts(DEFAULT_CHOICE.text);
  const named = (/** @type {[string, number[]][]} */ arrays) =>
    arrays.map(([name, values]) => [name, rounded(values, DIGITS.weights)]);
  const examples = reviews(EXCERPT.count, EXCERPT.words);
  const words = new Set(
    [...vocabulary.slice(0, FREQUENT), ...examples.flatMap(({ text }) => text.split(" "))].concat(
      DATASETS.imdb.examples.flatMap((text) => text.toLowerCase().match(/[a-z']+/g) ?? []),
    ),
  );
  return {
    class_name: parts.class_name,
    units: parts.units,
    provenance: provenance(document, updates, accuracy),
    weights: named(parts.weights),
    initial: named(parts.initial),
    before: parts.before,
    output: parts.output.map((/** @type {number[]} */ values) => rounded(values, DIGITS.weights)),
    classes: parts.classes,
    examples,
    ...vectors(
      engine,
      [...words].filter((word) => /^[a-z']+$/.test(word)),
    ),
  };
}

/** @param {any} document @param {number} updates @param {number | null} accuracy on the test part */
function provenance({ data, fit, measured }, updates, accuracy) {
  const [{ command, date }] = measured;
  return { command, date, data: data.set, seed: fit.seed, updates, accuracy: Number(accuracy?.toFixed(3)) };
}

/**
 * The vectors of the words that the network knows, and that of every other word.
 * @param {any} engine @param {string[]} words
 */
function vectors(engine, words) {
  const unknown = rounded(engine.stepping_parts("qqqq").x, DIGITS.vectors);
  /** @type {Record<string, number[]>} */
  const known = {};
  // As many words at once as the network reads.
  for (let k = 0; k < words.length; k += 40) {
    const some = engine.stepping_parts(words.slice(k, k + 40).join(" "));
    some.words.forEach((/** @type {string} */ word, /** @type {number} */ at) => {
      const x = some.x.slice(at * unknown.length, (at + 1) * unknown.length);
      if (some.known[at]) known[word] = rounded(x, DIGITS.vectors);
    });
  }
  return { vectors: known, unknown };
}

/** The words of a packed data set, and the ends of its first test reviews. @param {Uint8Array} bytes */
function packed(bytes) {
  const size = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + size)));
  const { vocabulary, class_names } = JSON.parse(header.__metadata__.dataset);
  const array = (/** @type {string} */ name) => {
    const { dtype, data_offsets } = header[name];
    const width = /** @type {Record<string, number>} */ ({ U8: 1, U16: 2, I32: 4, U32: 4, I64: 8, U64: 8 })[
      dtype
    ];
    const view = new DataView(bytes.buffer, bytes.byteOffset + 8 + size + data_offsets[0]);
    return (/** @type {number} */ at) =>
      width === 1
        ? view.getUint8(at)
        : width === 2
          ? view.getUint16(2 * at, true)
          : view.getUint32(width * at, true);
  };
  const [ids, offsets, labels] = ["test/ids", "test/offsets", "test/labels"].map(array);
  const word = (/** @type {number} */ id) => vocabulary[id - FIRST_WORD];
  const reviews = (/** @type {number} */ count, /** @type {number} */ words) =>
    Array.from({ length: count }, (_, k) => {
      const from = Math.max(offsets(k), offsets(k + 1) - words);
      const read = Array.from({ length: offsets(k + 1) - from }, (_, at) => word(ids(from + at)));
      return {
        text: read.filter((known) => known && known !== "br").join(" "),
        label: class_names[labels(k)],
      };
    });
  return { vocabulary, reviews };
}

/** @param {Awaited<ReturnType<typeof record_network>>} network an LSTM's */
export async function record_stepping(network) {
  const { Stepper, words_of } = await started();
  const words = words_of(DEFAULT_CHOICE.text);
  const x = words.flatMap((word) => network.vectors[word] ?? network.unknown);
  const known = words.map((word) => Object.hasOwn(network.vectors, word));
  const source = await readFile(new URL(`../../cells/${DEFAULT_CHOICE.cell}.py`, import.meta.url), "utf8");
  const stepper = new Stepper(
    engine_choice(DEFAULT_CHOICE, source, /** @type {any} */ ({ ...network, words, x, known })),
  );
  const description = stepper.describe();
  const { forward } = description.cell;
  /** @type {Record<string, number[]>} */
  const values = {};
  const keep = (/** @type {import("../../www/state/step/stepping.js").ArrayAddress} */ address) => {
    const array = stepper.values(address);
    if (array) values[array_key(address)] = rounded(array, DIGITS.walk);
  };
  for (let timestep = 0; timestep < words.length; timestep++) {
    for (const { name, shape } of forward.given)
      if (shape.length === 1 || timestep === OPENING.timestep)
        keep({ ...CELL_FORWARD, timestep, line: forward.head, name });
    for (const { line, writes } of forward.lines)
      for (const { name } of writes) keep({ ...CELL_FORWARD, timestep, line, name });
  }
  const { backward } = description.cell;
  for (const { name, role } of description.cell.parameters) {
    if (role !== "state") continue;
    keep({ ...CELL_FORWARD, line: forward.last, name });
    keep({ part: "cell", pass: "backward", line: backward.head, name: `d_${name}` });
  }
  keep({ part: "output", pass: "forward", line: description.output.forward.last, name: "y" });
  const { timestep, name, unit } = OPENING;
  const opening = { ...CELL_FORWARD, timestep, line: forward.head, name, index: unit };
  const positions = stepper.walk();
  /** @type {Record<string, string>} */
  const sentences = {};
  for (let at = 0; at < count_positions(positions); at++) {
    const address = own_number(description, position_at(positions, at), OPENING.unit);
    if (address) sentences[`${at} ${number_key(address)}`] = stepper.sentence(at, address);
  }
  return {
    network: { class_name: network.class_name, units: network.units, provenance: network.provenance },
    description,
    diagrams: RECORDED_ROOMS.map(([width, height]) => stepper.diagram(width, height)),
    positions: Array.from(positions),
    outcome: stepper.outcome(),
    gradient_norms: rounded(stepper.gradient_norms(), DIGITS.walk),
    values,
    sentences,
    explanations: { [number_key(opening)]: stepper.explain(opening) },
  };
}

/** @param {string} file */
export async function recorded(file) {
  return JSON.parse(await readFile(new URL(`${file}.json`, LESSONS), "utf8"));
}

/** A recorded network with the vectors of all its words. @param {string} file */
export async function whole_network(file) {
  const [network, others] = await Promise.all([recorded(file), recorded(words_file(file))]);
  return { ...network, vectors: { ...network.vectors, ...others.vectors } };
}

/**
 * Cuts a network in two: what the page opens with, and the vectors of all other words.
 * @param {Awaited<ReturnType<typeof record_network>>} network
 */
async function parted(network) {
  const { words_of } = await started();
  const opening = new Set(words_of(DEFAULT_CHOICE.text));
  const [shown, others] = [true, false].map((wanted) =>
    Object.fromEntries(Object.entries(network.vectors).filter(([word]) => opening.has(word) === wanted)),
  );
  return [{ ...network, vectors: shown }, { vectors: others }];
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const write = (/** @type {string} */ file, /** @type {unknown} */ content) =>
    writeFile(new URL(`${file}.json`, LESSONS), `${JSON.stringify(content)}\n`);
  for (const [cell, { file }] of Object.entries(RECORDED)) {
    const network = await record_network(/** @type {keyof typeof RECORDED} */ (cell));
    const [opening, others] = await parted(network);
    await write(file, opening);
    await write(words_file(file), others);
    if (cell === DEFAULT_CHOICE.cell) await write("recorded-step", await record_stepping(network));
  }
}
