/** What may happen to the runs that a browser keeps, for tests and the campaign of faults. */

/** Changes every kept run; runs in the page. @param {string} how */
export function damage(how) {
  const flip = (/** @type {Uint8Array} */ bytes, /** @type {number[]} */ places) => {
    const flipped = Uint8Array.from(bytes);
    for (const at of places) flipped[at] ^= 4;
    return flipped;
  };
  return new Promise((keep, fail) => {
    const opening = indexedDB.open("unrolled");
    opening.onerror = () => fail(opening.error);
    opening.onsuccess = () => {
      const runs = opening.result.transaction("runs", "readwrite").objectStore("runs");
      const cursor = runs.openCursor();
      cursor.onsuccess = () => {
        if (!cursor.result) return keep(null);
        const run = cursor.result.value;
        const bytes = run.checkpoint ?? new Uint8Array();
        const damaged = {
          truncated: { ...run, checkpoint: bytes.slice(0, 7) },
          "with many flipped bits": {
            ...run,
            checkpoint: flip(
              bytes,
              Array.from({ length: bytes.length / 997 }, (_, k) => 9 + 997 * k),
            ),
          },
          // Among the numbers of the weights, which look like any others afterwards.
          "with one flipped bit": { ...run, checkpoint: flip(bytes, [Math.floor(bytes.length * 0.8)]) },
          "without course": { ...run, history: undefined },
          "no record": "nothing",
          "of a later version": { ...run, version: 2 },
          "without settings": { ...run, settings: undefined, experiment: undefined },
        }[how];
        if (damaged === undefined) return fail(new Error(`no damage is called ${how}`));
        cursor.result.update(damaged);
        cursor.result.continue();
      };
    };
  });
}
