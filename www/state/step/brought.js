/** The model that was brought here from the Write view, kept on this machine so that a reload finds it again. */
import { get, set } from "idb-keyval";
import { storage } from "../shared/storage.js";

/** @typedef {import("./trained.js").Brought} Brought */

const files = storage("unrolled-step", "brought");
const KEY = "written";

/** @param {Brought} brought */
export async function keep_brought(brought) {
  try {
    await set(KEY, { version: 1, ...brought }, await files());
  } catch (error) {
    console.info("The model of Write could not be kept for a reload:", error);
  }
}

/** What was brought last; null where nothing is kept. @returns {Promise<Brought | null>} */
export async function kept_brought() {
  try {
    const kept = await get(KEY, await files());
    const whole = kept?.version === 1 && Array.isArray(kept.parts?.words) && typeof kept.title === "string";
    if (!whole) return null;
    const code = typeof kept.code === "string" ? { code: kept.code } : {};
    return { parts: kept.parts, title: kept.title, sentence: String(kept.sentence), ...code };
  } catch {
    return null; // Storage is forbidden: nothing was kept.
  }
}
