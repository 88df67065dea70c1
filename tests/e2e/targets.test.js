/**
 * Targets of at least 24 px (WCAG 2.5.8) in every view, with the criterion's own exceptions:
 *
 * - Spacing: a circle of 24 px around the middle of what is smaller meets no other target, nor the circle of another
 *   that is smaller.
 * - Inline: what stands in a sentence, whose line height sets its size.
 * - Equivalent: a neighbour of the same name that is large enough does the same.
 *
 * The cells of an array are drawn as dense as they are, which is what they say; the array as a whole is the target.
 * Columns of cells inside of a button, or beside an operation of the diagram, choose the unit as the button of its
 * number does; they take no focus and are not looked at.
 */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

/** A loop that collects what each turn gives. */
const SCRIPT = `import numpy as np
W = np.eye(4)
h = np.ones(4)
outputs = []
for t in range(3):
    h = np.tanh(W @ h)
    outputs.append(h)
all = np.concatenate(outputs)
print(all.shape)
`;

/** Opens all that folds, in the page. */
const unfold_all = () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
};

/** @param {string} id of a tab below the curves @returns {[string, string, (student: Student) => Promise<void>]} */
const tab = (id) => [
  "",
  `#panel-of-watch > unrolled-${id} > *`,
  ({ page }) => page.locator(`#tab-${id}`).click(),
];

/**
 * Where one looks: a link in the same page where another is wanted, what is shown last, and what is done before.
 * @type {[link: string, shown: string, act?: (student: Student) => Promise<void>][]}
 */
const PLACES = [
  [
    "#/step?v=1&step-at=20&step-panel=code",
    ".numbers button",
    async (student) => {
      await student.step_ready();
      await student.press("Numbers");
    },
  ],
  ["#/step?v=1&step-at=120&step-panel=code", ".code.back .now"],
  ["#/step?v=1&step-at=20&step-level=2&step-panel=cell", "unrolled-step-sum table"],
  ["#/step?v=1&step-at=20&step-number=cf:0:1:W:3&step-panel=number", ".explained-number form"],
  ["#/step?v=1&step-level=0", ".whole-sequence"],
  [
    "#/step?v=1&step-at=20&step-panel=code",
    ".accepted",
    async (student) => {
      await student.choose("Your own");
      await student.page.locator(".accepted").waitFor();
      await student.page.evaluate(unfold_all);
    },
  ],
  ["#/step?v=1&tour=2", ".tour-card"],
  [
    `#/step?v=1&step-script=${encodeURIComponent(SCRIPT)}&step-script-at=9`,
    "unrolled-script .entries li",
    async (student) => {
      await student.page.locator("unrolled-script .entries li").first().waitFor();
    },
  ],
  ["#/train?v=1&data=imdb&t=2&u=9", "#panel-of-watch > unrolled-gates figure"],
  ...["units", "gradients", "space", "expression", "surgery", "statistics", "mistakes"].map(tab),
  ["", "unrolled-document details[open]", ({ page }) => page.evaluate(unfold_all)],
  ["", ".experiment-menu", ({ page }) => page.locator(".menu-button").click()],
  [
    "#/write",
    ".laboratory-columns figure",
    async (student) => {
      await student.press("Begin with the beginning of the text");
      await student.page.locator(".laboratory-columns figure").nth(2).waitFor();
      await student.page.evaluate(unfold_all);
    },
  ],
];

/** Runs in the page: how many targets there are, and which are too small. */
function measure() {
  const LEAST = 24;
  /** Distances of layout are rounded. */
  const ROUNDING = 0.02;
  const TARGET = `a[href], button, input, select, textarea, summary, [contenteditable=true], [tabindex],
    [role=button], [role=tab]`;
  /** @typedef {{ left: number, top: number, right: number, bottom: number }} Box */
  /** With what hangs over its edge and takes clicks too. @param {Element} one @returns {Box} */
  const reach = (one) => {
    // Of a part of the diagram what is drawn: an empty text has a place too.
    const drawn = one instanceof SVGElement ? (one.querySelector("rect") ?? one) : one;
    const { left, top, right, bottom } = drawn.getBoundingClientRect();
    const over = getComputedStyle(one, "::before");
    if (over.content === "none" || over.position !== "absolute") return { left, top, right, bottom };
    const by = (/** @type {string} */ side) => Math.max(0, -parseFloat(over.getPropertyValue(side)) || 0);
    return {
      left: left - by("left"),
      top: top - by("top"),
      right: right + by("right"),
      bottom: bottom + by("bottom"),
    };
  };
  /** What is cut off by what scrolls around it is not there. @param {Element} one @param {Box} box */
  const is_cut = (one, { left, top, right, bottom }) => {
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    for (let around = one.parentElement; around; around = around.parentElement) {
      if (getComputedStyle(around).overflow === "visible") continue;
      const edge = around.getBoundingClientRect();
      if (x < edge.left || x > edge.right || y < edge.top || y > edge.bottom) return true;
    }
    return false;
  };
  /** Bars that stay while the page scrolls lie over other targets for a moment. @param {Element | null} one */
  const stays = (one) => {
    for (; one; one = one.parentElement)
      if (["fixed", "sticky"].includes(getComputedStyle(one).position)) return one;
    return null;
  };
  const targets = [...document.querySelectorAll(TARGET)]
    .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((one) => !one.matches(":disabled") && !one.closest("[inert]"))
    .filter((one) => getComputedStyle(one).pointerEvents !== "none")
    .map((one) => {
      const face = one.matches("[type=radio], [type=checkbox]") ? (one.closest("label") ?? one) : one;
      return { one, box: reach(face), bar: stays(one) };
    })
    .filter(({ one, box }) => box.right - box.left > 1 && box.bottom - box.top > 1 && !is_cut(one, box));
  const is_small = (/** @type {Box} */ { left, top, right, bottom }) =>
    right - left < LEAST - ROUNDING || bottom - top < LEAST - ROUNDING;
  const middle = (/** @type {Box} */ { left, top, right, bottom }) => [
    (left + right) / 2,
    (top + bottom) / 2,
  ];
  const crowd = (/** @type {typeof targets[number]} */ { one, box, bar }) => {
    const [x, y] = middle(box);
    return targets.find((other) => {
      if (other.one === one || other.bar !== bar) return false;
      if (other.one.contains(one) || one.contains(other.one)) return false;
      const { left, top, right, bottom } = other.box;
      const apart = Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
      if (apart < LEAST / 2 - ROUNDING) return true;
      const [u, v] = middle(other.box);
      return is_small(other.box) && Math.hypot(u - x, v - y) < LEAST - ROUNDING;
    });
  };
  /** Whether text stands on the same line beside it. @param {Element} one */
  const is_inline = (one) => {
    if (one instanceof SVGElement || !getComputedStyle(one).display.startsWith("inline")) return false;
    const beside = [one.previousSibling, one.nextSibling].filter((node) => node?.nodeType === Node.TEXT_NODE);
    return beside.some((node) => /\p{L}/u.test(node?.textContent ?? ""));
  };
  const name = (/** @type {Element} */ one) =>
    `${one.localName}.${one.getAttribute("class")} “${(
      one.getAttribute("aria-label") ??
      one.textContent ??
      ""
    )
      .replace(/\s+/g, " ")
      .trim()
      .slice(0, 40)}”`;
  const wrong = targets
    .filter(({ one, box }) => is_small(box) && !is_inline(one))
    .flatMap((target) => {
      const other = crowd(target);
      if (other && !is_small(other.box) && name(other.one).split(" “")[1] === name(target.one).split(" “")[1])
        return [];
      const { left, top, right, bottom } = target.box;
      const size = `${(right - left).toFixed(1)} × ${(bottom - top).toFixed(1)} px`;
      return other ? [`${name(target.one)}, ${size}, beside ${name(other.one)}`] : [];
    });
  return { count: targets.length, wrong };
}

test("targets_are_24_px_or_stand_apart", async () => {
  const student = await Student.arrive({ viewport: SIZES[0] });
  const { page } = student;
  await student.open(PLACES[0][0]);
  for (const [link, shown, act] of PLACES) {
    if (link)
      await page.evaluate((hash) => {
        location.hash = hash;
      }, link);
    await act?.(student);
    await page.locator(shown).first().waitFor({ state: "attached" });
    for (const size of SIZES) {
      await page.setViewportSize(size);
      const { count, wrong } = await page.evaluate(measure);
      assert.ok(count > 20, `${link}: ${count} targets`);
      assert.deepEqual(wrong, [], `${link} ${shown} at ${size.width} px`);
    }
    await page.setViewportSize(SIZES[0]);
  }
  await student.leave();
});
