import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

/** WCAG 2.2, 1.4.3, level AA, for text of usual size. */
const LEAST = 4.5;

/** Where the text is looked at, and the least number of pieces of text that must be found there. */
const PLACES = { ".code": 20, ".paper": 5, ".legend": 1, "unrolled-chain": 10, "unrolled-step-transport": 8 };

/**
 * The contrast of every piece of text below a selector against what is behind it, by the formula of WCAG 2.2.
 * @param {Student} student
 * @param {string} selector
 */
function contrasts(student, selector) {
  return student.page.evaluate((selector) => {
    const canvas = new OffscreenCanvas(1, 1);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
      canvas.getContext("2d", { willReadFrequently: true })
    );
    /** Paints colours over each other and reads what is seen. @param {string[]} colors the lowest first */
    const seen = (colors) => {
      context.clearRect(0, 0, 1, 1);
      for (const color of ["white", ...colors]) {
        context.fillStyle = color;
        context.fillRect(0, 0, 1, 1);
      }
      return [...context.getImageData(0, 0, 1, 1).data.subarray(0, 3)];
    };
    const luminance = (/** @type {number[]} */ rgb) => {
      const [r, g, b] = rgb.map((byte) => {
        const share = byte / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    /** Backgrounds from the page up to the text; a shape drawn before a text of the picture is behind it. */
    const behind = (/** @type {Element} */ element) => {
      /** @type {string[]} */
      const colors = [];
      const shape = element.closest("g")?.querySelector("rect");
      if (element.closest("svg") && shape) colors.push(getComputedStyle(shape).fill);
      for (let at = /** @type {Element | null} */ (element); at; at = at.parentElement)
        colors.unshift(getComputedStyle(at).backgroundColor);
      return colors;
    };
    /** @type {{ text: string, contrast: number }[]} */
    const found = [];
    for (const place of document.querySelectorAll(selector)) {
      const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const text = walker.currentNode.textContent?.trim() ?? "";
        const element = /** @type {Element} */ (walker.currentNode.parentElement);
        if (text === "" || element.closest(".unseen, option, title, :disabled") || !element.checkVisibility())
          continue;
        const style = getComputedStyle(element);
        let opacity = 1;
        for (let at = /** @type {Element | null} */ (element); at; at = at.parentElement)
          opacity *= Number(getComputedStyle(at).opacity);
        const colors = behind(element);
        const back = seen(colors);
        const drawn = seen([...colors, element.closest("svg") ? style.fill : style.color]);
        const front = drawn.map((byte, k) => opacity * byte + (1 - opacity) * back[k]);
        const [dark, light] = [luminance(back), luminance(front)].sort((a, b) => a - b);
        found.push({ text, contrast: (light + 0.05) / (dark + 0.05) });
      }
    }
    return found;
  }, selector);
}

for (const colorScheme of /** @type {("light" | "dark")[]} */ (["light", "dark"])) {
  test(`all_text_of_code_picture_and_chain_can_be_read_in_the_${colorScheme}_scheme`, async () => {
    const student = await Student.arrive({ colorScheme });
    for (const fragment of [
      "#/step?step-at=26&step-unit=5",
      "#/step?step-at=100&step-unit=5",
      "#/step?step-cell=gru&step-at=20&step-unit=5",
    ]) {
      await student.open(fragment);
      await student.step_ready();
      for (const [selector, least] of Object.entries(PLACES)) {
        const found = await contrasts(student, selector);
        assert.ok(found.length >= least, `${found.length} pieces of text in ${selector}`);
        const weak = found.filter(({ contrast }) => contrast < LEAST);
        assert.deepEqual(
          weak.map(({ text, contrast }) => `${text} at ${contrast.toFixed(2)}`),
          [],
          `${selector} at ${fragment}`,
        );
      }
      await student.page.goto("about:blank");
    }
    await student.leave();
  });
}
