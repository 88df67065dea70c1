/**
 * Makes the recorded example of the first paint with the real engine: `npm run record` writes
 * `www/lessons/recorded-trace.json`, and a test holds the file to what the engine gives.
 */
import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { DATASETS, experiment_of } from "../../www/state/train/settings.js";

/** Two epochs of 125 steps: the best point of this network before it learns its texts by heart. */
const STEPS = 250;

/** Digits kept of every number, enough for what is shown of it. */
const DIGITS = 3;

const FILE = new URL("../../www/lessons/recorded-trace.json", import.meta.url);

/** @param {Float32Array} values */
const rounded = (values) => Array.from(values, (value) => Number(value.toFixed(DIGITS)));

/** Trains the network that the page sets up at first and reads the page's first text. */
export async function record() {
  const www = new URL("../../www/", import.meta.url);
  const { default: init, Engine } = await import(new URL("pkg/unrolled.js", www).href);
  await init({ module_or_path: await readFile(new URL("pkg/unrolled_bg.wasm", www)) });
  const engine = new Engine();
  const choice = DATASETS.imdb;
  engine.load_dataset(new Uint8Array(await readFile(new URL(choice.file, www))));
  engine.set_up(experiment_of(choice.defaults));
  let step = 0;
  while (step < STEPS) step = engine.train_for(1000, STEPS - step).step;
  const trace = engine.trace(choice.text);
  return {
    text: choice.text,
    title: `a recorded network after ${STEPS} updates, seed ${choice.defaults.seed}`,
    weights: engine.weights_hash(),
    tokens: trace.tokens,
    classes: trace.classes,
    probabilities: rounded(trace.probabilities),
    layers: trace.layers.map((layer) => ({
      ...layer,
      gradient_norms: Array.from(layer.gradient_norms, (norm) => Number(norm.toPrecision(DIGITS))),
      symbols: layer.symbols.map(({ name, data, minimum, maximum }) => ({
        name,
        data: rounded(data),
        minimum: Number(minimum.toFixed(DIGITS)),
        maximum: Number(maximum.toFixed(DIGITS)),
      })),
    })),
  };
}

export async function recorded() {
  return JSON.parse(await readFile(FILE, "utf8"));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile(FILE, `${JSON.stringify(await record())}\n`);
}
