/**
 * What the names of a cell mean: what the page calls them, what one of their values says, and which functions make
 * gates. The names themselves and their order come from the engine.
 */
import { percent, signed } from "./format.js";

/**
 * A table that holds its own names and no others: whoever calls a state `constructor` finds nothing in it.
 * @template T @param {Record<string, T>} table @returns {Record<string, T>}
 */
export const by_name = (table) => Object.assign(Object.create(null), table);

/** What is called what where a cell means by these names what the papers mean. @type {Record<string, string>} */
export const NAMES = by_name({
  i: "input gate",
  f: "forget gate",
  o: "output gate",
  g: "candidate",
  z: "update gate",
  r: "reset gate",
  c: "memory",
  h: "hidden state",
  x: "input",
  y: "output",
  loss: "loss",
  V: "weights of the output",
  b_y: "bias of the output",
});

/**
 * What the gates and states of Keras' cells do, in a word or two, and what one value of a unit says.
 * @type {Record<string, { role: string, says: (value: number) => string }>}
 */
export const ROLES = by_name({
  i: { role: "write", says: (value) => `lets in ${percent(value)} of its candidate` },
  f: { role: "keep", says: (value) => `keeps ${percent(value)} of its memory` },
  g: { role: "propose", says: (value) => `its candidate is ${signed(value)}` },
  o: { role: "show", says: (value) => `shows ${percent(value)} of the activation of its memory` },
  c: { role: "remember", says: (value) => `its memory is ${signed(value)}` },
  z: { role: "keep", says: (value) => `keeps ${percent(value)} of its old state` },
  r: { role: "look back", says: (value) => `lets ${percent(value)} of the past into its candidate` },
  h: { role: "pass on", says: (value) => `passes ${signed(value)} on` },
});

/**
 * What to look for in the figure of a gate or state of Keras' cells; `called` is what one timestep is called.
 * @type {Record<string, (called: string) => string>}
 */
export const LOOKS = by_name({
  i: (called) =>
    `Look for ${called}s at which the numbers are highest: there most of what g proposes is added to c.`,
  f: (called) => `Look for ${called}s at which the numbers are lowest: there c loses most of what it held.`,
  g: (called) => `Look for ${called}s at which many units are far from 0: there g proposes a new value.`,
  o: () => "Look for rows with the lowest numbers: of the memory of these units h shows least.",
  c: (called) =>
    `Look for rows that keep one colour over many ${called}s, and for the ${called} where it changes.`,
  z: () =>
    "Look for rows with high numbers: there h stays nearly as it was; with low ones it moves to the candidate.",
  r: (called) =>
    `Look for ${called}s at which the numbers are lowest: there g is made with least of the state before.`,
  h: (called) =>
    `Look for columns in which many rows change at once: there the ${called} changes what is passed on.`,
});

/** Functions of the listing language that make a gate of each number: between 0 and 1 whatever comes in. */
export const GATE_FUNCTIONS = ["sigmoid", "hard_sigmoid"];

/** The same, and softmax, whose numbers sum to 1. */
export const BETWEEN_0_AND_1 = [...GATE_FUNCTIONS, "softmax"];

/** Functions whose results have a colour of their own. */
export const ACTIVATIONS = [...BETWEEN_0_AND_1, "np.tanh", "relu"];

/**
 * The name that an adjoint's name belongs to: `f` for `d_f` and `dz_f`, `c` for `d_c` and `c_before`.
 * @param {string} name
 */
export function name_behind(name) {
  return name.replace(/^dz?_/, "").replace(/_before$/, "");
}
