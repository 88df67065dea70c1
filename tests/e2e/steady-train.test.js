import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
  { width: 1024, height: 768 },
];

/**
 * What shows data may change its own box: the prediction, the bars of the gradient and the marks on
 * their axis, what the figures belong to.
 */
const DATA =
  ".verdict *, .prediction li i, unrolled-influence svg *, unrolled-influence .axis *, .origin, progress, " +
  "unrolled-progress .detail, .judged-set *, .judged-when *";

/** Runs in the page: the boxes of all elements of the Train view, by their place in the tree. @param {string} data */
function boxes(data) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const element of document.querySelectorAll("#view-train *, header.top *, footer *")) {
    if (element.matches(data) || element.closest("svg, option, .said")) continue;
    const { left, top, width, height } = element.getBoundingClientRect();
    if (width === 0 && height === 0) continue;
    // Of what is written inside of a line only the place of the line counts: numbers have different widths.
    const inline = getComputedStyle(element).display.startsWith("inline");
    const sticky = element.closest("unrolled-transport"); // It stays at the top of the window.
    const scrolled = sticky ? -sticky.getBoundingClientRect().top : scrollY;
    const place = inline ? [top + scrolled, height] : [left, top + scrolled, width, height];
    let path = "";
    for (let at = element; at.parentElement; at = at.parentElement)
      path = `/${at.localName}.${at.className}:${[...at.parentElement.children].indexOf(at)}${path}`;
    found[path] = place.map((value) => value.toFixed(1)).join(" ");
  }
  return found;
}

/** @param {Record<string, string>} before @param {Record<string, string>} after */
function moved(before, after) {
  return Object.keys(before)
    .filter((path) => path in after && before[path] !== after[path])
    .map((path) => `${path.slice(-120)}: ${before[path]} → ${after[path]}`);
}

test("while_training_runs_nothing_moves_but_the_data_at_three_sizes", async () => {
  const student = await Student.arrive({ viewport: SIZES[0] });
  await student.open("#/train?v=1&data=imdb&speed=20");
  await student.ready();
  await student.press("Train");
  // At each size over a while in which a validation comes, at the first one from the first update on.
  for (const [k, [update, ...later]] of [
    [1, 5, 12, 30],
    [35, 42, 60],
    [65, 72, 85],
  ].entries()) {
    await student.page.setViewportSize(SIZES[k]);
    await student.step_reached(update);
    await student.page.waitForTimeout(300);
    const first = await student.page.evaluate(boxes, DATA);
    assert.ok(Object.keys(first).length > 100);
    for (const then of later) {
      await student.step_reached(then);
      const now = await student.page.evaluate(boxes, DATA);
      assert.deepEqual(moved(first, now), [], `${SIZES[k].width} px, after update ${then}`);
    }
    const cut = await student.page
      .locator(".reading-of-update span")
      .evaluateAll((all) =>
        all.filter((one) => one.scrollHeight > one.clientHeight).map((one) => one.textContent),
      );
    assert.deepEqual(cut, [], "what the charts show is said in full");
  }
  await student.press("Pause");
  await student.ready();
  await student.leave();
});

test("reading_a_number_moves_nothing", async () => {
  const student = await Student.arrive({ viewport: SIZES[1] });
  await student.open("#/train?v=1&data=imdb&speed=0");
  await student.ready();
  await student.press("Train");
  await student.step_reached(30);
  await student.press("Pause");
  await student.ready();
  await student.page.waitForFunction(() =>
    document.querySelector(".ending")?.textContent?.match(/Paused|Finished/),
  );
  const { page } = student;
  const places = [
    page.locator("unrolled-history .plot").first(),
    page.locator("unrolled-history .plot").nth(1),
    page.locator("unrolled-heatmap .field").first(),
    page.locator("unrolled-influence svg").last(),
    page.locator(".words li").nth(2),
    page.locator(".standing-figure").last(),
  ];
  await page.locator("unrolled-influence").scrollIntoViewIfNeeded();
  const first = await page.evaluate(boxes, DATA);
  for (const [k, place] of places.entries()) {
    await place.scrollIntoViewIfNeeded();
    await place.hover();
    await page.waitForTimeout(250);
    assert.deepEqual(moved(first, await page.evaluate(boxes, DATA)), [], `place ${k + 1}`);
  }
  await student.leave();
});

test("figures_speak_when_they_are_asked_and_only_then", async () => {
  const student = await Student.arrive();
  await student.open("#/train?v=1&data=imdb&speed=20&t=2&u=9");
  await student.ready();
  const { page } = student;
  await page.evaluate(() => {
    const live = "[aria-live]:not([aria-live=off]), [role=status], [role=alert], output";
    const heard = /** @type {string[]} */ ([]);
    Object.assign(globalThis, { heard });
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const element = target instanceof Element ? target : target.parentElement;
        const region = element?.closest(live);
        if (region?.textContent?.trim()) heard.push(region.textContent.trim());
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  const heard = () => page.evaluate(() => /** @type {any} */ (globalThis).heard.splice(0));
  await student.press("Train");
  await student.step_reached(20);
  await heard();
  await student.step_reached(60);
  assert.deepEqual(await heard(), [], "training says nothing by itself");
  await page.locator("unrolled-history .plot").first().focus();
  await page.keyboard.press("ArrowLeft");
  assert.match((await heard()).join(" "), /Update \d+: \d\.\d+, mean of minus log p over the 32 reviews/);
  await page.locator("unrolled-heatmap .field").first().focus();
  await page.keyboard.press("ArrowRight");
  assert.match((await heard()).join(" "), /unit 9 lets in \d+ % of its candidate/);
  await page.locator(".standing-figure").first().click();
  assert.match((await heard()).join(" "), /Update \d+/);
  await page.waitForFunction(() => document.querySelector(".said")?.textContent === "");
  await student.press("Pause");
  await student.ready();
  await student.leave();
});

test("the_last_validation_is_drawn_without_being_pointed_at", async () => {
  const student = await Student.arrive();
  await student.open("#/train?v=1&data=imdb&units=2&embedding=2&maxlen=10&speed=0");
  await student.ready();
  await student.press("Train");
  await student.page.waitForFunction(() =>
    document.querySelector(".ending")?.textContent?.includes("epochs."),
  );
  const label = "unrolled-history .plot";
  await student.page.waitForFunction((plot) => {
    const says = document.querySelector(plot)?.getAttribute("aria-label") ?? "";
    const updates = /over (\d+) updates/.exec(says)?.[1];
    return updates !== undefined && says.includes(`at update ${updates}`.replace("at", "after"));
  }, label);
  const picture = () =>
    student.page
      .locator(`${label} canvas`)
      .first()
      .evaluate((canvas) => {
        return /** @type {HTMLCanvasElement} */ (canvas).toDataURL();
      });
  await student.page.waitForTimeout(500);
  const drawn = await picture();
  await student.page.locator(label).first().hover();
  await student.page.waitForTimeout(300);
  await student.page.mouse.move(0, 0);
  await student.page.waitForTimeout(500);
  assert.equal(await picture(), drawn, "pointing at the chart and leaving it changes nothing");
  await student.leave();
});

test("a_number_outside_of_its_limits_is_set_and_said_so", async () => {
  const student = await Student.arrive();
  await student.open();
  await student.ready();
  const units = student.page.getByRole("spinbutton", { name: "Units" });
  await units.fill("999");
  await units.press("Enter");
  await student.page.getByText("1 to 128: set to 128").waitFor();
  assert.equal(await units.inputValue(), "128");
  await student.ready();
  await units.fill("64");
  assert.equal(await student.page.locator(".was-set").count(), 0);
  await student.leave();
});
