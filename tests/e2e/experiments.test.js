/**
 * Any experiment document is opened and trained in the page: from the menu, from a file, from a link.
 */
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "./harness.js";
import { Student } from "./student.js";

const FOLDER = new URL("../../experiments/", import.meta.url);

/** @param {string} name @returns {Promise<any>} */
async function document_of(name) {
  return JSON.parse(await readFile(new URL(`${name}.json`, FOLDER), "utf8"));
}

/** What the network is made of. @param {Student} student */
async function network_of({ page }) {
  return page.evaluate(async () => {
    const { engine } = await import(new URL("www/state/shared/connection.js", location.href).href);
    const store = await import(new URL("www/state/shared/store.js", location.href).href);
    return {
      weights: await (await engine()).request("weights_hash", null),
      updates: store.updates.value,
      losses: [...store.history.value.losses],
    };
  });
}

/** One update, and the loss before it. @param {Student} student @param {number} before updates that are made */
async function update(student, before) {
  await student.press("One update");
  await student.step_reached(before + 1);
  const { losses } = await network_of(student);
  assert.ok(Number.isFinite(losses[before]) && losses[before] > 0, `the loss is ${losses[before]}`);
}

/** Drops a file on the page, as a reader does. @param {Student} student @param {string} name @param {string} text */
async function drop({ page }, name, text) {
  await page.evaluate(
    ([called, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([content], called, { type: "application/json" }));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
    },
    [name, text],
  );
}

test("every_document_of_the_project_can_be_set_up_and_has_the_parameters_that_its_tutorial_printed", async () => {
  const student = await Student.arrive();
  await student.open();
  await student.ready();
  const names = (await readdir(FOLDER)).map((file) => file.replace(".json", ""));
  await student.page.locator(".menu-button").click();
  const offered = student.page.locator("[data-experiment]");
  await offered.first().waitFor();
  const menu = await offered.evaluateAll((found) =>
    found.map((one) => /** @type {HTMLElement} */ (one).dataset.experiment),
  );
  assert.deepEqual([...menu].sort(), [...names].sort());
  await student.page.keyboard.press("Escape");
  const documents = await Promise.all(names.map(document_of));
  for (const [k, { printed, data }] of documents.entries()) {
    // The full reviews take long to load; one model of theirs is enough, and all others are built without their data.
    if (!printed) continue;
    const summary = await student.page.evaluate(async (name) => {
      const { experiment_summary } = await import(new URL("www/pkg/unrolled.js", location.href).href);
      return experiment_summary(name);
    }, names[k]);
    const counted = summary.layers.slice(0, printed.layers ?? summary.layers.length);
    const total = counted.reduce((sum, { params }) => sum + params, 0);
    // Our newswires have 52 topics where the tutorial has 46: the last dense layer is wider by six.
    const dense = counted.findLast(({ class_name }) => class_name === "Dense");
    const wider = printed.classes ? ((52 - printed.classes) * dense.params) / 52 : 0;
    assert.equal(total - wider, printed.params, `${names[k]} on ${data.set}`);
  }
  await a_lesson_is_chosen_by_what_it_reaches(student, names, documents);
  await student.leave();
});

/**
 * The courses that were measured stand beside each other, and a click opens one.
 * @param {Student} student @param {string[]} names @param {Awaited<ReturnType<typeof document_of>>[]} documents
 */
async function a_lesson_is_chosen_by_what_it_reaches({ page }, names, documents) {
  await page.locator(".menu-button").click();
  await page.getByRole("button", { name: "What a class sees" }).click();
  const rows = page.locator("unrolled-classroom tbody tr");
  await rows.first().waitFor();
  const lessons = await page
    .locator("[data-lesson]")
    .evaluateAll((found) => found.map((one) => /** @type {HTMLElement} */ (one).dataset.lesson));
  const measured = names.filter((_, k) => documents[k].measured?.some(({ curve }) => curve));
  assert.deepEqual([...lessons].sort(), measured.sort());
  const digits = rows.filter({ has: page.locator("[data-lesson=digits-lstm]") });
  const { epochs, accuracy, seconds_in_page } = documents[names.indexOf("digits-lstm")].measured[0];
  const share = `${(100 * accuracy).toFixed(1)} %`;
  assert.deepEqual(await digits.locator("[data-wait]").allTextContents(), [
    `${share}all ${epochs} epochs, done in ${seconds_in_page} s`,
    `${share}done before`,
    `${share}done before`,
  ]);
  assert.match(
    (await digits.locator("svg").getAttribute("aria-label")) ?? "",
    /58\.0 % after 0\.1 s, 94\.7 % after 2\.6 s/,
  );
  await page.locator("[data-lesson=digits-lstm]").click();
  const { title } = documents[names.indexOf("digits-lstm")];
  await page.locator(".menu-title", { hasText: title }).waitFor();
  await page.locator("unrolled-transport").getByRole("radio", { name: "full", checked: true }).waitFor();
  // What is wanted is asked of the new data, though the sample has the number of one that was shown before.
  // Nothing is read there before it is in sight.
  await page.locator("unrolled-watch").scrollIntoViewIfNeeded();
  const answer = page.locator("unrolled-watch .caption", { hasText: "Wanted answer" });
  await answer.scrollIntoViewIfNeeded();
  assert.match(await answer.innerText(), /Wanted answer: \d\./);
}

/** @param {Student} student nothing of the menu lies beside it, and the wheel leads to its end */
async function menu_is_read_by_scrolling_down({ page }) {
  await page.locator(".menu-button").click();
  const menu = page.locator("#experiment-menu");
  await menu.locator("li").first().hover();
  await page.mouse.wheel(0, 10_000);
  await page.waitForFunction(() => {
    const menu = /** @type {HTMLElement} */ (document.querySelector("#experiment-menu"));
    return menu.scrollTop > 0 && menu.scrollTop + menu.clientHeight >= menu.scrollHeight - 1;
  });
  assert.equal(await menu.evaluate((all) => all.scrollWidth - all.clientWidth), 0);
  assert.equal(await page.evaluate(() => scrollY), 0, "the page behind stays where it is");
  await page.locator(".menu-button").click();
}

test("a_task_digits_characters_and_stacked_newswires_are_opened_from_the_menu_and_train", async () => {
  const student = await Student.arrive();
  await student.open();
  await student.ready();
  await menu_is_read_by_scrolling_down(student);
  for (const { name, layers, accuracy, samples, sample } of [
    {
      name: "adding",
      layers: "GRU 32 → Dense 1",
      accuracy: false,
      samples: "2,000 sequences",
      sample: ".sample-table .answer",
    },
    {
      name: "digits",
      layers: "SimpleRNN 16 → Dense 10 → Activation softmax",
      accuracy: true,
      samples: "4,000 digits",
      sample: ".sample-image img",
    },
    {
      name: "moby-dick",
      layers: "Embedding 32 → LSTM 128 → Dense 83",
      accuracy: true,
      samples: "windows",
      sample: ".of-characters",
    },
    {
      name: "reuters-lstm-stacked",
      layers: "LSTM 50 → LSTM 50 → Dense 52",
      accuracy: true,
      samples: "newswires",
      sample: ".sample-ids .padding",
    },
  ]) {
    await student.open_experiment(name);
    const standing = student.page.locator("unrolled-standing");
    await standing.getByText(layers).waitFor();
    await student.ready();
    await standing.getByText(samples).waitFor();
    // What one sample is, before one's eyes.
    await student.page.locator(`.sample ${sample}`).first().waitFor();
    await update(student, 0);
    assert.equal(
      await student.page.locator("unrolled-history[kind=accuracy] figure").count(),
      accuracy ? 1 : 0,
      name,
    );
    assert.ok(
      await student.page.getByRole("heading", { name: "Try a text" }).isHidden(),
      `${name} reads no words`,
    );
    const step = student.page.getByRole("button", { name: "Step through it" });
    assert.ok(await step.isDisabled());
    assert.match(
      (await step.getAttribute("title")) ?? "",
      /embedding, one recurrent layer and a dense layer/,
    );
  }
  await student.leave();
});

test("a_dropped_document_is_trained_and_its_link_gives_the_same_network_in_a_fresh_profile", async () => {
  const mine = {
    format: "unrolled-experiment",
    version: 1,
    title: "Two layers on parity",
    data: { set: "task", task: "parity", options: { timesteps: 12 }, limit: 64 },
    model: {
      class_name: "Sequential",
      config: {
        layers: [
          { class_name: "InputLayer", config: { batch_shape: [null, 12, 1] } },
          {
            class_name: "Bidirectional",
            config: { layer: { class_name: "LSTM", config: { units: 5, return_sequences: true } } },
          },
          { class_name: "GRU", config: { units: 3, return_sequences: true } },
          { class_name: "Dense", config: { units: 1, activation: "sigmoid" } },
        ],
      },
    },
    compile: {
      loss: "binary_crossentropy",
      optimizer: { class_name: "RMSprop", config: { learning_rate: 0.01 } },
    },
    fit: { batch_size: 16, epochs: 2, seed: 11 },
  };
  const one = await Student.arrive({ permissions: ["clipboard-read", "clipboard-write"] });
  await one.open();
  await one.ready();
  await drop(one, "mine.json", JSON.stringify(mine));
  await one.page.locator("unrolled-standing").getByText("Bidirectional LSTM 5 → GRU 3 → Dense 1").waitFor();
  await one.ready();
  for (let made = 0; made < 3; made++) await update(one, made);
  await one.page.getByRole("slider", { name: "Learning rate" }).press("ArrowRight");
  for (let made = 3; made < 5; made++) await update(one, made);
  await one.press("Copy link");
  await one.page.getByRole("button", { name: "Copied" }).waitFor();
  const link = await one.page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /experiment=parity&changes=/);
  assert.match(link, /updates=5&rates=/);
  const trained = await network_of(one);

  // After a reload the run is there as it was kept.
  await one.page.reload();
  await one.ready();
  assert.equal((await network_of(one)).weights, trained.weights);
  await one.leave();

  const other = await Student.arrive();
  await other.open(new URL(link).hash);
  await other.ready();
  assert.deepEqual(await network_of(other), trained);
  await other.leave();
});

test("an_experiment_that_is_too_long_for_a_link_says_so_and_offers_its_file", async () => {
  const student = await Student.arrive({ permissions: ["clipboard-read", "clipboard-write"] });
  await student.open();
  await student.ready();
  const document = { ...(await document_of("echo")), title: "Long", about: "x".repeat(5000) };
  await drop(student, "long.json", JSON.stringify(document));
  await student.page.locator(".menu-button").getByText("Long").waitFor();
  await student.ready();
  await student.press("Copy link");
  await student.notice(/4,000 characters that a link may have/);
  const [download] = await Promise.all([
    student.page.waitForEvent("download"),
    student.page.locator("unrolled-notices").getByRole("button", { name: "Download experiment" }).click(),
  ]);
  assert.equal(JSON.parse(await readFile(await download.path(), "utf8")).title, "Long");
  // A reload on this machine finds it again.
  await student.page.reload();
  await student.page.locator(".menu-button").getByText("Long").waitFor();
  await student.ready();
  await student.leave();
});

test("a_link_to_an_experiment_that_is_none_is_refused_with_a_sentence", async () => {
  const student = await Student.arrive();
  await student.open("#/train?experiment=unheard-of&updates=7");
  await student.notice(/“unheard-of” cannot be opened/);
  await student.ready();
  assert.equal(await student.step(), 0);
  // Nor is it trained on other data than its own.
  const document = await document_of("imdb-small");
  document.data.set = "own";
  await drop(student, "own.json", JSON.stringify(document));
  await student.notice(/learns from data of your own/);
  await student.leave();
});

test("a_first_visit_is_a_small_lstm_on_reviews_and_one_black_button", async () => {
  const student = await Student.arrive();
  await student.open();
  await student.ready();
  await student.page.locator(".menu-button").getByText("Film reviews, a small network").waitFor();
  await student.page.locator("unrolled-standing").getByText("Embedding 32 → LSTM 32 units → Dense").waitFor();
  await student.page.getByRole("heading", { name: "Try a text" }).waitFor();
  const black = await student.page.locator("#view-train button.primary").allTextContents();
  assert.deepEqual(
    black.map((text) => text.trim()),
    ["Train"],
  );
  await student.leave();
});

test("a_language_model_continues_a_text_and_the_same_seed_gives_the_same_one", async () => {
  const student = await Student.arrive();
  const { page } = student;
  const changes = JSON.stringify({ "/data/limit": 4000, "/fit/epochs": 1 });
  await student.open(`#/train?v=1&experiment=moby-dick&changes=${encodeURIComponent(changes)}`);
  await student.ready();
  await page.locator("[name=continue-text]").fill("call me ");
  await page.locator("[name=continue-length]").fill("40");
  const written = async () => {
    await page.locator("[name=continue-seed]").press("Tab"); // The field is left.
    await page.getByRole("button", { name: "Continue the text" }).click();
    await page.getByRole("button", { name: "Continue the text" }).and(page.locator(":enabled")).waitFor();
    return page.locator(".continued b").innerText();
  };
  const first = await written();
  assert.equal([...first].length, 40);
  assert.equal(await written(), first);
  await page.locator("[name=continue-seed]").fill("3");
  assert.notEqual(await written(), first);
  await page.getByText("Written by your network before its first update").waitFor();
  // A text without a character that the network knows.
  await page.locator("[name=continue-text]").fill("日本");
  await page.getByRole("button", { name: "Continue the text" }).click();
  await page
    .locator("unrolled-continue [role=alert]", { hasText: "nothing in it that the model can read" })
    .waitFor();
  // Reviews are classified, not continued.
  await student.open_experiment("imdb-small");
  await student.ready();
  assert.equal(await page.getByRole("button", { name: "Continue the text" }).isVisible(), false);
  await student.leave();
});
