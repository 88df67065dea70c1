/**
 * In which order the units stand in all figures of a layer. It is computed when it is chosen and when something else is
 * shown or training pauses; while training runs it stays, so that rows can be followed.
 */
import { computed, effect, signal } from "@preact/signals-core";
import { extra } from "../../engine/extra.js";
import { failure_from } from "../../engine/rpc.js";
import * as store from "../shared/store.js";
import { key_of, shown } from "./shown.js";

/** @typedef {"given" | "similarity" | "influence"} OrderKind */

export const order_kind = signal(/** @type {OrderKind} */ ("given"));

/** Why there is no such order. */
export const order_problem = signal("");

/** The order that was computed last, and of which layer. */
const found = signal(/** @type {{ of: string, units: Uint32Array } | null} */ (null));

/** The units of the shown layer from the first row to the last; null where they stand as they are. */
export const unit_order = computed(() => {
  const layer = store.shown_layer.value;
  const order = found.value;
  if (order_kind.value === "given" || !layer || !order) return null;
  return order.of === layer.name && order.units.length === layer.units ? order.units : null;
});

/** The row in which a unit stands. @param {number} unit @param {Uint32Array | null} order */
export function row_of(unit, order) {
  return order ? order.indexOf(unit) : unit;
}

/** What was ordered last: the same is not ordered again. */
let present = "";

effect(() => {
  const kind = order_kind.value;
  const layer = store.shown_layer.value;
  const { value: status } = store.status;
  if (kind === "given" || !layer || (status !== "ready" && status !== "training")) return;
  const paused_at = status === "ready" ? store.updates.value : "training";
  const first = `${kind} ${layer.name} ${layer.units} ${key_of(shown.value)}`;
  const next = `${first} ${paused_at}`;
  // While training runs, what is ordered already stays so.
  if (next === present || (status === "training" && present.startsWith(`${first} `))) return;
  present = next;
  void order(kind, layer, next);
});

/** @param {OrderKind} kind @param {import("../../types/extra.js").LayerTrace} layer @param {string} mine */
async function order(kind, layer, mine) {
  try {
    const units = kind === "similarity" ? await by_similarity(layer) : await by_influence(layer);
    if (mine !== present) return;
    found.value = { of: layer.name, units };
    order_problem.value = "";
  } catch (error) {
    if (mine !== present) return;
    present = "";
    order_problem.value = failure_from(error).message;
  }
}

/** By what the units pass on over the timesteps. @param {import("../../types/extra.js").LayerTrace} layer */
async function by_similarity({ symbols, units }) {
  const { similarity_order } = await extra();
  return similarity_order(symbols[symbols.length - 1].data, units);
}

/** @param {import("../../types/extra.js").LayerTrace} layer */
async function by_influence({ name, units }) {
  const { analysis_now } = await import("./analysis.js");
  const { analysis } = await analysis_now();
  const all = await analysis.request("unit_influence", { shown: shown.peek() });
  const influence = all.find(({ layer }) => layer === name)?.influence ?? [];
  return Uint32Array.from({ length: units }, (_, unit) => unit).sort(
    (one, other) => (influence[other] ?? 0) - (influence[one] ?? 0) || one - other,
  );
}
