/**
 * A reader's own data, kept on this machine (IndexedDB): never in a link, never sent anywhere.
 */
import { del, entries, get, set } from "idb-keyval";
import { storage } from "../shared/storage.js";

/** @typedef {import("../../types/extra.js").OwnChoice} OwnChoice */
/** @typedef {import("../../types/extra.js").OwnInfo} OwnInfo */

/**
 * @typedef {object} OwnFile
 * @property {1} version
 * @property {string} name of the file
 * @property {string} hash of the data set made from it
 * @property {Uint8Array} source the file itself, so that other columns can be chosen
 * @property {OwnChoice} choice
 * @property {OwnInfo} info
 * @property {Uint8Array} packed the data set as the engine loads it
 * @property {number} saved_at milliseconds since 1970
 */

/** Only this many files are kept, the newest. */
export const FILES_KEPT = 4;

/** Where the browser forbids storage, files are kept until the page is closed. @type {Map<string, OwnFile>} */
const in_memory = new Map();

const store = storage("unrolled-data", "files");

/** @param {OwnFile} file */
export async function keep_file(file) {
  in_memory.set(file.hash, file);
  try {
    await set(file.hash, file, await store());
    const kept = /** @type {[string, OwnFile][]} */ (await entries(await store()));
    kept.sort(([, one], [, other]) => other.saved_at - one.saved_at);
    for (const [hash] of kept.slice(FILES_KEPT)) await del(hash, await store());
  } catch (error) {
    console.info("The file could not be kept on this machine:", error);
  }
}

/** @param {string} hash @returns {Promise<OwnFile | null>} */
export async function kept_file(hash) {
  const here = in_memory.get(hash);
  if (here) return here;
  try {
    const file = /** @type {OwnFile | undefined} */ (await get(hash, await store()));
    if (file?.version !== 1) return null;
    in_memory.set(hash, file);
    return file;
  } catch (error) {
    console.info("Kept files could not be read:", error);
    return null;
  }
}

/** All that are kept. @returns {Promise<OwnFile[]>} */
export async function all_files() {
  const stored = await store().then(entries, () => []);
  const kept = new Map([...in_memory, .../** @type {[string, OwnFile][]} */ (stored)]);
  return [...kept.values()];
}

/** @param {string} hash */
export async function forget_file(hash) {
  in_memory.delete(hash);
  await store()
    .then((open) => del(hash, open))
    .catch(() => null);
}

/** What was found in a file that is at hand. @param {string | undefined} hash @returns {OwnFile | null} */
export function file_at_hand(hash) {
  return (hash !== undefined && in_memory.get(hash)) || null;
}

/** A text of a reader's own table, to be typed for the reader. @param {string | undefined} hash */
export function own_text(hash) {
  const info = file_at_hand(hash)?.info;
  return info?.columns.find(({ name }) => name === info.text)?.example ?? "";
}
