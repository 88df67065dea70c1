/**
 * One colour for each gate, wherever its name stands: in the listing, its adjoint, the diagram, the legend.
 */

/** @typedef {import("../../state/session.js").Session} Session */

/** @type {Record<string, string>} */
const KNOWN = {
  i: "--gate-i", f: "--gate-f", g: "--gate-g", o: "--gate-o", z: "--gate-z", r: "--gate-r", c: "--state-c", h: "--state-h",
};

/** For gates of a cell that no paper has named: given in the order of the text. */
const SPARE = ["--gate-i", "--gate-f", "--gate-g", "--gate-o"];

const GATE_FUNCTIONS = ["sigmoid", "hard_sigmoid", "np.tanh", "relu", "softmax"];

/** @type {WeakMap<object, Map<string, string>>} */
const made = new WeakMap();

/** @param {Session} session @returns {Map<string, string>} name to token */
export function hues_of(session) {
  let hues = made.get(session.description);
  if (hues) return hues;
  hues = new Map();
  const { forward, parameters } = session.description.cell;
  const states = parameters.filter((parameter) => parameter.role === "state").map((parameter) => parameter.name);
  const gates = forward.lines.flatMap((line) => line.writes.map(({ name }) => ({ name, gate: GATE_FUNCTIONS.includes(line.made_by) })));
  for (const { name } of [...gates, ...states.map((name) => ({ name }))]) if (KNOWN[name]) hues.set(name, KNOWN[name]);
  const spare = SPARE.filter((token) => ![...(hues?.values() ?? [])].some((used) => used === token || alias(used) === token));
  for (const { name, gate } of gates) {
    if (gate && !hues.has(name) && !states.includes(name) && spare.length > 0) hues.set(name, /** @type {string} */ (spare.shift()));
  }
  // What goes into an LSTM's candidate is called z_c by Keras, after the cell.
  if (hues.has("g")) hues.set("z_c", "--gate-g").set("dz_c", "--gate-g");
  made.set(session.description, hues);
  return hues;
}

/** Update and reset gate share the colours of forget and output gate. @param {string} token */
function alias(token) {
  return { "--gate-z": "--gate-f", "--gate-r": "--gate-o" }[token] ?? token;
}

/** @param {Map<string, string>} hues @param {string} name @returns {string | null} also for `d_f`, `z_f`, `c_before` */
export function hue(hues, name) {
  const direct = hues.get(name);
  if (direct) return direct;
  const root = name.replace(/^dz?_/, "").replace(/_before$/, "");
  return hues.get(root) ?? hues.get(root.replace(/^z_/, "")) ?? null;
}
