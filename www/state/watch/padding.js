/**
 * What the network makes of what is shown when its padding stands elsewhere: asked of the other worker.
 */
import { signal } from "@preact/signals-core";
import { failure_from } from "../../engine/rpc.js";
import * as store from "../shared/store.js";
import { analysis_now } from "./analysis.js";
import { key_of, shown } from "./shown.js";

/** @typedef {import("../../types/extra.js").PaddingPicture} PaddingPicture */

export const padded = signal(
  /** @type {{ of: string, layer: string, step: number, picture: PaddingPicture } | null} */ (null),
);

/** Why there is no picture. */
export const without_padding = signal("");

/** Reads what is shown in each arrangement, with the present weights. */
export async function read_padding() {
  const layer = store.shown_layer.peek()?.name;
  const one = shown.peek();
  if (layer === undefined || (one.kind === "text" && one.text.trim() === "")) return;
  try {
    const { analysis, step } = await analysis_now();
    const picture = await analysis.request("padding", { shown: one, layer });
    padded.value = { of: key_of(one), layer, step, picture };
    without_padding.value = "";
  } catch (error) {
    const { code, message } = failure_from(error);
    if (code === "worker_dead") return; // The next question starts another worker.
    padded.value = null;
    without_padding.value = message;
  }
}
