/** Where the card of the tour lies. */
import assert from "node:assert/strict";

/** @typedef {import("./student.js").Student} Student */

/** While the cell is spoken of nothing that happens in it is covered, wherever the card finds its place. */
const HAPPENS = [
  "unrolled-chain .links",
  ".saying",
  "unrolled-step-listing .code",
  "unrolled-step-diagram",
  "unrolled-step-number .which",
];
const ABOUT_THE_CELL = 6;

/** The card follows a page that is still being laid out, and is beside what it speaks of after this long at most. */
const FOLLOWS_MS = 5000;

/** @param {Student} student the card comes to lie inside of the window and beside all that it speaks of */
export async function lies_beside(student) {
  const deadline = Date.now() + FOLLOWS_MS;
  for (;;) {
    try {
      return await lies_beside_now(student);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((wait) => setTimeout(wait, 50));
  }
}

/** @param {Student} student */
async function lies_beside_now(student) {
  await student.page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== "running"),
  );
  const { card, marked, spoken, screen } = await student.page.evaluate(async ([happens, about_the_cell]) => {
    const box = (/** @type {Element} */ element) => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      return { left, top, right, bottom };
    };
    const shown = [...document.querySelectorAll(".rings i")].filter((ring) => !ring.hasAttribute("hidden"));
    const card = /** @type {Element} */ (document.querySelector(".tour-card"));
    const { STEPS } = await import(new URL("www/views/tour/steps.js", document.baseURI).href);
    const number = Number(/Tour, (\d)/.exec(card.textContent ?? "")?.[1]);
    const { about, press, clear } = STEPS[number - 1];
    const all = number <= about_the_cell ? happens : [];
    const targets = [...about, press ?? [], clear ?? [], all].flat().flatMap((selector) => {
      const found = [...document.querySelectorAll(selector)].find((one) => one.checkVisibility());
      return found ? [{ selector, ...box(found) }] : [];
    });
    return {
      card: box(card),
      marked: shown.map(box),
      spoken: targets,
      screen: { width: innerWidth, height: innerHeight },
    };
  }, /** @type {const} */ ([HAPPENS, ABOUT_THE_CELL]));
  assert.ok(marked.length > 0, "nothing is marked");
  assert.ok(card.left >= 0 && card.top >= 0 && card.right <= screen.width && card.bottom <= screen.height);
  for (const { left, top, right, bottom, ...what } of [...spoken, ...marked]) {
    const apart = card.right <= left || card.left >= right || card.bottom <= top || card.top >= bottom;
    assert.ok(
      apart,
      `the card ${JSON.stringify(card)} covers ${JSON.stringify({ ...what, left, top, right, bottom })} ` +
        `at ${JSON.stringify(screen)}`,
    );
  }
  for (const { top, bottom } of marked) {
    assert.ok(top < screen.height && bottom > 0, "what is marked is out of sight");
  }
}
