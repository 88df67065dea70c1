/** What a test has opened and must not leave open: contexts of the browser and servers. */

/** @type {Set<() => Promise<void>>} */
const open = new Set();

/** @param {() => Promise<void>} close called when the test ends, passed or failed */
export function close_after_test(close) {
  open.add(close);
}

/** Closes everything; what is closed already does no harm. The first failure is thrown when all have been tried. */
export async function close_all() {
  const closing = [...open].map((close) => close());
  open.clear();
  const failed = (await Promise.allSettled(closing)).find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}
