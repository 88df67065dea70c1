/** A reader to whom hostile links, listings and files come: what must hold whatever they are. */
import assert from "node:assert/strict";
import { Student } from "../e2e/student.js";

/** So many come to one page, which is then looked at, and left. */
export const AT_ONCE = 100;

/** Long enough for what follows at once from a link or a file; what takes longer goes on while the next one comes. */
const SETTLING_MS = 25;

/** What markup would leave in the page, were it more than text. @returns {string[]} runs in the page */
function traces() {
  const found = [...document.querySelectorAll("hostile-element, iframe, object, embed, base, form[action]")];
  for (const element of document.querySelectorAll("*"))
    if (
      [...element.attributes].some(
        ({ name, value }) => name.startsWith("on") || /^\s*javascript:/i.test(value),
      )
    )
      found.push(element);
  const said = found.map((element) => element.outerHTML.slice(0, 200));
  if ("hostile" in globalThis) said.push("a script has run");
  if (Object.keys(Object.prototype).length > 0) said.push("Object.prototype has been changed");
  return said;
}

/**
 * Lets some of what is hostile come to a page that has just been loaded, and looks what became of the page.
 * @template T
 * @param {T[]} given @param {(student: Student, one: T) => Promise<void>} come
 * @param {{ view?: string }} [options]
 */
export async function visited(given, come, { view = "step" } = {}) {
  const student = await Student.arrive();
  student.page.on("pageerror", (error) => student.complaints.push(String(error.stack).slice(0, 600)));
  await student.open(`#/${view}`);
  if (view === "train") await student.ready();
  for (const one of given) {
    await come(student, one);
    await student.page.waitForTimeout(SETTLING_MS);
  }
  assert.deepEqual(await student.page.evaluate(traces), []);
  // The page answers: both views come alive with a link that is right, in this very page.
  await follow(student, "#/step?v=1&step-cell=lstm&step-input=sentence&step-weights=random&step-level=1");
  await student.step_ready();
  await follow(student, "#/train?v=1&data=imdb");
  await student.ready();
  assert.deepEqual(await student.page.evaluate(traces), []);
  await student.leave();
}

/** @param {Student} student @param {string} link */
export async function follow(student, link) {
  await student.page.evaluate((hash) => {
    location.hash = hash;
  }, link);
}

/** As a link brings it. @param {Student} student @param {string} code */
export async function give_listing(student, code) {
  const query = new URLSearchParams({ v: "1", "step-cell": "own", "step-code": code.toWellFormed() });
  await follow(student, `#/step?${query}`);
}

/** Drops a file on the page. @param {Student} student @param {{ name: string, content: string }} file */
export async function drop({ page }, { name, content }) {
  await page.evaluate(
    ([called, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text], called));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
    },
    [name, content],
  );
}
