/** Takes a model of the Write view, at a place of what it writes, to the Step view. */
import { KERAS_LISTINGS, OWN } from "../shared/listing_cell.js";
import { route } from "../shared/store.js";
import { keep_brought } from "../step/brought.js";
import { DEFAULT_CHOICE } from "../step/choice.js";
import { keep_draft, kept_draft } from "../step/draft.js";
import { offer_back } from "../step/set_aside.js";
import { choose_step } from "../step/step.js";
import { written } from "../step/trained.js";

/**
 * @param {object} model
 * @param {import("../step/trained.js").Brought["parts"]} model.parts
 * @param {string | null} model.listing the text of its step, where that is none of Keras' cells
 * @param {string} [model.sizes] those that the listing names and that are others here
 * @param {number} model.target the class that follows
 * @param {string} model.title
 * @param {string} model.sentence whose it is, and what it reads
 * @param {string} model.what whose listing it is, as in "The decoder"
 */
export function show_in_step({ parts, listing, sizes = "", target, title, sentence, what }) {
  const brought = { parts, title, sentence, ...(listing !== null && { code: listing }) };
  written.value = brought;
  void keep_brought(brought);
  const cell = listing === null ? { cell: KERAS_LISTINGS[parts.class_name] } : { cell: OWN, code: listing };
  const kept = kept_draft();
  choose_step({ ...cell, input: "sentence", sizes, weights: "written", target });
  route.value = "step";
  if (listing === null) return;
  keep_draft({ typed: listing, accepted: listing });
  if (kept && ![listing, DEFAULT_CHOICE.code].includes(kept.typed)) offer_back(kept.typed, listing, what);
}
