/** A reader to whom hostile links, listings and files come: what must hold whatever they are. */
import assert from "node:assert/strict";
import { Student } from "../e2e/student.js";

/** So many come to one page, which is then looked at, and left. */
export const AT_ONCE = 250;

/** What markup would leave in the page, were it more than text. @returns {string[]} runs in the page */
function traces() {
  const found = [...document.querySelectorAll("hostile-element, iframe, object, embed, base, form[action]")];
  for (const element of document.querySelectorAll("*"))
    if (
      [...element.attributes].some(
        ({ name, value }) =>
          name.startsWith("on") ||
          (/^(href|src|action|formaction|data|xlink:href)$/.test(name) && /^\s*javascript:/i.test(value)),
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
 * @param {T[]} given @param {(student: Student, given: T[]) => Promise<void>} come
 * @param {{ view?: string }} [options]
 */
export async function visited(given, come, { view = "step" } = {}) {
  const student = await Student.arrive({ viewport: { width: 900, height: 600 } });
  student.page.on("pageerror", (error) => student.complaints.push(String(error.stack).slice(0, 600)));
  await student.open(`#/${view}`);
  if (view === "train") await student.ready();
  await come(student, given);
  assert.deepEqual(await student.page.evaluate(traces), []);
  await answers(student);
  assert.deepEqual(await student.page.evaluate(traces), []);
  await student.leave();
}

/**
 * Both views come alive with a link that is right, in this very page. A file that is read meanwhile opens its own view,
 * so that the link to the other one is followed again.
 * @param {Student} student
 */
async function answers(student) {
  const link = "#/step?v=1&step-cell=lstm&step-input=sentence&step-weights=random&step-level=1&step-at=";
  for (let attempt = 1; ; attempt++) {
    await follow(student, [link + attempt]);
    const listing = student.page.getByRole("button", { name: "Copy the listing as numpy" });
    const alive = listing.and(student.page.locator(":enabled")).waitFor({ timeout: 5000 });
    if (
      await alive.then(
        () => true,
        () => false,
      )
    )
      break;
    assert.ok(attempt < 8, "the Step view comes alive");
  }
  await follow(student, ["#/train?v=1&data=imdb"]);
  await student.ready();
}

/**
 * One link after another in the same page, each when the one before has been drawn; what takes longer than that goes
 * on while the next ones come, and every tenth waits for it a while.
 * @param {Student} student @param {string[]} links
 */
export async function follow({ page }, links) {
  await page.evaluate(async (all) => {
    const moments = (/** @type {number} */ milliseconds) =>
      new Promise((keep) => setTimeout(keep, milliseconds));
    const drawn = () => new Promise((keep) => requestAnimationFrame(() => setTimeout(keep)));
    for (const [k, link] of all.entries()) {
      const before = location.href;
      const changed = new Promise((keep) => addEventListener("hashchange", keep, { once: true }));
      location.hash = link;
      if (location.href === before) continue;
      await changed;
      await Promise.race([drawn(), moments(100)]);
      if (k % 10 === 0) await moments(30);
    }
  }, links);
}

/** As links bring them. @param {Student} student @param {string[]} listings */
export async function give_listings(student, listings) {
  const link = (/** @type {string} */ code) => {
    const query = new URLSearchParams({ v: "1", "step-cell": "own", "step-code": code.toWellFormed() });
    return `#/step?${query}`;
  };
  await follow(student, listings.map(link));
}

/**
 * Drops files on the page, one after another.
 * @param {Student} student @param {{ name: string, content: string }[]} files
 */
export async function drop({ page }, files) {
  await page.evaluate(async (all) => {
    for (const { name, content } of all) {
      const data = new DataTransfer();
      data.items.add(new File([content], name));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
      await new Promise((keep) => setTimeout(keep, 25));
    }
  }, files);
}
