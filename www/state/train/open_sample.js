/**
 * A training sample in the view of the cell, with the weights of the network as it is.
 */
import { attempt } from "../shared/connection.js";
import { step_through } from "../shared/own_cell.js";
import { type_text } from "./choices.js";

/** Goes to the cell with the words of the sample that the network reads. @param {number} index of the training part */
export async function open_sample(index) {
  await attempt(async (engine) => {
    const { shown } = await engine.request("sample", { subset: "train", index });
    if (shown.kind !== "text") return;
    const read = shown.tokens.filter(({ place }) => place === "read");
    type_text(read.map(({ text }) => text).join(" "));
    step_through();
  });
}
