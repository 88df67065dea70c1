/** Links, listings, files and names that mean harm, or nothing at all: the same ones for the same seed. */

/** Whole numbers below a bound, of one case. @param {number} seed @param {number} case_ */
export function draws(seed, case_) {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(case_ + 1, 0x85ebca6b)) >>> 0;
  const below = (/** @type {number} */ bound) => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, bound);
  };
  const of = (/** @type {any} */ all) => all[below(all.length)];
  return { below, of, one_in: (/** @type {number} */ count) => below(count) === 0 };
}

/** @typedef {ReturnType<typeof draws>} Draws */

/** What would run, or leave a trace, if it were taken as more than text. */
const MARKUP = [
  '<img src=x onerror="globalThis.hostile=1">',
  "<script>globalThis.hostile=1</script>",
  '<svg onload="globalThis.hostile=1"><hostile-element>',
  "</title></style></textarea><hostile-element>",
  '"><hostile-element x="',
  "javascript:globalThis.hostile=1",
  "data:text/html,<script>hostile=1</script>",
  "${globalThis.hostile=1}",
  "<!--",
  "]]>",
  "<iframe srcdoc='<b>'>",
];

const NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "__defineGetter__",
  "then",
  "length",
  "null",
  "undefined",
  "NaN",
];

const LETTERS = [
  "\u202eabc\u202c",
  "\u2066\u2067",
  "\u200d\u200b",
  "\ud800",
  "\udfff\ud800",
  "\ufeff",
  "\0",
  "👩‍👩‍👧",
  "e\u0301".repeat(40),
  "ﷺ",
  "%",
  "%00",
  "%ED%A0%80",
  "%c0%ae",
  "#?&=;,:|`'\"\\",
];

const NUMBERS = [
  "-1",
  "0",
  "1e308",
  "-1e308",
  "1e-320",
  "9".repeat(400),
  "0x10",
  "Infinity",
  "-0",
  "1_000",
  "٣",
  "4294967296",
  "9007199254740993",
  "1e9",
  "0.1.2",
  " 5 ",
];

/** Something that should not stand where it stands. @param {Draws} d @param {number} [longest] */
export function anything(d, longest = 3000) {
  const one = d.of([MARKUP, NAMES, LETTERS, NUMBERS]);
  const text = String(d.of(one));
  if (d.one_in(12)) return text.repeat(1 + d.below(longest / text.length));
  return d.one_in(4) ? text + String(d.of(d.of([MARKUP, NAMES, LETTERS, NUMBERS]))) : text;
}

/** Nested too deeply for a parser that calls itself. @param {Draws} d */
function nested(d) {
  const depth = d.of([50, 500, 5000, 20_000]);
  const [open, close] = d.of([
    ["[", "]"],
    ['{"a":', "}"],
    ["(", ")"],
    ["-", ""],
  ]);
  return `${open.repeat(depth)}1${close.repeat(depth)}`;
}

const VIEWS = ["step", "train", "write", "", "nowhere", "__proto__", "constructor", "STEP", "step/../train"];

/** Names that links know, each with values that are right. @type {Record<string, string[]>} */
const KNOWN = {
  v: ["1", "2"],
  data: ["imdb", "reuters", "own"],
  cell: ["LSTM", "GRU", "SimpleRNN", "own", "mingru", "lstm"],
  code: ["def step(x, h, W, U, b):\n    h = np.tanh(x @ W + h @ U + b)\n    return h"],
  experiment: ["digits", "adding", "moby-dick", "imdb-lstm-32"],
  changes: ['{"/fit/batch_size":8}', '{"/model/config/layers/1/config/units":3}', "kept"],
  units: ["8", "16"],
  embedding: ["8"],
  words: ["1000"],
  maxlen: ["20"],
  batch: ["32"],
  seed: ["7"],
  rate: ["0.01"],
  updates: ["1", "3"],
  rates: ["0:0.01,2:0.005"],
  arithmetic: ["relaxed"],
  speed: ["1", "0"],
  contrast: ["0", "1"],
  text: ["a good film", ""],
  t: ["2"],
  u: ["9"],
  tour: ["1", "5", "8"],
  "step-cell": ["lstm", "gru", "own", "simple_rnn", "mingru"],
  "step-code": ["def step(x, h, W, U, b):\n    h = np.tanh(x @ W + h @ U + b)\n    return h"],
  "step-units": ["4", "8"],
  "step-sizes": ["d_state:4"],
  "step-features": ["3"],
  "step-seed": ["3"],
  "step-target": ["1", "0"],
  "step-input": ["sentence", "uniform", "numbers", "script"],
  "step-weights": ["recorded", "random", "uniform", "trained", "yours"],
  "step-text": ["not a bad film"],
  "step-numbers": ["0.1 0.2\n0.3 0.4"],
  "step-edits": ["cell:W:0:17:0.5"],
  "step-at": ["12", "250"],
  "step-unit": ["2"],
  "step-level": ["0", "1", "2"],
  "step-speed": ["4"],
  "step-number": ["cell:h:2:0:5", "cell,forward,1,3,0,2"],
  "step-sum": ["3"],
  "step-panel": ["code", "cell", "number"],
  "step-difference": ["1"],
  "step-script": ["import numpy as np\nfor t in range(3):\n    h = np.tanh(t)"],
  "step-script-at": ["4"],
  "step-kept": ["text,numbers,edits"],
};

/** @param {Draws} d @returns {string} beginning with # */
export function link(d) {
  if (d.one_in(25)) return `#${anything(d)}`;
  if (d.one_in(40))
    return `#/${d.of(["step", "train"])}?v=1&changes=${encodeURIComponent(nested(d))}&experiment=digits`;
  const names = Object.keys(KNOWN);
  // The view is a known one most of the time, and so are most names and values.
  const view = d.one_in(6) ? d.of(VIEWS) : d.of(["step", "step", "train", "train", "write"]);
  const wanted = names.filter((name) =>
    view === "step" ? /^step-|^v$|^tour$/.test(name) : !name.startsWith("step-"),
  );
  const parts = [];
  for (let k = 1 + d.below(6); k > 0; k--) {
    const name = d.one_in(10) ? anything(d, 200) : d.of(d.one_in(8) ? names : wanted);
    const right = Object.hasOwn(KNOWN, name) ? d.of(KNOWN[name]) : "1";
    const value = d.one_in(2)
      ? right
      : d.one_in(6)
        ? `${right}${anything(d)}`
        : d.one_in(30)
          ? nested(d)
          : anything(d);
    parts.push(d.one_in(8) ? `${name}=${value}` : `${written(name)}=${written(value)}`);
  }
  return `#/${view}?${parts.join("&")}`;
}

/** As a link holds it; what is half a character cannot stand there. @param {string} text */
const written = (text) => encodeURIComponent(text.toWellFormed());

/** A name for a state, weight or variable. @param {Draws} d */
function identifier(d) {
  if (d.one_in(3)) return d.of(NAMES);
  if (d.one_in(3)) return d.of(["h", "c", "x", "W", "np", "step", "self", "loss", "label", "kernel"]);
  if (d.one_in(12)) return d.of(["a", "h_", "ж", "名"]).repeat(d.of([40, 2000, 100_000]));
  return d.of(["é", "ℎ", "ｈ", "α", "المتجه", "h\u200d", "h\u202e", "𝐡", "_", "__"]);
}

/** A listing whose names, comments or texts mean harm. @param {Draws} d */
export function listing(d) {
  const [state, other, weight] = [identifier(d), identifier(d), identifier(d)];
  const comment = d.one_in(2) ? `  # ${anything(d, d.one_in(9) ? 100_000 : 300).replaceAll("\n", " ")}` : "";
  const hint = d.one_in(3)
    ? `# ${d.of(["size", "shape", "init", "fixed"])}: ${identifier(d)} = ${anything(d, 200)}\n`
    : "";
  const value = d.one_in(4) ? anything(d, 200) : d.of(["x @ W", "0.5", "np.tanh(x @ W)", "x"]);
  const bodies = [
    `    ${other} = ${value}${comment}\n    ${state} = np.tanh(x @ ${weight} + ${state})\n    return ${state}\n`,
    `    ${state} = np.tanh(x @ ${weight} + ${state} @ U + b)${comment}\n    return ${state}\n`,
    `    ${state} = ${nested(d)}\n    return ${state}\n`,
    `    return ${anything(d)}\n`,
  ];
  const weights = d.one_in(3) ? weight : `${weight}, U, b`;
  const body = d.of(d.one_in(5) ? bodies : bodies.slice(0, 2));
  return `${hint}def step(x, ${state}, ${weights}):\n${body}`;
}

/** A cell of a table. @param {string} text */
const quoted = (text) => `"${text.replaceAll('"', '""')}"`;

/** A file of data, a document, or something else. @param {Draws} d @returns {{ name: string, content: string }} */
export function file(d) {
  const name = (/** @type {string} */ ending) =>
    `${d.one_in(2) ? anything(d, 2000).replaceAll(/[\0/]/g, " ") : "file"}.${ending}`;
  if (d.one_in(3)) {
    const long = d.one_in(8) ? 100_000 : 300;
    const document = {
      format: "unrolled-experiment",
      version: 1,
      title: anything(d, long),
      about: anything(d, long),
      tutorial: d.one_in(3) ? anything(d, 40) : undefined,
      data: { set: "task", task: "echo", options: { timesteps: 6 } },
      model: d.one_in(12)
        ? { class_name: "Sequential", config: d.of([3, [null, 3], "LSTM", null, {}, { layers: [3, null] }]) }
        : {
            class_name: "Sequential",
            config: {
              name: identifier(d),
              layers: [
                { class_name: "InputLayer", config: { batch_shape: [null, 6, 1] } },
                { class_name: "GRU", config: { name: anything(d, 60), units: 3, return_sequences: true } },
                { class_name: "Dense", config: { name: identifier(d).slice(0, 60), units: 1 } },
              ],
            },
          },
      compile: { loss: "mean_squared_error", optimizer: "adam" },
      [d.one_in(3) ? d.of(NAMES) : "fit"]: { batch_size: 8, epochs: 1 },
      printed: d.one_in(4) ? { params: 3, note: anything(d, long) } : undefined,
    };
    return { name: name("json"), content: JSON.stringify(document) };
  }
  if (d.one_in(5))
    return { name: name(d.of(["txt", "md", "py", "h5", "npz", "", "constructor"])), content: nested(d) };
  const classes = [anything(d, 200), anything(d, d.one_in(6) ? 100_000 : 200)];
  const rows = Array.from(
    { length: 12 },
    (_, k) => `${quoted(`film ${k} ${anything(d, 100)}`)},${quoted(classes[k % 2])}`,
  );
  const header = `${quoted(d.one_in(3) ? "review" : anything(d, 500))},${quoted(d.one_in(3) ? "label" : d.of(NAMES))}`;
  return { name: name("csv"), content: [header, ...rows].join("\n") };
}
