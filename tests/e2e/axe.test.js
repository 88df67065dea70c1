/** Within reach of everybody: axe-core finds nothing against WCAG 2.2 AA in the states of the views; the skip link. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "./harness.js";
import { Student } from "./student.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Experimental: it wants each number that is drawn in a button in the name of the button. */
const EXPERIMENTAL = { "label-content-name-mismatch": { enabled: false } };

/** @typedef {import("playwright-core").BrowserContextOptions} Options */

/** How a reader may see the page. @type {Record<string, Options>} */
const LOOKS = {
  light: {},
  dark: { colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 } },
  forced_colours: { forcedColors: "active" },
};

/** The Step view with computed numbers, whatever panel is shown. @param {Student} student */
async function live(student) {
  await student.page.waitForFunction(() => performance.getEntriesByName("stepping-live").length > 0);
}

/**
 * States of the page, and what each waits for.
 * @type {Record<string, [string, (student: Student) => Promise<void>]>}
 */
const STATES = {
  step: [
    "#/step",
    async (student) => {
      await live(student);
    },
  ],
  step_backwards: ["#/step?v=1&step-at=250&step-panel=number", live],
  step_whole: ["#/step?v=1&step-level=0", live],
  step_sum: ["#/step?v=1&step-at=20&step-level=2&step-panel=cell", live],
  step_own: [
    "#/step?v=1&step-cell=own",
    async (student) => {
      await live(student);
      if ((await student.page.locator(".cm-content").count()) === 0)
        await student.page.getByRole("button", { name: "Edit the listing" }).click();
      await student.page.getByRole("textbox", { name: "Your listing" }).waitFor();
      await student.page.getByText("Accepted.").waitFor();
    },
  ],
  step_guide: [
    "#/step",
    async (student) => {
      await live(student);
      await student.page.evaluate(() =>
        /** @type {HTMLDialogElement} */ (document.getElementById("guide")).showModal(),
      );
    },
  ],
  step_tour: [
    "#/step?v=1&tour=2",
    async (student) => student.page.locator("unrolled-tour-card, .tour").first().waitFor(),
  ],
  train: ["#/train", async (student) => student.ready()],
  train_trained: [
    "#/train",
    async (student) => {
      await student.ready();
      await student.press("One update");
      await student.step_reached(1);
    },
  ],
  train_menu: [
    "#/train",
    async (student) => {
      await student.ready();
      await student.page.locator(".menu-button").click();
    },
  ],
};

/** @param {Student} student @returns {Promise<string[]>} */
async function violations(student) {
  // Outside of the page's policy, as an extension of the browser would be.
  await student.page.evaluate(AXE);
  const { violations: found } = await student.page.evaluate(
    ({ runOnly, rules }) =>
      /** @type {any} */ (globalThis).axe.run(document, { runOnly, rules, resultTypes: ["violations"] }),
    { runOnly: TAGS, rules: EXPERIMENTAL },
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any }) => `${id} ${target} ${any[0]?.message ?? ""}`),
  );
}

for (const [look, options] of Object.entries(LOOKS)) {
  test(`axe_finds_nothing_${look}`, async () => {
    /** @type {string[]} */
    const found = [];
    for (const [state, [fragment, reach]] of Object.entries(STATES)) {
      const student = await Student.arrive(options);
      await student.open(fragment);
      await reach(student);
      found.push(...(await violations(student)).map((one) => `${state}: ${one}`));
      await student.leave();
    }
    assert.deepEqual(found, []);
  });
}

test("the_skip_link_leads_to_the_view_that_is_shown", async () => {
  const student = await Student.arrive();
  for (const view of ["step", "train"]) {
    await student.open(`#/${view}`);
    await student.page.locator(`#view-${view}`).waitFor();
    await student.page.getByRole("link", { name: "Skip to the content" }).press("Enter");
    assert.equal(await student.page.evaluate(() => document.activeElement?.id), `view-${view}`);
    assert.match(student.page.url(), new RegExp(`#/${view}`));
    await student.page.goto("about:blank");
  }
  await student.leave();
});
