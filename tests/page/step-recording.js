/**
 * Makes what the Step view opens with, using the real engine: `node tests/page/step-recording.js` writes
 * `www/lessons/recorded-network.json`, a small trained network, and `www/lessons/recorded-step.json`, a walk through it
 * that is shown before the engine has loaded. Tests hold both to what the engine gives.
 */
import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { DATASETS, experiment_of } from "../../www/state/train/settings.js";
import { DEFAULT_CHOICE, engine_choice } from "../../www/state/step/choice.js";
import { RECORDED_ROOMS, array_key, number_key } from "../../www/state/step/stepping.js";

/** Where training is best, before the network learns its texts by heart. */
const STEPS = 375;

const SETTINGS = {
  ...DATASETS.imdb.defaults,
  units: DEFAULT_CHOICE.units,
  embedding: 8,
  words: 5000,
  rate: 0.005,
};

/** Words whose vectors are kept: what most sentences about films are made of. */
const FREQUENT = 800;

/** Digits kept of every number. */
const DIGITS = 4;

/** Where the page opens: the third word's forget gate, unit 5. */
const OPENING = { timestep: 2, name: "f", unit: 5 };

const CELL_FORWARD = { part: /** @type {const} */ ("cell"), pass: /** @type {const} */ ("forward") };

const LESSONS = new URL("../../www/lessons/", import.meta.url);

/** @param {Iterable<number>} values */
const rounded = (values) => Array.from(values, (value) => Number(value.toFixed(DIGITS)));

async function started() {
  const www = new URL("../../www/", import.meta.url);
  const engine = await import(new URL("pkg/unrolled.js", www).href);
  await engine.default({ module_or_path: await readFile(new URL("pkg/unrolled_bg.wasm", www)) });
  return { ...engine, www };
}

/** Trains the network and takes it apart. */
export async function record_network() {
  const { Engine, words_of, www } = await started();
  const engine = new Engine();
  const bytes = await readFile(new URL(DATASETS.imdb.file, www));
  engine.load_dataset(new Uint8Array(bytes));
  engine.set_up(experiment_of(SETTINGS));
  let step = 0;
  while (step < STEPS) step = engine.train_for(1000, STEPS - step).step;
  const parts = engine.stepping_parts(DEFAULT_CHOICE.text);
  const width = parts.x.length / parts.words.length;
  /** @type {Record<string, number[]>} */
  const vectors = {};
  const words = [...vocabulary(bytes), ...words_of(DATASETS.imdb.examples.join(" "))].filter((word) =>
    /^[a-z']+$/.test(word),
  );
  for (let k = 0; k < words.length; k += 50) {
    const some = engine.stepping_parts(words.slice(k, k + 50).join(" "));
    some.words.forEach((word, at) => {
      if (some.known[at]) vectors[word] = rounded(some.x.slice(at * width, (at + 1) * width));
    });
  }
  const unknown = engine.stepping_parts("qqqq").x;
  const named = (/** @type {[string, number[]][]} */ arrays) =>
    arrays.map(([name, values]) => [name, rounded(values)]);
  return {
    title: `a recorded network, LSTM with ${SETTINGS.units} units after ${STEPS} steps on ${DATASETS.imdb.label}`,
    class_name: parts.class_name,
    units: parts.units,
    weights: named(parts.weights),
    initial: named(parts.initial),
    output: parts.output.map(rounded),
    vectors,
    unknown: rounded(unknown),
  };
}

/** The most frequent words of a packed data set, as its header lists them. @param {Uint8Array} bytes */
function vocabulary(bytes) {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  return JSON.parse(header.__metadata__.dataset).vocabulary.slice(0, FREQUENT);
}

/** @param {Awaited<ReturnType<typeof record_network>>} network */
export async function record_stepping(network) {
  const { Stepper, cell_listings, words_of } = await started();
  const words = words_of(DEFAULT_CHOICE.text);
  const x = words.flatMap((word) => network.vectors[word] ?? network.unknown);
  const source = cell_listings().find(
    (/** @type {{ name: string }} */ cell) => cell.name === DEFAULT_CHOICE.cell,
  ).source;
  const stepper = new Stepper(
    engine_choice(DEFAULT_CHOICE, source, /** @type {any} */ ({ ...network, words, x })),
  );
  const description = stepper.describe();
  const { forward } = description.cell;
  /** @type {Record<string, number[]>} */
  const values = {};
  const keep = (/** @type {import("../../www/state/step/stepping.js").ArrayAddress} */ address) => {
    const array = stepper.values(address);
    if (array) values[array_key(address)] = rounded(array);
  };
  for (let timestep = 0; timestep < words.length; timestep++) {
    for (const { name, shape } of forward.given)
      if (shape.length === 1 || timestep === OPENING.timestep)
        keep({ ...CELL_FORWARD, timestep, line: forward.head, name });
    for (const { line, writes } of forward.lines)
      for (const { name } of writes) keep({ ...CELL_FORWARD, timestep, line, name });
  }
  keep({ ...CELL_FORWARD, line: forward.last, name: "h" });
  keep({ part: "output", pass: "forward", line: description.output.forward.last, name: "y" });
  const { line } = forward.lines.find(
    (/** @type {{ writes: { name: string }[] }} */ known) => known.writes[0].name === OPENING.name,
  );
  const { timestep, name, unit } = OPENING;
  const opening = { ...CELL_FORWARD, timestep, line, name, index: unit };
  const positions = stepper.walk();
  return {
    provenance: network.title,
    description,
    diagrams: RECORDED_ROOMS.map(([width, height]) => stepper.diagram(width, height)),
    positions: Array.from(positions),
    outcome: stepper.outcome(),
    values,
    explanations: { [number_key(opening)]: stepper.explain(opening) },
  };
}

export async function recorded(/** @type {string} */ name) {
  return JSON.parse(await readFile(new URL(name, LESSONS), "utf8"));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const network = await record_network();
  await writeFile(new URL("recorded-network.json", LESSONS), `${JSON.stringify(network)}\n`);
  await writeFile(
    new URL("recorded-step.json", LESSONS),
    `${JSON.stringify(await record_stepping(network))}\n`,
  );
}
