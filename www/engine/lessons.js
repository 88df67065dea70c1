/**
 * What was recorded for the page, each file fetched once: a view shows it until, or as long as, the reader has no
 * network of her own. Nothing waits long for a recording.
 */
import { within } from "./rpc.js";

/** A slow line brings the largest within this time. */
const PATIENCE_MS = 8000;

/** @type {Map<string, Promise<any>>} */
const fetched = new Map();

/**
 * @param {string} name of a file in `www/lessons`, without its end
 * @param {string[]} [fields] what it must hold: arrays and objects
 * @returns {Promise<any>} what it holds; null if it is damaged, late or cannot be fetched: the next call tries again
 */
export async function lesson(name, fields = []) {
  const content = await within(PATIENCE_MS, asked_for(name)).catch(() => null);
  const is_there = (/** @type {string} */ field) =>
    typeof content?.[field] === "object" && content[field] !== null;
  if (fields.every(is_there)) return content;
  fetched.delete(name);
  return null;
}

/** @param {string} name */
function asked_for(name) {
  let wanted = fetched.get(name);
  if (!wanted) {
    wanted = fetch(new URL(`../lessons/${name}.json`, import.meta.url))
      .then((response) => (response.ok ? response.json() : null))
      .catch(() => null);
    fetched.set(name, wanted);
    void wanted.then((content) => content === null && fetched.delete(name));
  }
  return wanted;
}
