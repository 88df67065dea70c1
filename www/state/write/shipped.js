/** The language model that comes with the page: it writes before the reader has trained one. */
import { EngineError, failure_from } from "../../engine/rpc.js";
import { writer_worker } from "./worker.js";
import * as writer from "./writer.js";

/** The experiment that it was trained in. */
export const SHIPPED = "moby-dick-lstm-64";

/** Of its weights, as the engine names them. */
export const HASH = "5064b76772702991";

const FILE = new URL(`../../lessons/${SHIPPED}.safetensors`, import.meta.url);

/** @type {Promise<Uint8Array> | null} */
let fetched = null;

/** The file, fetched once; a failure is forgotten. @returns {Promise<Uint8Array>} */
export function shipped_file() {
  fetched ??= fetch_file().catch((error) => {
    fetched = null;
    throw error;
  });
  return fetched;
}

async function fetch_file() {
  const response = await fetch(FILE).catch(() => null);
  if (!response?.ok) {
    const text =
      "The language model that comes with the page could not be fetched. Check the connection, then reload.";
    throw new EngineError("missing", text);
  }
  return new Uint8Array(await response.arrayBuffer());
}

/** Lets the model that comes with the page write. */
export async function open_shipped() {
  try {
    // The engine is fetched meanwhile; where that fails, opening the model says so.
    writer_worker().catch(() => null);
    const file = await shipped_file();
    await writer.open({ file }, DESCRIBED);
  } catch (error) {
    writer.trouble.value = failure_from(error).message;
  }
}

/** @type {import("./writer.js").Model} */
const DESCRIBED = {
  kind: "shipped",
  title: "The small model that comes with the page",
  about: "An LSTM with 64 units that has read nine tenths of Moby Dick twenty times, character by character.",
  updates: null,
};
