/**
 * What is stepped through: the networks of the menu, the settings that tutorial 003 brings and takes away, fields with
 * limits, and what is said of a number that is none.
 */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student, until } from "./student.js";

/** @param {Student} student @param {string} [fragment] */
async function open(student, fragment = "#/step") {
  await student.open(fragment);
  await student.step_ready();
}

/** @param {Student} student */
const menu = (student) => student.page.getByRole("combobox", { name: "Network" });

/** @param {Student} student @returns {Promise<string[]>} what can be chosen */
const networks = async (student) =>
  (await menu(student).locator("option").allTextContents()).map((title) => title.trim());

/** @param {Student} student @param {RegExp} pattern waits until this is said of the network */
const looks_at = (student, pattern) =>
  student.page.locator("unrolled-step-origin p", { hasText: pattern }).waitFor({ state: "attached" });

/** @param {Student} student the prediction after the first word */
const first_prediction = (student) =>
  student.page.locator("unrolled-chain .place .above").first().innerText();

test("the_menu_holds_the_recorded_and_the_untrained_network_of_every_cell_that_has_one", async () => {
  const student = await Student.arrive({ viewport: { width: 1440, height: 900 } });
  await open(student, "#/step?step-at=9");
  const { page } = student;
  const predictions = new Set();
  for (const [cell, units] of [
    ["LSTM", 12],
    ["GRU", 12],
    ["SimpleRNN", 12],
  ]) {
    await page.locator("unrolled-step-cells label", { hasText: new RegExp(`^${cell}$`) }).click();
    await looks_at(student, new RegExp(`a recorded network, ${cell} with ${units} units`));
    const found = await networks(student);
    assert.match(found[0], new RegExp(`^recorded: ${cell}, ${units} units, \\d\\d % on reviews$`));
    assert.deepEqual(found.slice(1), ["untrained"]);
    assert.equal(
      await page.getByRole("spinbutton", { name: "Units" }).count(),
      0,
      "a recorded size is fixed",
    );
    await page.locator("unrolled-chain .links .box").nth(1).click();
    const recorded = await first_prediction(student);
    await menu(student).selectOption("random");
    await looks_at(
      student,
      /an untrained network with \d+ units: random word vectors, Keras’ initial weights, seed 7/,
    );
    assert.equal(await page.getByRole("spinbutton", { name: "Units" }).count(), 1);
    assert.notEqual(await first_prediction(student), recorded);
    await menu(student).selectOption("recorded");
    await looks_at(student, /a recorded network/);
    assert.equal(await first_prediction(student), recorded);
    predictions.add(`${cell} ${recorded}`);
  }
  assert.equal(predictions.size, 3);
  await student.leave();
});

test("a_network_of_ones_own_is_in_the_menu_and_beside_it_the_recorded_one", async () => {
  const student = await Student.arrive();
  await student.open("#/train?v=1&data=imdb&speed=0");
  const { page } = student;
  await student.ready();
  await student.press("Train");
  await student.step_reached(3);
  await student.press("Pause");
  await student.ready();
  const updates = await student.step();
  await student.press("Step through it");
  await looks_at(student, new RegExp(`your network, LSTM with \\d+ units after ${updates} updates?`));
  const found = await networks(student);
  assert.equal(found.length, 3);
  assert.equal(found[1], `yours: update ${updates}`);
  assert.equal(await menu(student).inputValue(), "yours");
  await page.locator("unrolled-chain .start .word", { hasText: /^\d+ empty places$/ }).waitFor();
  await page.locator("unrolled-chain .start .above", { hasText: /^\.\d\d$/ }).waitFor();
  assert.match(
    await page.locator(".narration").innerText(),
    /Before it the cell read the \d+ empty places.*: h and c come from there\./,
  );
  await menu(student).selectOption("recorded");
  await looks_at(student, /a recorded network, LSTM/);
  await page.locator("unrolled-chain .start .word", { hasText: /^start$/ }).waitFor();
  await menu(student).selectOption("yours");
  await looks_at(student, new RegExp(`your network, LSTM with \\d+ units after ${updates} updates?`));
  await student.leave();
});

test("of_many_classes_the_most_probable_ones_are_named_and_the_true_one", async () => {
  const student = await Student.arrive();
  await student.open("#/train?v=1&data=reuters&speed=0");
  const { page } = student;
  await student.ready();
  await student.press("Train");
  await student.step_reached(3);
  await student.press("Pause");
  await student.ready();
  await student.press("Step through it");
  await looks_at(student, /your network, LSTM/);
  await page.getByRole("combobox", { name: "True label" }).selectOption({ label: "grain" });
  await page.locator(".phases button", { hasText: /^\s*output\s*$/ }).click();
  const rows = page.locator(".classes tr");
  await rows.first().waitFor();
  const told = await rows.allInnerTexts();
  const shares = told.map((row) => Number(/(\d+\.\d) %/.exec(row)?.[1]));
  assert.ok(told.length === 5 || told.length === 6);
  assert.deepEqual(
    shares,
    [...shares].sort((a, b) => b - a),
  );
  assert.ok(shares.reduce((sum, share) => sum + share, 0) < 100.5);
  assert.deepEqual(
    told.filter((row) => row.includes("true label")).map((row) => row.split(/\s/)[0]),
    ["grain"],
  );
  const best = told[0].split(/\s/)[0];
  assert.match(await page.locator(".which").innerText(), new RegExp(`probability of “${best}” after`));
  assert.match(
    await page.locator(".narration").innerText(),
    new RegExp(`gives ${shares[0].toFixed(1)} % to ${best}, one of 52 classes`),
  );
  await rows.nth(2).getByRole("button").click();
  await page.locator(".which", { hasText: `probability of “${told[2].split(/\s/)[0]}” after` }).waitFor();
  await student.leave();
});

test("tutorial_003_brings_its_settings_and_takes_them_away_again", async () => {
  const student = await Student.arrive({ viewport: { width: 1440, height: 900 } });
  await open(student, "#/step?step-cell=gru&step-weights=random&step-units=9&step-text=my+own+words");
  const { page } = student;
  const units = page.getByRole("spinbutton", { name: "Units" });
  const others = page.getByRole("combobox", { name: "Other cells" });
  assert.equal(await units.inputValue(), "9");
  await others.selectOption("tutorial_003");
  await looks_at(student, /an untrained network with 64 units: weights uniform in \[0, 1\)/);
  assert.equal(await units.inputValue(), "64");
  assert.equal(await menu(student).inputValue(), "uniform");
  await page.locator("unrolled-chain .links .word", { hasText: /^1$/ }).waitFor();
  await page.locator("unrolled-step-cells label", { hasText: /^GRU$/ }).click();
  await looks_at(student, /an untrained network with 9 units: random word vectors, Keras’ initial weights/);
  assert.equal(await units.inputValue(), "9");
  assert.equal(await menu(student).inputValue(), "random");
  assert.equal(await page.getByRole("textbox", { name: "The sentence" }).inputValue(), "my own words");
  await page.locator("unrolled-chain .links .word", { hasText: "own" }).waitFor();
  await student.leave();
});

test("a_field_says_what_it_can_be_when_it_takes_another_number", async () => {
  const student = await Student.arrive({ viewport: { width: 1440, height: 900 } });
  await open(student, "#/step?step-weights=random");
  const { page } = student;
  const units = page.getByRole("spinbutton", { name: "Units" });
  await units.fill("999");
  await units.press("Enter");
  const most = await units.getAttribute("max");
  await page.getByText(`Units: a whole number from 1 to ${most}; set to ${most}.`).waitFor();
  assert.equal(await units.inputValue(), most);
  await looks_at(student, new RegExp(`untrained network with ${most} units`));
  await units.fill("6");
  await units.press("Enter");
  await looks_at(student, /untrained network with 6 units/);
  assert.equal(await page.locator(".bounded").innerText(), "");
  const seed = page.getByRole("spinbutton", { name: "Seed" });
  await seed.fill("");
  await seed.press("Enter");
  await page.getByText(/^Seed: a whole number from \d+ to \d+; set to 7\.$/).waitFor();
  await student.leave();
});

test("what_was_no_number_is_said_only_where_it_was_typed", async () => {
  const student = await Student.arrive({ viewport: { width: 1440, height: 900 } });
  await open(student, "#/step?step-at=16&step-unit=0");
  const { page } = student;
  const wrong = page.getByText("This must be a number");
  const type = async (/** @type {string} */ text) => {
    await page.locator("unrolled-step-number form.value input").fill(text);
    await page.keyboard.press("Enter");
  };
  const of_x = page
    .locator(".array", { has: page.locator("b", { hasText: /^x$/ }) })
    .locator("unrolled-cells");
  const box = await of_x.boundingBox();
  assert.ok(box);
  await type("much");
  await wrong.waitFor();
  await of_x.click({ position: { x: box.width - 3, y: 5 } });
  await page.locator(".which code", { hasText: "x[7]" }).waitFor();
  assert.equal(await wrong.count(), 0, "another number is not wrong");
  await type("2.5");
  await page.getByText("1 number changed, last x[7]").waitFor();
  await type("more");
  await wrong.waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("1 number changed").waitFor({ state: "detached" });
  assert.equal(await wrong.count(), 0, "what was undone is not wrong");
  await type("1.5");
  await page.getByText("1 number changed, last x[7]").waitFor();
  await type("3");
  const edited = () =>
    page.evaluate(async () => {
      const step = await import(new URL("www/state/step/step.js", location.href).href);
      return step.stepping.value.outcome.edits.length === 2;
    });
  await until(edited, "the second edit");
  await page.getByText("1 number changed, last x[7]").waitFor();
  await student.leave();
});

const WORDS = 24;

for (const viewport of [
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
]) {
  test(`words_are_named_above_the_overview_of_${WORDS}_words_at_${viewport.width}`, async () => {
    const student = await Student.arrive({ viewport });
    const text = Array.from({ length: WORDS }, (_, k) => ["wonderful", "performance", "not", "a"][k % 4]);
    await open(student, `#/step?step-text=${text.join("+")}`);
    const { page } = student;
    await page.keyboard.press("End");
    await page.getByRole("button", { name: "Overview: all words" }).click();
    await page.locator(".sequence .labels.turned").waitFor();
    const labels = await page.locator(".sequence .labels:not(.predictions) button").evaluateAll((all) =>
      all.map((label) => {
        const { left, right, width, height } = label.getBoundingClientRect();
        return { text: label.textContent?.trim() ?? "", left, right, width, height };
      }),
    );
    assert.ok(labels.length >= WORDS / 3, `${labels.length} of ${WORDS} words are named`);
    labels.forEach(({ text: label, left, right, height }, k) => {
      assert.ok(height >= 6 * Math.min(label.length, 4), `“${label}” is cut to ${height} px`);
      assert.ok(left >= 0 && right <= viewport.width);
      if (k > 0) assert.ok(left >= labels[k - 1].right - 0.5, `“${label}” lies on the word before it`);
    });
    if (viewport.width < 1000) return student.leave();
    const field = page.getByRole("textbox", { name: "The sentence" });
    await field.fill("not a bad film, just a very slow one");
    await menu(student).selectOption("random");
    await page.getByRole("button", { name: "New seed" }).waitFor();
    const hidden = await field.evaluate((input) => input.scrollWidth - input.clientWidth);
    assert.equal(hidden, 0, "the sentence that the page begins with fits beside size and seed");
    await student.leave();
  });
}

test("every_number_of_a_strip_is_read_out_and_opened_with_pointer_and_keyboard", async () => {
  const student = await Student.arrive({ viewport: { width: 1280, height: 720 } });
  await open(student, "#/step?step-at=18&step-unit=5");
  const { page } = student;
  const strip = page.locator(".code .now unrolled-cells");
  const readout = page.locator(".readout:not([hidden])");
  const { name } = await strip.evaluate((cells) => ({
    name: /^(\w+) /.exec(cells.getAttribute("aria-label") ?? "")?.[1],
  }));
  const box = await strip.boundingBox();
  assert.ok(name && box);
  await page.mouse.move(box.x + 2, box.y + box.height / 2);
  await readout.waitFor();
  assert.match(await readout.innerText(), new RegExp(`^${name}\\[0\\] = −?\\d`));
  const over = await readout.boundingBox();
  assert.ok(over && (over.y + over.height <= box.y || over.y >= box.y + box.height), "it covers no number");
  await page.mouse.move(5, 5);
  assert.equal(await readout.count(), 0);
  await strip.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.match(await readout.innerText(), new RegExp(`^${name}\\[2\\] = `));
  const read = /= (\S+)/.exec(await readout.innerText())?.[1];
  await page.keyboard.press("Enter");
  await page.locator(".which code", { hasText: `${name}[2]` }).waitFor();
  const shown = await page.locator("unrolled-step-number output.value").innerText();
  assert.ok(read && Math.abs(Number(read.replace("−", "-")) - Number(shown.replace("−", "-"))) < 0.001);
  await student.leave();
});

test("a_link_opens_the_number_that_was_clicked_and_the_panel_of_a_phone", async () => {
  const viewport = { width: 390, height: 844 };
  const student = await Student.arrive({ viewport });
  await open(student, "#/step?step-at=30&step-unit=5");
  const { page } = student;
  await page.getByRole("tab", { name: "Number" }).click();
  await page.locator(".parts button.link").first().click();
  await page.getByRole("navigation", { name: "The way here" }).waitFor();
  await page.waitForFunction(
    () => /step-number=c/.test(location.hash) && /step-panel=number/.test(location.hash),
  );
  const of = (/** @type {Student} */ one) => one.page.locator(".which").innerText();
  const [link, which] = [new URL(page.url()).hash, await of(student)];
  await student.leave();
  const other = await Student.arrive({ viewport });
  await other.open(link);
  await other.page.locator("#tab-number[aria-selected=true]").waitFor();
  await other.page.locator(".which", { hasText: /\S/ }).waitFor();
  await other.page.getByRole("button", { name: "Follow the line" }).waitFor();
  assert.equal(await of(other), which);
  await other.leave();
});

test("the_output_is_given_no_loss_before_it_is_computed", async () => {
  const student = await Student.arrive();
  await open(student);
  const { page } = student;
  await page.locator(".phases button", { hasText: /^\s*output\s*$/ }).click();
  await page.getByRole("heading", { name: "the output and the loss" }).waitFor();
  const given = await page.locator(".array figcaption b").allTextContents();
  assert.deepEqual(
    given.map((name) => name.trim()),
    ["h", "V", "b_y", "label"],
  );
  assert.equal(await page.locator("unrolled-chain .end .unmade").count(), 1, "the loss is not made yet");
  await student.leave();
});

test("the_total_of_an_open_sum_stays_in_sight_below_its_terms", async () => {
  const student = await Student.arrive({ viewport: { width: 1280, height: 720 } });
  await open(student, "#/step?step-at=1&step-unit=5&step-level=2");
  const { page } = student;
  const terms = page.locator(".cell .terms");
  await terms.locator("tfoot").waitFor();
  for (const share of [0, 0.5, 1]) {
    const { inside, beside, opaque } = await terms.evaluate((table, part) => {
      table.scrollTop = part * table.scrollHeight;
      const total = /** @type {Element} */ (table.querySelector("tfoot th"));
      const box = total.getBoundingClientRect();
      const panel = /** @type {Element} */ (table.closest(".cell")).getBoundingClientRect();
      const number = /** @type {Element} */ (table.querySelector("tfoot td")).getBoundingClientRect();
      return {
        inside: box.bottom <= panel.bottom + 0.5 && box.top >= panel.top,
        beside: number.right <= panel.right && number.left >= box.right - 0.5,
        opaque: !/rgba\(.*, 0\)|transparent/.test(getComputedStyle(total).backgroundColor),
      };
    }, share);
    assert.deepEqual({ inside, beside, opaque }, { inside: true, beside: true, opaque: true }, `at ${share}`);
  }
  // A weight is no sum: its row is marked in the table that it was chosen from.
  const weight = terms.getByRole("button", { name: /^W_\w\[/ }).first();
  const label = (await weight.innerText()).trim();
  await weight.click();
  await page.locator("unrolled-step-number .which code", { hasText: label }).waitFor();
  assert.ok((await terms.locator("[aria-current]").innerText()).includes(label));
  await student.leave();
});

test("nothing_in_the_header_lies_on_its_neighbour_at_any_width", async () => {
  const student = await Student.arrive({ viewport: { width: 1300, height: 720 } });
  for (const view of ["step", "train"]) {
    await student.page.goto("about:blank");
    await student.open(`#/${view}`);
    await student.page.locator("header.top").waitFor();
    if (view === "step") await student.page.locator("unrolled-step-cells select").waitFor();
    for (let width = 1300; width >= 1000; width -= 20) {
      await student.page.setViewportSize({ width, height: 720 });
      const overlaps = await student.page.evaluate(() => {
        const shown = [...document.querySelectorAll("header.top :is(a, button, select, label)")].filter(
          (element) => element.checkVisibility() && element.getBoundingClientRect().width > 2,
        );
        const boxes = shown.map((element) => element.getBoundingClientRect());
        return boxes.flatMap((a, k) =>
          boxes.slice(k + 1).flatMap((b, n) => {
            const other = shown[k + 1 + n];
            if (shown[k].contains(other) || other.contains(shown[k])) return [];
            const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            return across > 1 && down > 1 ? [`${shown[k].textContent} and ${other.textContent}`] : [];
          }),
        );
      });
      assert.deepEqual(overlaps, [], `${view} at ${width} px`);
    }
  }
  await student.leave();
});
