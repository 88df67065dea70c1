/** The networks and products that the benchmark page runs: the tutorials' models, and sizes that show the kernels. */

/**
 * @typedef {{ id: string, title: string, flops: number, tokens: number } &
 *   (import("./engine.js").Network | import("./engine.js").Product)} Workload
 */

const NETWORKS = [
  {
    id: "W1",
    title: "IMDB, LSTM 128, 32 × 80 words",
    kind: "train",
    cell: "lstm",
    batch: 32,
    steps: 80,
    vocab: 20000,
    embed: 128,
    hidden: [128],
    head: 1,
    loss: "bce",
    opt: "adam",
  },
  {
    id: "W2",
    title: "IMDB, LSTM 100, 64 × 500 words",
    kind: "train",
    cell: "lstm",
    batch: 64,
    steps: 500,
    vocab: 5000,
    embed: 32,
    hidden: [100],
    head: 1,
    loss: "bce",
    opt: "adam",
  },
  {
    id: "W3",
    title: "Reuters, two LSTM 50, 50 × 49 ids",
    kind: "train",
    cell: "lstm",
    batch: 50,
    steps: 49,
    vocab: 0,
    embed: 1,
    hidden: [50, 50],
    head: 46,
    loss: "cce",
    opt: "adam",
  },
  {
    id: "W4",
    title: "IMDB, SimpleRNN 32, 128 × 500 words",
    kind: "train",
    cell: "rnn",
    batch: 128,
    steps: 500,
    vocab: 10000,
    embed: 32,
    hidden: [32],
    head: 1,
    loss: "bce",
    opt: "rmsprop",
  },
  {
    id: "W5",
    title: "Characters, GRU 256, 32 × 64",
    kind: "train",
    cell: "gru",
    batch: 32,
    steps: 64,
    vocab: 64,
    embed: 64,
    hidden: [256],
    head: 64,
    loss: "seq-cce",
    opt: "adam",
  },
  {
    id: "W7",
    title: "One text, LSTM 32, 500 words forward",
    kind: "infer",
    cell: "lstm",
    batch: 1,
    steps: 500,
    vocab: 0,
    embed: 32,
    hidden: [32],
    head: 0,
    loss: "",
    opt: "",
  },
];

const PRODUCTS = [
  [64, 64, 64],
  [32, 128, 512],
  [256, 256, 256],
];

/** Matrices of a cell's kernel. @type {Record<string, number>} */
const GATES = { lstm: 4, gru: 3, rnn: 1 };

/**
 * Floating-point operations of a step's matrix products, two for each multiplication with its addition: a training step
 * has three products for each weight matrix, but no input gradient below a first layer on raw input.
 * @param {typeof NETWORKS[number]} network
 */
function flops_of(network) {
  let forward = 0;
  let without_input_gradient = 0;
  let features = network.embed;
  const rows = network.batch * network.steps;
  network.hidden.forEach((units, layer) => {
    forward += 2 * rows * (features + units) * GATES[network.cell] * units;
    if (layer === 0 && network.vocab === 0)
      without_input_gradient += 2 * rows * features * GATES[network.cell] * units;
    features = units;
  });
  if (network.kind === "infer") return forward;
  forward += 2 * (network.loss === "seq-cce" ? rows : network.batch) * features * network.head;
  return 3 * forward - without_input_gradient;
}

/** @type {Workload[]} */
export const WORKLOADS = [
  ...NETWORKS.map(
    (network) =>
      /** @type {Workload} */ ({
        ...network,
        flops: flops_of(network),
        tokens: network.batch * network.steps,
      }),
  ),
  ...PRODUCTS.map(
    ([m, k, n]) =>
      /** @type {Workload} */ ({
        id: `W6-${m}x${k}x${n}`,
        title: `Product ${m} × ${k} × ${n}`,
        kind: "matmul",
        m,
        k,
        n,
        flops: 2 * m * k * n,
        tokens: 0,
      }),
  ),
];
