/** By keyboard alone: what has the focus can be seen, and what can be clicked can be reached. */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

/** Runs in the page before its scripts: remembers what hears clicks. */
function remember() {
  const hearing = new Set();
  Reflect.set(globalThis, "hearing", hearing);
  const add = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (kind, ...rest) {
    if (["click", "pointerdown", "mousedown"].includes(kind)) hearing.add(this);
    return add.call(this, kind, ...rest);
  };
}

/**
 * Runs in the page: gives the focus to everything that Tab stops at (of radio buttons the chosen one), and says which
 * of it is covered for the most part then, and what hears clicks outside of anything that takes the focus.
 */
function walk() {
  const STOP = "a[href], button, input, select, textarea, summary, [contenteditable=true], [tabindex]";
  const text = (/** @type {Element} */ one) =>
    (one.getAttribute("aria-label") ?? one.textContent ?? "").trim().slice(0, 40);
  const name = (/** @type {Element} */ one) =>
    `${one.localName} ${one.getAttribute("name") ?? one.getAttribute("class") ?? ""} “${text(one)}”`;
  /** What is seen of a control: a radio button's word. @param {HTMLElement} one */
  const face = (one) =>
    one.matches("input[type=radio], input[type=checkbox]") ? (one.closest("label") ?? one) : one;
  /** Which share of its part of the window is not behind something else. @param {Element} one */
  const seen = (one) => {
    const box = one.getBoundingClientRect();
    const [left, right] = [Math.max(0, box.left), Math.min(innerWidth, box.right)];
    const [top, bottom] = [Math.max(0, box.top), Math.min(innerHeight, box.bottom)];
    if (right - left < 1 || bottom - top < 1) return 0;
    let free = 0;
    for (const x of [0.1, 0.3, 0.5, 0.7, 0.9])
      for (const y of [0.1, 0.5, 0.9]) {
        const found = document.elementFromPoint(left + x * (right - left), top + y * (bottom - top));
        // What explains an option leaves with the focus, a moment later.
        const leaves = found?.closest("[role=tooltip]");
        if (found && (leaves || one.contains(found) || found.contains(one))) free += 1 / 15;
      }
    return free;
  };
  const stops = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(STOP)]).filter(
    (one) =>
      one.tabIndex >= 0 &&
      one.checkVisibility({ visibilityProperty: true }) &&
      !one.matches(":disabled, input[type=radio]:not(:checked)"),
  );
  const covered = stops.filter(
    (one) => (one.focus(), document.activeElement === one && seen(face(one)) < 0.5),
  );
  const hearing = /** @type {Set<EventTarget>} */ (Reflect.get(globalThis, "hearing"));
  const mouse_only = [...hearing].filter(
    (one) =>
      one instanceof HTMLElement &&
      one.isConnected &&
      one.checkVisibility() &&
      !one.matches("html, body") &&
      !one.closest(`${STOP}, label`) &&
      !one.querySelector(STOP),
  );
  return {
    stops: stops.length,
    covered: covered.map(name),
    mouse_only: mouse_only.map((one) => name(/** @type {Element} */ (one))),
  };
}

/**
 * Where one walks: another link in the same page, and what it shows last.
 * @type {[link: string, shown: string][]}
 */
const PLACES = [
  ["#/step?v=1&step-at=20&step-level=2&step-panel=cell", "unrolled-step-sum table"],
  ["#/step?v=1&step-level=0", ".whole-sequence"],
  ["#/train?v=1&data=imdb", "unrolled-transport button.primary:enabled"],
  ["#/write", "unrolled-write-states canvas"],
];

test("what_has_the_focus_is_never_covered_and_nothing_needs_a_mouse", async () => {
  const student = await Student.arrive({ viewport: SIZES[0] });
  const { page } = student;
  await page.addInitScript(remember);
  await student.open(PLACES[0][0]);
  for (const [link, shown] of PLACES) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, link);
    await page.locator(shown).first().waitFor({ state: "attached" });
    for (const size of SIZES) {
      await page.setViewportSize(size);
      const { stops, ...wrong } = await page.evaluate(walk);
      assert.ok(stops > 20, `${link}: ${stops} stops`);
      assert.deepEqual(wrong, { covered: [], mouse_only: [] }, `${link} at ${size.width} px`);
    }
  }
  await student.leave();
});

test("the_focus_that_moves_within_the_bars_that_stay_does_not_move_the_page", async () => {
  const student = await Student.arrive({ viewport: SIZES[1] });
  const { page } = student;
  await student.open("#/step");
  await student.step_ready();
  for (const width of [390, 820, 960]) {
    await page.setViewportSize({ width, height: 700 });
    const moved = await page.evaluate(() => {
      scrollTo({ top: 300, behavior: "instant" });
      const there = scrollY;
      const controls = /** @type {HTMLElement[]} */ ([
        ...document.querySelectorAll(".step > unrolled-chain *, unrolled-step-transport *"),
      ]).filter((one) => one.tabIndex >= 0 && one.checkVisibility());
      const focused = controls.filter((one) => (one.focus(), document.activeElement === one));
      return { there, by: scrollY - there, focused: focused.length };
    });
    assert.ok(moved.there > 250 && moved.focused > 8, JSON.stringify(moved));
    assert.equal(moved.by, 0, `at ${width} px`);
  }
  await student.leave();
});
