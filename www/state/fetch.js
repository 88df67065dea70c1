/**
 * Fetching a packed data set, with sentences for what can go wrong on the way.
 */
import { EngineError } from "../engine/load.js";

/** @typedef {import("./settings.js").DatasetChoice} DatasetChoice */

/** @param {DatasetChoice} choice @returns {Promise<Uint8Array>} */
export async function fetch_dataset(choice) {
  const url = new URL(`../${choice.file}`, import.meta.url);
  const response = await fetch(url).catch(() => null);
  if (!response) {
    throw new EngineError("data_unreachable", `${choice.label} could not be fetched: the connection failed. Check it and try again.`);
  }
  if (!response.ok) {
    throw new EngineError(
      "data_missing",
      `The data file www/${choice.file} is missing (answer ${response.status}). Build it with “cargo xtask data”, then try again.`,
    );
  }
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new EngineError("data_cut", `${choice.label} broke off while loading. Check the connection and try again.`);
  }
}
