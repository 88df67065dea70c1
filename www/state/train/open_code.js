/**
 * Files of Python: a listing is edited inside the cell, Keras code becomes the model. The code is read, not run.
 */
import { signal } from "@preact/signals-core";
import { OWN } from "../shared/listing_cell.js";
import * as store from "../shared/store.js";
import { keep_draft, kept_draft } from "../step/draft.js";
import { offer_back } from "../step/set_aside.js";
import * as step from "../step/step.js";

/** Keras code that was dropped, until the panel has taken it. */
export const dropped_code = signal("");

/** What Keras code has and a listing has not. */
const KERAS = /\bSequential\s*\(|\bimport\s+keras\b|\bfrom\s+(tensorflow\.)?keras\b|\.compile\s*\(/;

/** @param {string} text */
export async function open_code(text) {
  if (KERAS.test(text)) {
    store.route.value = "train";
    dropped_code.value = text;
  } else await edit_listing(text);
}

/** Puts a text into the editor of the reader's own cell, which says what is wrong with it. @param {string} text */
async function edit_listing(text) {
  const kept = kept_draft();
  step.editing.value = false; // The editor is made anew, with this text.
  keep_draft({ typed: text, accepted: step.choice.value.code });
  step.choose_step({ cell: OWN });
  store.route.value = "step";
  step.panel.value = "code";
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  step.editing.value = true;
  if (kept && kept.typed !== text) offer_back(kept.typed, kept.accepted, "This file");
}
