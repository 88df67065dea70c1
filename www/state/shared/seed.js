/**
 * A seed that nobody has chosen, drawn by the engine from the browser's random numbers. It is shown and kept like one
 * that was typed, so that what follows from it can be repeated.
 */
import { fresh_seed } from "../../pkg-stepper/unrolled_stepper.js";
import { stepper_instance } from "../../engine/page.js";
import { failure_from } from "../../engine/rpc.js";
import { notify } from "./store.js";

/** @param {(seed: number) => unknown} choose takes the seed over */
export async function draw_seed(choose) {
  try {
    await stepper_instance();
    choose(fresh_seed());
  } catch (error) {
    notify({ key: "seed", kind: "trouble", text: failure_from(error).message });
  }
}
