/**
 * What was recorded for the page, each file fetched once: a view shows it until, or as long as, the reader has no
 * network of her own.
 */

/** @type {Map<string, Promise<any>>} */
const fetched = new Map();

/**
 * @param {string} name of a file in `www/lessons`, without its end
 * @returns {Promise<any>} what it holds; null if it cannot be fetched, and the next call tries again
 */
export function lesson(name) {
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
