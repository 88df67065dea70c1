/**
 * How soon the page is there: first paint and engine ready, with an empty cache, from the address in UNROLLED_URL.
 *
 *     npm run startup
 *
 * prints the median of some visits; `measured_visits` is what the test of the same name uses.
 */
import { pathToFileURL } from "node:url";
import { Student, close_browser } from "../student.js";

/** Runs in the page before anything else: notes when the first button of the engine can be pressed. */
function watch() {
  const found = new MutationObserver(() => {
    const button = [...document.querySelectorAll("button.primary")].find(
      (one) => one.textContent?.trim() === "Train",
    );
    if (!button || /** @type {HTMLButtonElement} */ (button).disabled) return;
    found.disconnect();
    performance.mark("ready");
  });
  found.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}

/**
 * @typedef {{ paint: number, engine: number, ready: number, bytes: number }} Visit milliseconds since the visit
 *   began
 */

/** One visit with an empty cache. @returns {Promise<Visit>} */
async function visit() {
  const student = await Student.arrive();
  await student.page.addInitScript(watch);
  await student.open();
  await student.page.waitForFunction(() => performance.getEntriesByName("ready").length > 0);
  const measured = await student.page.evaluate(() => {
    const of = (/** @type {string} */ name) => performance.getEntriesByName(name)[0]?.startTime ?? NaN;
    const files = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType("resource"));
    const bytes = files.reduce((sum, file) => sum + file.encodedBodySize, 0);
    return { paint: of("first-contentful-paint"), engine: of("engine-ready"), ready: of("ready"), bytes };
  });
  await student.leave();
  return measured;
}

/** @param {number} count @returns {Promise<Visit[]>} */
export async function measured_visits(count) {
  const visits = [];
  for (let k = 0; k < count; k++) visits.push(await visit());
  return visits;
}

/** @param {number[]} values */
export const median = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const visits = await measured_visits(Number(process.argv[2] ?? 7));
  for (const { paint, engine, ready, bytes } of visits) {
    console.log(
      `first paint ${paint.toFixed(0)} ms, engine ready ${engine.toFixed(0)} ms, training possible ` +
        `${ready.toFixed(0)} ms, ${(bytes / 1e6).toFixed(1)} MB`,
    );
  }
  const of = (/** @type {keyof Visit} */ name) => median(visits.map((one) => one[name])).toFixed(0);
  console.log(
    `median: first paint ${of("paint")} ms, engine ready ${of("engine")} ms, training possible ${of("ready")} ms`,
  );
  await close_browser();
}
