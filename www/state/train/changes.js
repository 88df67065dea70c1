/**
 * The present experiment as a link names it: the document of the project that it started from, and what was changed.
 */
import { computed, effect, signal } from "@preact/signals-core";
import { page_instance } from "../../engine/page.js";
import { save_experiment } from "../runs/texts.js";
import { fits_link } from "../shared/url.js";
import * as store from "../shared/store.js";
import { page_settings } from "./settings.js";

/** @typedef {import("../shared/url.js").NamedExperiment} NamedExperiment */

/** The page's own engine, once it can be asked. */
const asked = signal(/** @type {typeof import("../../pkg/unrolled.js") | null} */ (null));

/** Null where the settings say all of the experiment, and until the engine can be asked. */
export const linked_experiment = computed(() => {
  const { document, from } = store.experiment.value;
  if (page_settings(document)) return null;
  if (!asked.value) {
    page_instance().then(
      (engine) => (asked.value = engine),
      () => null, // Why it is not there is said by the run.
    );
    return null;
  }
  return /** @type {NamedExperiment} */ ({
    name: from,
    changes: asked.value.experiment_changes(from, document),
  });
});

// What is too long for a link comes back here at least.
effect(() => {
  const linked = linked_experiment.value;
  if (linked && !fits_link(linked)) save_experiment(JSON.stringify(store.experiment.value.document));
});
