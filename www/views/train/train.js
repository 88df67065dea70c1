/**
 * The Train view with all that it needs, in one module: it is loaded once the first view can be used, or when this
 * one is opened.
 */
import { show_recording } from "../../state/train/recording.js";
import { awaited } from "../../state/runs/rebuild.js";
import { read_named } from "../../state/train/open.js";
import { fail, has_begun, prepare } from "../../state/train/run.js";
import { effect } from "@preact/signals-core";
import { is_language_model } from "../../state/train/experiment.js";
import { experiment, route } from "../../state/shared/store.js";
import { engine } from "../../state/shared/connection.js";
import "../../figures/history.js";
import "./cell_text.js";
import "./experiments.js";
import "./data.js";
import "./document.js";
import "./earlier.js";
import "./examiner.js";
import "./ending.js";
import "./keras_code.js";
import "./model.js";
import "./norms.js";
import "./progress.js";
import "./sample.js";
import "./settings.js";
import "./slow_motion.js";
import "./standing.js";
import "./summary.js";
import "./training_options.js";
import "./transport.js";

export { show_text } from "../../state/train/reading.js";
export { open_named } from "../../state/train/open.js";
export { choose } from "../../state/train/run.js";
export { toggle } from "../../state/train/training.js";

/** The recorded example first, then the reader's network, unless another view has begun with one meanwhile. */
export async function open_train() {
  engine().catch(() => null); // `prepare` asks again and says what is wrong.
  const failure = await read_named();
  if (has_begun()) return;
  if (failure) return fail(failure, open_train);
  if (awaited.value === null) void show_recording();
  await prepare();
}

/** What only this view shows is loaded when it is looked at. */
effect(() => {
  if (route.value !== "train") return;
  void import("./stack/drawing.js");
  void import("../watch/watch.js");
  void import("../watch/doctor.js");
  void import("./explain.js").then(({ explain_options }) => {
    const view = document.getElementById("view-train");
    if (view) explain_options(view);
  });
});

/** A language model can write; what is needed for it is loaded then. */
effect(() => {
  const writes = is_language_model(experiment.value.document);
  if (writes && route.value === "train") void import("./continue.js");
  for (const section of document.querySelectorAll("[data-needs=language-model]"))
    /** @type {HTMLElement} */ (section).hidden = !writes;
});
