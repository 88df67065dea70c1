/** Zoom of 400 %, colours of the browser's own, silence while training, and nothing that moves while a view arrives. */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

/** A window of 1280 × 1024 at a zoom of 400 %. */
const ZOOMED = { width: 320, height: 256 };

/** Bars that stay in sight may take this share of the window's height. */
const MOST_COVERED = 1 / 3;

/** What Chromium calls good: the sum of all shifts of a visit that no reader asked for. */
const MOST_SHIFT = 0.1;

/** Waits for what a view shows last. @type {Record<string, (student: Student) => Promise<void>>} */
const SHOWN = {
  step: (student) =>
    student.page.waitForFunction(() => performance.getEntriesByName("stepping-live").length > 0),
  train: (student) => student.ready(),
  write: ({ page }) => page.locator("unrolled-write-states canvas").first().waitFor({ state: "attached" }),
};

/** Runs in the page: how wide it is, and which share of its height bars cover that stay while it scrolls. */
async function bars() {
  scrollTo(0, 700);
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const stays = (/** @type {Element | null} */ at) => {
    for (; at; at = at.parentElement)
      if (["fixed", "sticky"].includes(getComputedStyle(at).position)) return true;
    return false;
  };
  let covered = 0;
  for (let y = 1; y < innerHeight; y += 2)
    if (stays(document.elementFromPoint(innerWidth / 2, y))) covered += 2;
  const { scrollWidth, clientWidth } = document.documentElement;
  return { covered: covered / innerHeight, scrollWidth, clientWidth };
}

test("at_a_zoom_of_400_percent_one_scrolls_down_alone_and_bars_leave_room", async () => {
  const student = await Student.arrive({ viewport: ZOOMED });
  for (const [view, shown] of Object.entries(SHOWN)) {
    await student.page.goto("about:blank");
    await student.open(`#/${view}`);
    await shown(student);
    const { covered, scrollWidth, clientWidth } = await student.page.evaluate(bars);
    assert.ok(scrollWidth <= clientWidth, `${view}: ${scrollWidth} px are wanted at ${clientWidth} px`);
    assert.ok(covered <= MOST_COVERED, `${view}: bars take ${(100 * covered).toFixed(0)} % of the height`);
  }
  await student.leave();
});

/** Runs in the page: counts what a screen reader would be told. */
function listen() {
  const LIVE = ["[aria-live]", "[role=status]", "[role=alert]", "output"]
    .map((one) => `${one}:not([aria-live=off])`)
    .join(", ");
  const told = /** @type {string[]} */ (Reflect.get(globalThis, "told") ?? []);
  Reflect.set(globalThis, "told", told);
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const element = target instanceof Element ? target : target.parentElement;
      const region = element?.closest(LIVE);
      if (region?.checkVisibility())
        told.push(`${region.localName}.${region.className}: ${region.textContent}`);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}

test("a_view_that_arrives_moves_nothing_and_training_tells_nobody_unasked", async () => {
  const student = await Student.arrive({ viewport: { width: 1280, height: 720 } });
  const { page } = student;
  await page.addInitScript(() => {
    Reflect.set(globalThis, "shift", 0);
    new PerformanceObserver((list) => {
      for (const entry of /** @type {any[]} */ (list.getEntries()))
        if (!entry.hadRecentInput)
          Reflect.set(globalThis, "shift", Reflect.get(globalThis, "shift") + entry.value);
    }).observe({ type: "layout-shift", buffered: true });
  });
  // So slow that the run does not end before all views are seen.
  await student.open("#/train?v=1&speed=5");
  await student.ready();
  await page.locator("#panel-of-watch > unrolled-gates > *").first().waitFor();
  const shift = await page.evaluate(() => Number(Reflect.get(globalThis, "shift")));
  assert.ok(shift < MOST_SHIFT, `a shift of ${shift.toFixed(3)}`);
  await page.evaluate(listen);
  await student.press("Train");
  let step = 0;
  for (const id of ["units", "gradients", "space", "surgery", "statistics", "mistakes", "gates"]) {
    await page.locator(`#tab-${id}`).click();
    await page.locator(`#panel-of-watch > unrolled-${id} > *`).first().waitFor();
    step = (await student.step()) + 3;
    await student.step_reached(step);
  }
  assert.deepEqual(await page.evaluate(() => Reflect.get(globalThis, "told")), []);
  await student.press("Pause");
  await student.leave();
});

/**
 * What is chosen, and something of the same kind that is not. @type {[link: string, chosen: string, other: string][]}
 */
const CHOSEN = [
  ["#/step", "nav a[aria-current]", "nav a:not([aria-current])"],
  ["#/step", ".phases .passed", ".phases .rail"],
  ["#/step", ".code li.now", ".code li:not(.now):not(.left-out)"],
  ["#/train", ".choice input:checked + span", ".choice input:not(:checked) + span"],
  ["#/train", "[role=tab][aria-selected=true]", "[role=tab][aria-selected=false]"],
];

/** What makes one look other than its neighbour. */
const LOOKS = [
  "backgroundColor",
  "color",
  "outline",
  "borderColor",
  "borderWidth",
  "borderStyle",
  "boxShadow",
  "fontWeight",
];

/** What says something by its background alone. @type {[link: string, drawn: string][]} */
const DRAWN = [
  ["#/step?v=1&step-at=30", ".parts .bar"],
  ["#/step?v=1&step-at=30", "unrolled-chain .arrow:not(.idle)"],
  ["#/step?v=1&step-at=30", ".step .scale i"],
  ["#/step?v=1&step-at=250", "unrolled-chain .ruler i"],
  ["#/train", ".words .word"],
  ["#/train", ".colours i"],
];

test("with_colours_of_the_browsers_own_what_is_chosen_can_be_seen", async () => {
  const student = await Student.arrive({ forcedColors: "active" });
  for (const [link, chosen, other] of CHOSEN) {
    if (!student.page.url().endsWith(link)) {
      await student.open(link);
      await SHOWN[link.slice(2)](student);
    }
    const looks = (/** @type {string} */ selector) =>
      student.page
        .locator(selector)
        .first()
        .evaluate((element, names) => {
          const style = getComputedStyle(element);
          return names.map((name) => Reflect.get(style, name));
        }, LOOKS);
    assert.notDeepEqual(await looks(chosen), await looks(other), `${chosen} looks as ${other} does`);
  }
  for (const [link, drawn] of DRAWN) {
    await student.page.evaluate((hash) => {
      location.hash = hash;
    }, link);
    const found = student.page.locator(drawn).first();
    await found.waitFor();
    const { forcedColorAdjust, ...background } = await found.evaluate((element) => {
      const { forcedColorAdjust, backgroundColor, backgroundImage } = getComputedStyle(element);
      return { forcedColorAdjust, backgroundColor, backgroundImage };
    });
    assert.equal(forcedColorAdjust, "none", drawn);
    assert.notDeepEqual(background, { backgroundColor: "rgba(0, 0, 0, 0)", backgroundImage: "none" }, drawn);
  }
  await student.page.evaluate(() => {
    location.hash = "#/step?v=1&step-level=0";
  });
  const here = student.page.locator(".labels > .here").first();
  await here.waitFor();
  assert.equal(await here.evaluate((one) => getComputedStyle(one).forcedColorAdjust), "none");
  const mark = student.page.locator("unrolled-cells > i").first();
  assert.equal(await mark.evaluate((one) => getComputedStyle(one).outlineStyle), "solid");
  await student.leave();
});
