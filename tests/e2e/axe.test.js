/**
 * Within reach of everybody: axe-core finds nothing against WCAG 2.2 AA in the states of the views; the skip link.
 *
 * A page goes from state to state. In each it is looked at in the light scheme with all rules, in the dark one by its
 * contrasts, since names and roles are the same there, with colours of the browser's own by its contrasts too, and in
 * the width of a phone with all rules but contrasts. What differs from a state before is looked at alone.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "./harness.js";
import { Student } from "./student.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Experimental: it wants each number that is drawn in a button in the name of the button. */
const EXPERIMENTAL = { "label-content-name-mismatch": { enabled: false } };

/** The phone is so high that nothing lies below a bar that stays where the page scrolls. */
const WIDE = { width: 1280, height: 860 },
  PHONE = { width: 390, height: 3000 };

/** How a state is looked at; `axe` is what its `run` is told. */
const LOOKS = [
  { look: "light", scheme: "light", size: WIDE, axe: { runOnly: TAGS, rules: EXPERIMENTAL } },
  {
    look: "dark",
    scheme: "dark",
    size: WIDE,
    axe: { runOnly: { type: "rule", values: ["color-contrast"] } },
  },
  {
    look: "forced colours",
    scheme: "dark",
    forced: true,
    size: WIDE,
    axe: { runOnly: { type: "rule", values: ["color-contrast"] } },
  },
  {
    look: "phone",
    scheme: "light",
    size: PHONE,
    axe: { runOnly: TAGS, rules: { ...EXPERIMENTAL, "color-contrast": { enabled: false } } },
  },
];

/**
 * @typedef {object} State
 * @property {string} name
 * @property {(student: Student) => Promise<unknown>} reach from the state before
 * @property {string} [part] what differs from a state before; everything where nothing is said
 */

/** Another link in the same page. @param {string} link @returns {State["reach"]} */
const at = (link) => async (student) => {
  await student.page.evaluate((hash) => {
    location.hash = hash;
  }, link);
};

/** A position of the Step view, when it is shown. @param {string} link @param {string} shown a selector */
const position = (link, shown) => async (/** @type {Student} */ student) => {
  await at(link)(student);
  await student.page.locator(shown).first().waitFor();
};

/** @param {string} link of the Step view, opened anew */
const step_opened = (link) => async (/** @type {Student} */ student) => {
  await student.open(link);
  await student.step_ready();
};

/** Opens what folds. @param {string} summary */
const unfold =
  (summary) =>
  async (/** @type {Student} */ { page }) => {
    const found = page.locator("summary", { hasText: summary }).locator("visible=true").first();
    await found.click();
  };

/** A tab below the curves, with what it loads. @param {string} id */
const watch = (id) => ({
  name: `watch ${id}`,
  reach: async (/** @type {Student} */ { page }) => {
    await page.locator(`#tab-${id}`).click();
    await page.locator(`#panel-of-watch > unrolled-${id} > *`).first().waitFor();
  },
  part: ".watch-tabs",
});

/** @type {State[]} */
const STEP = [
  { name: "step", reach: step_opened("#/step") },
  { name: "backwards", reach: position("#/step?v=1&step-at=250", ".code.back"), part: "#view-step" },
  {
    name: "the whole sequence",
    reach: position("#/step?v=1&step-level=0", ".whole-sequence"),
    part: "#view-step",
  },
  {
    name: "a sum",
    reach: position("#/step?v=1&step-at=20&step-level=2&step-panel=cell", "unrolled-step-sum table"),
    part: "unrolled-step-sum",
  },
  {
    name: "a number that can be changed",
    reach: position(
      "#/step?v=1&step-at=20&step-number=cf:0:1:W:3&step-panel=number",
      ".explained-number form",
    ),
    part: ".explained-number",
  },
  {
    name: "a table of a weight",
    reach: async ({ page }) => {
      await page.locator("figure.array").getByRole("button", { name: "Numbers of W as a table" }).click();
      await page.locator("dialog[open] td").first().waitFor();
    },
    part: "unrolled-table",
  },
  {
    name: "three unrollings",
    reach: async ({ page }) => {
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Three unrollings" }).click();
      await page.locator("unrolled-step-unrollings dialog[open] .scroll > *:not([role])").first().waitFor();
    },
    part: "unrolled-step-unrollings",
  },
  {
    name: "the guide",
    reach: async ({ page }) => {
      await page.keyboard.press("Escape");
      await page.evaluate(() =>
        /** @type {HTMLDialogElement} */ (document.getElementById("guide")).showModal(),
      );
    },
    part: "#guide",
  },
  {
    name: "an own cell",
    reach: async (student) => {
      await student.page.keyboard.press("Escape");
      await student.choose("Your own");
      await student.page.locator(".accepted").waitFor();
      await student.page.getByRole("textbox", { name: "Your listing" }).waitFor();
    },
    part: ".columns",
  },
  {
    name: "an own cell with a mistake",
    reach: async ({ page }) => {
      await page.getByRole("textbox", { name: "Your listing" }).click();
      await page.keyboard.press("Control+End");
      await page.keyboard.type("\n    wrong = = 3");
      await page.locator(".mistakes").waitFor();
    },
    part: "unrolled-step-editor",
  },
  {
    name: "the tour",
    reach: position("#/step?v=1&tour=2", "unrolled-tour .tour-card"),
    part: "unrolled-tour",
  },
];

/** @type {State[]} */
const TRAIN = [
  {
    name: "train",
    reach: async (student) => {
      await student.open("#/train?v=1&data=imdb&t=2&u=9");
      await student.ready();
      await student.page.locator("#panel-of-watch > unrolled-gates > *").first().waitFor();
    },
  },
  {
    name: "after an update",
    reach: async (student) => {
      await student.press("One update");
      await student.step_reached(1);
    },
    part: ".stage",
  },
  ...["units", "gradients", "space", "expression", "surgery", "statistics", "mistakes"].map(watch),
  { name: "options of training", reach: unfold("Loss and optimizer"), part: "unrolled-training-options" },
  { name: "code of Keras", reach: unfold("The model as Keras code"), part: "unrolled-keras-code" },
  { name: "what to take along", reach: unfold("Take it with you"), part: "unrolled-document" },
  { name: "what is kept", reach: unfold("Kept on this machine"), part: "unrolled-document" },
  { name: "how texts are read", reach: unfold("How they are read"), part: "unrolled-data" },
  { name: "own data", reach: unfold("Your own data"), part: "unrolled-data" },
  {
    name: "the menu",
    reach: ({ page }) => page.locator(".menu-button").click(),
    part: "unrolled-experiments",
  },
];

/** @type {State[]} */
const WRITE = [
  {
    name: "write",
    reach: async (student) => {
      await student.open("#/write");
      await student.page.getByRole("button", { name: "Pause", exact: true }).click();
      await student.page.locator("unrolled-write-states canvas").first().waitFor();
    },
  },
  {
    name: "the laboratory",
    reach: async (student) => {
      await student.press("Begin with the beginning of the text");
      await student.page.locator(".laboratory-columns figure").nth(2).waitFor();
    },
    part: "unrolled-write-laboratory",
  },
  { name: "a text to learn from", reach: unfold("A text of your own"), part: "unrolled-write-training" },
];

/**
 * What axe finds in a state.
 * @param {Student} student @param {State} state @param {typeof LOOKS[number]} looked
 */
async function violations({ page }, { name, part }, { look, axe }) {
  const found = await page.evaluate(
    async ({ part, axe }) => {
      scrollTo(0, 0);
      const { violations } = await /** @type {any} */ (globalThis).axe.run(part ?? document, {
        ...axe,
        resultTypes: ["violations"],
        preload: false,
      });
      return violations.flatMap((/** @type {any} */ { id, nodes }) =>
        nodes.map((/** @type {any} */ { target, any }) => `${id} ${target} ${any[0]?.message ?? ""}`),
      );
    },
    { part, axe },
  );
  return found.map((/** @type {string} */ one) => `${name}, ${look}: ${one}`);
}

/** @param {Student} student @param {typeof LOOKS[number]} looked */
async function put_on({ page }, { scheme, size, forced }) {
  await page.emulateMedia({
    colorScheme: /** @type {"light" | "dark"} */ (scheme),
    forcedColors: forced ? "active" : "none",
  });
  if (page.viewportSize()?.width !== size.width) await page.setViewportSize(size);
}

for (const [view, states] of Object.entries({ step: STEP, train: TRAIN, write: WRITE })) {
  test(`axe_finds_nothing_in_any_state_of_${view}`, async () => {
    const student = await Student.arrive({ viewport: WIDE });
    /** @type {string[]} */
    const found = [];
    for (const state of states) {
      await state.reach(student);
      // Outside of the page's policy, as an extension of the browser would be.
      if (await student.page.evaluate(() => !("axe" in globalThis))) await student.page.evaluate(AXE);
      for (const look of LOOKS) {
        await put_on(student, look);
        found.push(...(await violations(student, state, look)));
      }
      await put_on(student, LOOKS[0]);
    }
    assert.deepEqual(found, []);
    await student.leave();
  });
}

test("axe_finds_nothing_in_the_bench_page", async () => {
  const student = await Student.arrive({ viewport: WIDE });
  await student.open("bench.html");
  await student.page.getByRole("button").first().waitFor();
  await student.page.evaluate(AXE);
  /** @type {string[]} */
  const found = [];
  for (const look of LOOKS) {
    await put_on(student, look);
    found.push(...(await violations(student, { name: "bench", reach: async () => null }, look)));
  }
  assert.deepEqual(found, []);
  await student.leave();
});

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
