/**
 * How many samples each class has: asked for whenever a network has been set up.
 */
import { effect, signal } from "@preact/signals-core";
import * as store from "../shared/store.js";
import { attempt } from "../shared/connection.js";

export const class_counts = signal(/** @type {import("../../types/engine.js").ClassCounts | null} */ (null));

effect(() => {
  if (store.setup.value) void ask();
});

async function ask() {
  await attempt(async (engine) => {
    class_counts.value = await engine.request("class_counts", null);
  });
}
