/**
 * The typed text as the network reads it: asked for once, then sent by the worker whenever training pauses.
 */
import { failure_from } from "../../engine/rpc.js";
import * as store from "../shared/store.js";
import { shown } from "../watch/shown.js";
import { attempt, on } from "../shared/connection.js";

/** @typedef {import("../../engine/client.js").EngineClient} EngineClient */
/** @typedef {import("../../engine/protocol.js").Trace} Trace */

on("trace", ({ trace }) => {
  if (shown.value.kind === "text") show_trace(trace);
});

/** Shows what the network makes of the typed text now. */
export async function show_text() {
  if (store.status.value === "ready" || store.status.value === "training") await attempt(watch_text);
}

/** @param {EngineClient} engine */
export async function watch_text(engine) {
  const { kind } = shown.value;
  const text = store.text.value;
  if (kind !== "text" || text.trim() === "") {
    await engine.request("unwatch", null);
    if (kind === "text") show_trace(null);
    return;
  }
  try {
    const trace = await engine.request("watch", { text });
    if (text === store.text.value && shown.value.kind === "text") show_trace(trace);
  } catch (error) {
    const failure = failure_from(error);
    if (failure.code === "worker_dead") throw error;
    await engine.request("unwatch", null);
    show_trace(null);
    store.text_note.value = failure.message;
  }
}

/** @param {Trace | null} trace with the update of its weights */
export function show_trace(trace) {
  store.trace.value = trace;
  store.origin.value = { from: "network", updates: trace?.step ?? store.updates.value };
  store.text_note.value = trace ? note_on(trace) : "";
}

/** @param {Trace} trace */
function note_on(trace) {
  const kept = trace.tokens.filter((token) => token.kept);
  if (kept.length > 0 && kept.every((token) => !token.known)) {
    return (
      "None of these words is in the vocabulary. The network reads every one as “unknown”, so its " +
      "opinion says nothing about them."
    );
  }
  return trace.note ?? "";
}
