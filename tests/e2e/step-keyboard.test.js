import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { test } from "./harness.js";
import { SCHEMES, Student } from "./student.js";

const FOLDER = new URL("../../screenshots/", import.meta.url).pathname;
mkdirSync(FOLDER, { recursive: true });

/** @param {Student} student @param {string} [fragment] */
async function open(student, fragment = "") {
  await student.open(fragment);
  await student.step_ready();
}

test("the_step_view_is_used_with_the_keyboard_alone", async () => {
  const student = await Student.arrive();
  await open(student, "#/step?step-at=19&step-unit=5");
  const { page } = student;
  const said = () => page.locator("unrolled-step-sentence [aria-live=polite]").textContent();
  await page.keyboard.press("ArrowRight");
  assert.match((await said()) ?? "", /“bad”, line \d+\. The candidate of unit 5 is/);
  await page.keyboard.press("ArrowUp");
  assert.match((await page.locator(".which").textContent()) ?? "", /g\[4\]/);
  await page.keyboard.press("Shift+ArrowRight");
  assert.match((await said()) ?? "", /“film”, line \d+/);
  await page.keyboard.press("Shift+ArrowLeft");
  assert.match((await said()) ?? "", /“bad”, line \d+/);
  await page.keyboard.press("Enter");
  await page.getByText("One sum, term by term").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.getByText("The whole sequence, unrolled").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("group", { name: "Diagram of the cell" }).waitFor();
  await page.waitForFunction(
    () => location.hash.includes("step-at=20") && location.hash.includes("step-unit=4"),
  );
  await student.leave();
});

/**
 * Runs in the page: goes through every array that takes the focus with arrows alone. Gives what is not said of its
 * cells, and how many there are.
 */
async function through_arrays() {
  const main = /** @type {HTMLScriptElement} */ (document.querySelector('script[src$="/main.js"]')).src;
  const { fine } = await import(new URL("state/shared/format.js", main).href);
  const readout = /** @type {any} */ (document.querySelector("unrolled-step-readout"));
  const press = (/** @type {Element} */ at, /** @type {string} */ key) =>
    at.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const missing = [];
  let cells = 0;
  for (const field of /** @type {NodeListOf<any>} */ (
    document.querySelectorAll("unrolled-cells[tabindex='0']")
  )) {
    if (!field.checkVisibility()) continue;
    field.focus({ focusVisible: true });
    const names = new Set();
    const label = field.getAttribute("aria-label");
    for (let k = 0; k < field.data.length; k++) {
      if (k > 0) press(field, field.by_column ? "ArrowDown" : "ArrowRight");
      await readout.updateComplete;
      const said = readout.querySelector(".readout:not([hidden]) p")?.textContent ?? "nothing";
      names.add(said.split(/ = /)[0]);
      if (!said.endsWith(` = ${fine(field.data[k])}`)) missing.push(`${label}, cell ${k}: ${said}`);
    }
    if (names.size !== field.data.length)
      missing.push(`${label}: ${names.size} of ${field.data.length} names`);
    cells += names.size;
    // Back by a row and a number.
    press(field, "ArrowUp");
    press(field, "ArrowLeft");
  }
  return { missing: missing.slice(0, 9), cells };
}

/** Runs in the page: goes round the diagram with arrows alone; what is said of each part, and the wires' names. */
async function round_the_diagram() {
  const main = /** @type {HTMLScriptElement} */ (document.querySelector('script[src$="/main.js"]')).src;
  const step = await import(new URL("state/step/step.js", main).href);
  const { gradient_name } = await import(new URL("views/step/diagram_facts.js", main).href);
  const view = /** @type {any} */ (document.querySelector("unrolled-step-diagram"));
  /** @type {HTMLElement} */ (view.querySelector("[data-stop][tabindex='0']")).focus();
  const said = [];
  for (let k = view.querySelectorAll("[data-stop]").length; k > 0; k--) {
    said.push(document.activeElement?.getAttribute("aria-label") ?? "");
    const press = new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(press);
    await view.updateComplete;
  }
  const { wires } = step.stepping.value.diagram(...view.room);
  const back = step.position.value.pass === "backward";
  const named = wires.filter((/** @type {any} */ { name }) => name);
  const names = named.map((/** @type {any} */ { name }) => (back ? gradient_name(name) : name));
  return { said, names: /** @type {string[]} */ ([...new Set(names)]) };
}

/** @param {Student} student */
async function says_all_wires({ page }) {
  const { said, names } = await page.evaluate(round_the_diagram);
  for (const name of names)
    assert.ok(
      said.some((one) => one.split(/,|_before/)[0] === name),
      `${name} is said among ${said.join(" | ")}`,
    );
}

test("arrows_reach_every_cell_of_an_array_every_wire_and_every_word_and_each_is_said", async () => {
  const student = await Student.arrive({ viewport: { width: 1440, height: 900 } });
  const { page } = student;
  await open(student, "#/step?v=1&step-at=20");
  for (const [at, arrays, listing] of /** @type {const} */ ([
    [20, 8 + 12 + 12 + 8 * 48 + 12 * 48 + 48 + 12, ".code:not(.back) .now"],
    [120, 12, ".code.back .now"],
  ])) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#/step?v=1&step-at=${at}`);
    await page.locator(listing).waitFor();
    const { missing, cells } = await page.evaluate(through_arrays);
    assert.deepEqual(missing, []);
    assert.ok(cells >= arrays, `${cells} cells`);
    await says_all_wires(student);
  }

  // A cell with wires beside which there is no room for a number.
  await page.evaluate(() => {
    location.hash = "#/step?v=1&step-cell=nas&step-at=20";
  });
  await page.locator(".untold[data-stop]").first().waitFor({ state: "attached" });
  await says_all_wires(student);
  await page.evaluate(() => {
    location.hash = "#/step?v=1&step-at=20";
  });
  await page.locator(".code .now", { hasText: "g = np.tanh(z_c)" }).waitFor();

  await page.locator("unrolled-chain .box[tabindex='0']").focus();
  await page.keyboard.press("Home");
  const words = ["not", "a", "bad", "film", "just", "a", "very", "slow", "one"];
  for (const [k, word] of words.entries()) {
    const spoken = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    assert.ok(spoken?.startsWith(`${word}, word ${k + 1} of 9`), `${spoken}`);
    await page.keyboard.press("ArrowRight");
  }
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await page.locator("unrolled-chain .box.here[data-t='0']").waitFor();

  const first = page.getByRole("application", { name: /^x, 8/ });
  await first.focus();
  for (let k = 0; k < 8; k++) {
    await page.keyboard.press("Enter");
    await page.locator(".which", { hasText: `x[${k}]` }).waitFor();
    await page.keyboard.press("ArrowRight");
  }
  await student.leave();
});

test("the_page_shows_a_recorded_step_before_the_engine_is_there", async () => {
  const student = await Student.arrive();
  student.expect_complaint(/ERR_FAILED|Failed to load resource/);
  await student.page.route("**/*.wasm", (route) => route.abort());
  await student.open("");
  await student.page.locator(".code .now", { hasText: "def step(x, h, c, W, U, b)" }).waitFor();
  assert.match((await student.page.locator("[data-figure=number]").textContent()) ?? "", /^−?\d\.\d{3}$/);
  assert.match(
    (await student.page.locator("unrolled-step-origin").textContent()) ?? "",
    /a recorded network/,
  );
  await student.leave();
});

test("with_reduced_motion_nothing_moves_by_itself_in_the_step_view", async () => {
  const student = await Student.arrive({ reducedMotion: "reduce" });
  await open(student);
  await student.page.keyboard.press("ArrowRight");
  assert.equal(await student.page.evaluate(() => document.getAnimations().length), 0);
  await student.leave();
});

const SIZES = [
  { width: 390, height: 844 },
  { width: 1024, height: 768 },
  { width: 1440, height: 900 },
];

test("the_step_view_stays_inside_of_the_page_in_either_scheme", async () => {
  // Each page begins in another size and is looked at in all of them.
  for (const [first, name, fragment] of /** @type {const} */ ([
    [0, "gates", "#/step"],
    [1, "back", "#/step?step-at=90&step-unit=5"],
    [2, "gru", "#/step?step-cell=gru&step-at=30"],
  ])) {
    const student = await Student.arrive({ viewport: SIZES[first] });
    await open(student, fragment);
    for (let k = 0; k < SIZES.length; k++) {
      const viewport = SIZES[(first + k) % SIZES.length];
      await student.page.setViewportSize(viewport);
      for (const scheme of SCHEMES) {
        await student.wear(scheme);
        const { wanted, given } = await student.page.evaluate(() => ({
          wanted: document.documentElement.scrollWidth,
          given: document.documentElement.clientWidth,
        }));
        assert.ok(wanted <= given, `${wanted} px are wanted at ${viewport.width} px`);
        await student.page.screenshot({ path: `${FOLDER}step-${name}-${viewport.width}-${scheme}.png` });
      }
    }
    await student.leave();
  }
});
