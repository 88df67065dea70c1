/**
 * Fetching a packed data set, with its progress and with sentences for what can go wrong on the way.
 */
import { EngineError } from "../../engine/rpc.js";

/** @typedef {Pick<import("../../types/engine.js").SetFacts, "name" | "label">} FetchedSet */

/**
 * @typedef {{ received: number, total: number | null }} Progress bytes; the total is not known where the host
 *   compresses
 */

/**
 * @param {FetchedSet} set
 * @param {{ signal?: AbortSignal, on_progress?: (progress: Progress) => void }} [options] `signal` breaks off
 * @returns {Promise<Uint8Array>}
 */
export async function fetch_dataset(set, { signal, on_progress = () => {} } = {}) {
  const file = `data/${set.name}.safetensors`;
  const url = new URL(`../../${file}`, import.meta.url);
  const response = await fetch(url, { signal }).catch(() => null);
  if (!response) {
    throw new EngineError(
      "data_unreachable",
      `${set.label} could not be fetched: the connection failed. Check it and try again.`,
    );
  }
  if (!response.ok) {
    throw new EngineError(
      "data_missing",
      `The data file www/${file} is missing (answer ${response.status}). Build it with ` +
        "“cargo xtask data”, then try again.",
    );
  }
  try {
    return await read(response, on_progress);
  } catch {
    throw new EngineError(
      "data_cut",
      `${set.label} broke off while loading. Check the connection and try again.`,
    );
  }
}

/** @param {Response} response @param {(progress: Progress) => void} on_progress */
async function read(response, on_progress) {
  // The bytes counted here are decompressed; the length in the header is not.
  const length = response.headers.has("content-encoding")
    ? 0
    : Number(response.headers.get("content-length"));
  const total = length > 0 ? length : null;
  const parts = [];
  let received = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    parts.push(part.value);
    received += part.value.length;
    on_progress({ received, total });
  }
  return joined(parts, received);
}

/** @param {Uint8Array[]} parts @param {number} length */
function joined(parts, length) {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
