/**
 * Databases of the browser that keep nobody waiting: one that is forbidden, or that does not answer, is given up for
 * this visit.
 */
import { createStore } from "idb-keyval";
import { within } from "../../engine/rpc.js";

/** Opening takes milliseconds; a browser whose storage hangs never answers. */
const PATIENCE_MS = 3000;

/**
 * @param {string} database @param {string} table
 * @returns {() => Promise<import("idb-keyval").UseStore>} opens it at the first use; rejects where it cannot be opened
 */
export function storage(database, table) {
  /** @type {Promise<import("idb-keyval").UseStore> | null} */
  let opened = null;
  const open = async () => {
    const store = createStore(database, table);
    await store("readonly", () => null);
    return store;
  };
  return () => (opened ??= within(PATIENCE_MS, open()));
}
