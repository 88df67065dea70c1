/**
 * The page's shared state. Views read these signals and render; the modules of `state/` change them.
 */
import { computed, signal } from "@preact/signals-core";
import { opened_by } from "../train/experiment.js";
import { DATASETS, settings_of } from "../train/settings.js";
import { History } from "../runs/history.js";
import { visible } from "./format.js";

/** @typedef {import("../train/experiment.js").OpenExperiment} OpenExperiment */
/** @typedef {import("../../types/engine.js").DatasetInfo} DatasetInfo */
/** @typedef {import("../../types/engine.js").SetUp} SetUp */
/** @typedef {import("../../engine/protocol.js").Trace} Trace */

/**
 * recorded: nothing computes yet, a recorded example is shown · preparing: engine, data or model are loading ·
 * ready: training can start · training · rebuilding: a link's network is trained anew · failed: see the notices.
 * @typedef {"recorded" | "preparing" | "ready" | "training" | "rebuilding" | "failed"} Status
 */

/** @typedef {{ t: number, u: number }} Cursor word and unit */

/**
 * @typedef {object} Notice
 * @property {string} key one notice a key: a newer one replaces the older
 * @property {"trouble" | "note"} kind
 * @property {string} text
 * @property {{ label: string, run: () => void }[]} [actions]
 */

/**
 * @typedef {{ from: "recording", title: string, text: string } | { from: "network", updates: number }} Origin where
 *   the shown trace comes from
 */

/** The experiment that is trained. */
export const experiment = signal(/** @type {OpenExperiment} */ (opened_by(DATASETS.imdb.defaults)));
/** The experiment of a link, until the engine has read it. */
export const named_experiment = signal(/** @type {import("./url.js").NamedExperiment | null} */ (null));
/** What the quick controls show of the experiment. */
export const settings = computed(() => settings_of(experiment.value.document));
export const route = signal("train");
export const text = signal(DATASETS.imdb.text);
export const speed = signal(20);

export const status = signal(/** @type {Status} */ ("recorded"));
export const preparing = signal("");
/** How much of a data set has arrived, while it does. */
export const loading = signal(/** @type {import("../train/fetch.js").Progress | null} */ (null));
export const dataset = signal(/** @type {DatasetInfo | null} */ (null));
export const setup = signal(/** @type {SetUp | null} */ (null));

/** The history is one object that grows in place; `reports` changes whenever it does. */
export const history = signal(new History());
export const updates = signal(0);
export const reports = signal(0);
/** From which update on which learning rate held in this run. */
export const rates = signal(/** @type {import("./link_network.js").RateChange[]} */ ([]));

export const trace = signal(/** @type {Trace | null} */ (null));
export const origin = signal(/** @type {Origin | null} */ (null));
export const text_note = signal("");

/** Whether each figure is drawn to its own limits, not to ±1. */
export const contrast = signal(true);

export const selected = signal(/** @type {Cursor | null} */ (null));
export const hovered = signal(/** @type {Cursor | null} */ (null));
export const hovered_update = signal(/** @type {number | null} */ (null));

export const notices = signal(/** @type {Notice[]} */ ([]));

/** The words that the network read, in order. */
export const kept_words = computed(
  () =>
    trace.value?.tokens
      .filter((token) => token.kept)
      .map((token) => ({ ...token, text: visible(token.text) })) ?? [],
);

/** The layer that the reader has chosen, by its path. */
export const chosen_layer = signal("");

/** The recurrent layer whose states are shown: the chosen one, else the first that has one for each word. */
export const shown_layer = computed(() => {
  const count = kept_words.value.length;
  const able = trace.value?.layers.filter(({ gradient_norms }) => gradient_norms.length === count) ?? [];
  return able.find(({ name }) => name === chosen_layer.value) ?? able[0] ?? null;
});

/** Word and unit that all figures mark: under the pointer, else the chosen one, always inside the trace. */
export const cursor = computed(() => {
  const layer = shown_layer.value;
  const words = kept_words.value.length;
  const marked = hovered.value ?? selected.value;
  if (!layer || !marked || words === 0) return null;
  return { t: Math.min(marked.t, words - 1), u: Math.min(marked.u, layer.units - 1) };
});

/** @param {Notice} notice */
export function notify(notice) {
  notices.value = [...notices.value.filter((other) => other.key !== notice.key), notice];
}

/** @param {string} key */
export function dismiss(key) {
  if (notices.value.some((notice) => notice.key === key)) {
    notices.value = notices.value.filter((notice) => notice.key !== key);
  }
}

/** Whether a reader was told that the storage for texts is full; once is enough. */
let told = false;

/**
 * Keeps something short on this machine (localStorage). Where the storage is full a notice says so; where it is
 * forbidden, that of the runs does.
 * @param {string} key @param {string} value @param {string} what as in "Your listing"
 */
export function keep_text(key, value, what) {
  try {
    localStorage.setItem(key, value);
  } catch (error) {
    console.info(`${what} could not be kept on this machine:`, error);
    if (told || !/quota/i.test(/** @type {Error} */ (error).name)) return;
    told = true;
    const text =
      `${what} cannot be kept on this machine: the browser's storage for this site is full. It stays here until ` +
      "the page is closed or loaded again; copy what you need, or delete this site's data.";
    notify({ key: "storage", kind: "trouble", text });
  }
}
