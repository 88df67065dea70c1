/**
 * One colour for each gate, wherever its name stands: in the listing, its adjoint, the diagram, the legend.
 */
import { name_behind } from "../../state/shared/symbols.js";
import { assign_hues } from "../../figures/hues.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */

/** @type {WeakMap<object, Map<string, string>>} */
const made = new WeakMap();

/** @param {Stepping} stepping @returns {Map<string, string>} name to token */
export function hues_of(stepping) {
  let hues = made.get(stepping.description);
  if (hues) return hues;
  const { forward, parameters } = stepping.description.cell;
  const states = parameters
    .filter((parameter) => parameter.role === "state")
    .map((parameter) => parameter.name);
  hues = assign_hues(
    forward.lines.flatMap((line) => line.writes.map(({ name }) => ({ name, made_by: line.made_by }))),
    states,
  );
  // What goes into an LSTM's candidate is called z_c by Keras, after the cell.
  if (hues.has("g")) hues.set("z_c", "--gate-g").set("dz_c", "--gate-g");
  made.set(stepping.description, hues);
  return hues;
}

/** @param {Map<string, string>} hues @param {string} name @returns {string | null} also for `d_f`, `z_f`, `c_before` */
export function hue(hues, name) {
  const direct = hues.get(name);
  if (direct) return direct;
  const root = name_behind(name);
  return hues.get(root) ?? hues.get(root.replace(/^z_/, "")) ?? null;
}
