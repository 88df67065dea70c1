/**
 * What is shown and what is pinned, read again by the network as it is: at once when it is chosen, and while training
 * runs a few times a second. Another worker does it with the weights of the run, so that training only hands these
 * over; nothing is done for a reader who does not see it.
 */
import { effect, signal } from "@preact/signals-core";
import { failure_from } from "../../engine/rpc.js";
import * as store from "../shared/store.js";
import { show_trace } from "../train/reading.js";
import { analysis_now } from "./analysis.js";
import { key_of, pinned, shown } from "./shown.js";

/** @typedef {import("../../types/extra.js").Shown} Shown */
/** @typedef {import("../../types/extra.js").Trace} Trace */

/** Least time from one reading to the next while training runs. */
const INTERVAL_MS = 235;

/** The pause from one reading to the next, in the time that a reading takes: for long ones. */
const PACE = 1.2;

/** Whether Watch is in sight; its view says so. */
export const in_sight = signal(false);

/** What the network made of each pinned one, by its name. */
export const pinned_traces = signal(/** @type {Map<string, Trace>} */ (new Map()));

const page_visible = signal(!document.hidden);
document.addEventListener("visibilitychange", () => (page_visible.value = !document.hidden));

let busy = false;
/** Something has changed since the present reading began. */
let stale = false;
let next = 0;

effect(() => {
  void [shown.value, pinned.value, store.updates.value, store.setup.value];
  const { value: status } = store.status;
  if ((status === "ready" || status === "training") && in_sight.value && page_visible.value) void refresh();
});

async function refresh() {
  stale = true;
  if (busy) return;
  busy = true;
  while (stale && in_sight.value && page_visible.value) {
    const wait = next - performance.now();
    if (wait > 0 && store.status.value === "training") await new Promise((go_on) => setTimeout(go_on, wait));
    stale = false;
    const started = performance.now();
    await read_all().catch(complain);
    const took = performance.now() - started;
    next = started + Math.max(INTERVAL_MS, PACE * took);
  }
  busy = false;
}

/** What has to be read by the other worker: a text alone is read by training's own, while that has nothing to do. */
function wanted() {
  const one = shown.value;
  const text_alone = one.kind === "text" && store.status.value !== "training";
  const empty = one.kind === "text" && one.text.trim() === "";
  return { one: text_alone || empty ? null : one, pins: pinned.value };
}

async function read_all() {
  const { one, pins } = wanted();
  if (!one && pins.length === 0) {
    if (pinned_traces.value.size > 0) pinned_traces.value = new Map();
    return;
  }
  const { document } = store.experiment.value;
  const { analysis, step } = await analysis_now();
  const is_past = () => store.experiment.value.document !== document || store.status.value === "preparing";
  /** @type {Map<string, Trace>} */
  const found = new Map();
  const read = async (/** @type {Shown} */ next) => {
    const key = key_of(next);
    const trace = found.get(key) ?? (await analysis.request("trace", { shown: next }));
    found.set(key, trace);
    return trace;
  };
  if (one) {
    const trace = await read(one);
    if (is_past()) return;
    const late = store.status.value !== "training" && step < store.updates.value;
    if (key_of(shown.value) === key_of(one) && !late) show_trace({ ...trace, step });
  }
  for (const other of pins) await read(other);
  if (!is_past())
    pinned_traces.value = new Map(
      pins.map((other) => [key_of(other), /** @type {Trace} */ (found.get(key_of(other)))]),
    );
}

/** @param {unknown} error */
function complain(error) {
  const { code, message } = failure_from(error);
  if (code === "worker_dead") return; // The next reading starts another worker.
  if (shown.value.kind === "sample") show_trace(null);
  store.text_note.value = message;
}
