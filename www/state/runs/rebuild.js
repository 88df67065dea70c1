/**
 * Rebuilding a network that a link describes: the same training once more, up to the same update.
 */
import { signal } from "@preact/signals-core";
import { FULL_SPEED } from "../../engine/protocol.js";
import { legs_of } from "../shared/link_network.js";
import * as store from "../shared/store.js";
import { engine, expect_events } from "../shared/connection.js";

/** @typedef {import("../../engine/client.js").EngineClient} EngineClient */
/** @typedef {import("../../types/engine.js").Failure} Failure */
/** @typedef {import("../shared/link_network.js").TrainedTo} TrainedTo */

/** The network that a link asked for and that is not there yet. */
export const awaited = signal(/** @type {TrainedTo | null} */ (null));

/** Ends the leg that is being trained. @type {((end: "asked" | "reached" | Failure) => void) | null} */
let end_leg = null;

/** What the worker says of the leg. @param {"asked" | "reached" | Failure} end @returns {boolean} whether it was one */
export function leg_ended(end) {
  if (!end_leg) return false;
  end_leg(end);
  end_leg = null;
  return true;
}

/**
 * Trains up to the awaited update. Everything that is shown meanwhile follows from `store.status`, "rebuilding".
 * @param {EngineClient} worker
 * @param {TrainedTo} trained
 * @returns {Promise<boolean>} false where it was cancelled
 */
export async function rebuild(worker, trained) {
  const { rate } = store.settings.value;
  store.status.value = "rebuilding";
  expect_events(true);
  try {
    for (const leg of legs_of(trained, store.updates.value, rate)) {
      await set_rate(worker, leg.rate);
      const ended = new Promise((resolve) => (end_leg = resolve));
      await worker.request("train", { until_step: leg.until, steps_per_second: FULL_SPEED });
      const end = await ended;
      if (end === "asked") return false;
      if (end !== "reached") throw end;
    }
    await set_rate(worker, rate);
    return true;
  } finally {
    end_leg = null;
    expect_events(false);
  }
}

/** @param {EngineClient} worker @param {number} rate NaN where the experiment has no single one */
export async function set_rate(worker, rate) {
  if (Number.isFinite(rate)) await worker.request("set_learning_rate", { learning_rate: rate });
}

/** Ends the training of a network that is being rebuilt. */
export async function cancel_rebuilding() {
  if (store.status.value === "rebuilding") await (await engine()).request("pause", null);
}
