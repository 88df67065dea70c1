/**
 * The data before a reader's eyes: one sample as it is and as the network receives it, and a reader's own files.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "./harness.js";
import { Student, until } from "./student.js";

/** @param {Student} student @param {string} name of an experiment */
async function opened(student, name) {
  await student.open();
  await student.ready();
  if (name === "") return;
  await student.open_experiment(name);
  await student.ready();
}

/** Drops a file on the page. @param {Student} student @param {string} name @param {string | Uint8Array} content */
async function drop({ page }, name, content) {
  await page.evaluate(
    ([called, bytes]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(/** @type {number[]} */ (bytes))], String(called)));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
    },
    /** @type {[string, number[]]} */ ([name, [...Buffer.from(content)]]),
  );
}

/** @param {number} count of reviews, every other one good */
function reviews(count) {
  const rows = Array.from({ length: count }, (_, k) => {
    const [word, label] = k % 2 === 0 ? ["awful", "bad"] : ["lovely", "good"];
    return `"number ${k}, an ${word} film",${label}`;
  });
  return `review,label\n${rows.join("\n")}\n`;
}

/** What the network's first sample is, asked of the engine. @param {Student} student */
async function first_sample({ page }) {
  return page.evaluate(async () => {
    const { engine } = await import(new URL("www/state/shared/connection.js", location.href).href);
    return (await engine()).request("sample", { subset: "train", index: 0 });
  });
}

/** Which data the page has, and what the network achieves on them. @param {Student} student */
async function of_store({ page }) {
  return page.evaluate(async () => {
    const store = await import(new URL("www/state/shared/store.js", location.href).href);
    const { set } = store.experiment.value.document.data;
    return { set, accuracy: store.history.value.validation.at(-1)?.accuracy ?? 0 };
  });
}

test("a_review_is_shown_as_the_ids_that_the_network_receives", async () => {
  const student = await Student.arrive();
  await opened(student, "");
  const { page } = student;
  const { shown, received } = await first_sample(student);
  await page.locator(".sample summary").click();
  await page.locator(".sample-ids").waitFor();
  const ids = (await page.locator(".sample-ids").innerText()).trim().split(/\s+/).map(Number);
  assert.deepEqual(ids, received.ids);
  const read = shown.tokens.filter((/** @type {{ place: string }} */ { place }) => place === "read");
  assert.ok(read.length < shown.tokens.length, "the first review is longer than the network reads");
  assert.equal(await page.locator(".sample-text > span:not(.unread)").count(), read.length);
  await student.leave();
});

test("how_texts_are_read_is_chosen_by_keras_names_and_changes_what_is_received", async () => {
  const student = await Student.arrive();
  await opened(student, "");
  const { page } = student;
  await page.locator("details.how-read > summary").click();
  const choose = async (/** @type {() => Promise<unknown>} */ act) => {
    await act();
    await page.waitForTimeout(100);
    await student.ready();
  };
  await choose(async () => {
    await page.locator("[name=data-maxlen]").fill("1000");
    await page.locator("[name=data-maxlen]").press("Enter");
  });
  await choose(() => page.locator("[name=data-padding]").selectOption("post"));
  await choose(() => page.locator("[name=data-mask_zero]").check());
  await choose(() => page.locator("[name=data-validation]").selectOption("0.2"));
  const { received, count } = await first_sample(student);
  assert.equal(received.ids.length, 1000);
  assert.notEqual(received.ids[0], 0, "the filling stands behind the text");
  assert.equal(received.roles.at(-1), "masked");
  assert.equal(count, 3200, "a fifth of 4,000 reviews is kept to validate with");
  await student.leave();
});

test("a_digit_is_an_image_and_a_task_a_table_with_names", async () => {
  const student = await Student.arrive();
  await opened(student, "digits");
  const { page } = student;
  const drawn = decodeURIComponent((await page.locator(".sample-image img").getAttribute("src")) ?? "");
  const { received } = await first_sample(student);
  const inked = received.values.filter((/** @type {number} */ value) => value > 0).length;
  assert.equal(drawn.split("<rect ").length - 1, inked);
  assert.equal(
    await page.locator(".class-counts tbody tr").count(),
    8,
    "of ten classes, two are behind a button",
  );

  await page.locator("[name=set]").selectOption("task adding");
  await student.ready();
  await page.locator(".sample-table").waitFor();
  const names = await page.locator(".sample-table thead th").allInnerTexts();
  assert.deepEqual(names, ["timestep", "number", "marked", "sum"]);
  const rows = await page
    .locator(".sample-table tbody tr")
    .evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent?.trim() ?? "")),
    );
  const sum = rows
    .filter(([, marked]) => marked === "1")
    .reduce((total, [number]) => total + Number(number), 0);
  // Each number is rounded to three decimals.
  assert.ok(Math.abs(sum - Number(rows.at(-1)?.[2])) < 0.02, `${sum} against ${rows.at(-1)?.[2]}`);
  await student.leave();
});

test("a_table_of_200_lines_is_dropped_trained_and_still_there_after_a_reload", async () => {
  const student = await Student.arrive();
  await opened(student, "");
  const { page } = student;
  await drop(student, "films.csv", reviews(200));
  await until(async () => (await of_store(student)).set === "own", "own data");
  await page.reload(); // As early as it can be done.
  await page.locator("[name=column-label]").waitFor();
  await student.ready();
  assert.equal(await page.locator("[name=column-label]").inputValue(), "label");
  assert.equal(await page.locator("[name=column-text]").inputValue(), "review");
  const counts = await page.locator(".class-counts tfoot td:not([aria-hidden])").allInnerTexts();
  assert.deepEqual(counts, ["160", "40"]);
  await page.getByText("full", { exact: true }).click();
  await student.press("Train");
  await until(async () => (await of_store(student)).accuracy > 0.95, "a validation accuracy above 95 %");
  await page.reload();
  await student.ready();
  assert.equal(await page.locator("[name=set] option:checked").innerText(), "Your own: films.csv");
  await student.leave();
});

test("a_link_to_own_data_says_which_file_it_needs", async () => {
  const student = await Student.arrive();
  await opened(student, "");
  await drop(student, "films.csv", reviews(200));
  await student.page.locator("[name=column-label]").waitFor();
  await student.ready();
  await student.page.waitForFunction(() => location.hash.includes("films.csv"));
  const link = new URL(student.page.url()).hash;
  await student.leave();
  const other = await Student.arrive();
  await other.open(link);
  await other.page.getByText("the file “films.csv”, which is not on this machine").waitFor();
  await drop(other, "films.csv", reviews(200));
  await other.page.locator("[name=column-label]").waitFor();
  await other.ready();
  await other.leave();
});

test("a_wrong_file_of_each_kind_is_answered_with_a_sentence", async () => {
  const student = await Student.arrive();
  await opened(student, "");
  const { page } = student;
  const many = Array.from({ length: 2000 }, (_, k) => `a film that is number ${k} of all,class ${k}`).join(
    "\n",
  );
  /** @type {[string, string | Uint8Array, RegExp][]} */
  const files = [
    ["empty.csv", "", /empty\.csv: it is empty/],
    ["binary.csv", new Uint8Array([97, 44, 98, 10, 99, 0, 1]), /line 2 holds a zero byte/],
    ["one.csv", "good\nbad\n", /it has one column/],
    ["ragged.csv", `${reviews(20)}one, two, three\n`, /line 22 has 3 fields, line 1 has 2/],
    ["unlabelled.csv", "review,label\na film,\nno film,\n", /no column can hold the labels/],
    ["many.csv", `review,label\n${many}\n`, /label has 2000 different values/],
    ["short.txt", "call me ishmael", /it has 15 characters/],
    [
      "call.npz",
      await readFile(new URL("../data/keras_lists/call.npz", import.meta.url)),
      /lists of whole numbers/,
    ],
  ];
  for (const [name, content, said] of files) {
    await drop(student, name, content);
    await page.locator(".notice", { hasText: said }).waitFor();
    await page.locator(".notice", { hasText: said }).getByRole("button", { name: "Dismiss" }).click();
  }
  const standing = await page.locator("[name=set]").inputValue();
  assert.equal(standing, "imdb-small", "what was there before is still there");
  await student.leave();
});

test("other_data_keep_the_model_and_say_what_they_changed_in_it", async () => {
  const student = await Student.arrive();
  await opened(student, "");
  const { page } = student;
  const layers = () => page.locator("unrolled-standing").innerText();
  const notice = page.locator(".notice", { hasText: "Your model" });
  await page.locator("[name=set]").selectOption("reuters-r52");
  await notice.waitFor();
  await student.ready();
  const said = await notice.innerText();
  for (const part of ["Dense with units 52", "softmax", "sparse_categorical_crossentropy", "maxlen 80"])
    assert.ok(said.includes(part), said);
  assert.match(await layers(), /LSTM\s+32 units/);
  // What the page shows is what the engine would train: one update of it.
  await page.getByRole("button", { name: "One update" }).click();
  await page.locator("[data-figure=step]", { hasText: /^1$/ }).waitFor();

  // A digit is no sequence of ids: the table is left out, the recurrent layer stays.
  await page.locator("[name=set]").selectOption("digits");
  await page.locator(".notice", { hasText: "no Embedding" }).waitFor();
  await student.ready();
  assert.match(await layers(), /^LSTM 32 → Dense 10/m);
  await page.getByRole("button", { name: "Back to the run before" }).click();
  await student.ready();
  assert.equal(await page.locator("[data-figure=step]").innerText(), "1", "the run before was kept");
  await student.leave();
});

test("data_that_a_model_does_not_fit_leave_it_as_it_is_and_offer_their_own_experiment", async () => {
  const student = await Student.arrive();
  await opened(student, "imdb-conv-gru");
  const { page } = student;
  const before = await page.locator("unrolled-standing").innerText();
  await page.locator("[name=set]").selectOption("moby-dick");
  const notice = page.locator(".notice", { hasText: "does not fit" });
  await notice.waitFor();
  assert.match(await notice.innerText(), /at each of 16 timesteps; these data need .* each of 64 timesteps/);
  assert.equal(await page.locator("unrolled-standing").innerText(), before);
  assert.equal(await page.locator("[name=set]").inputValue(), "imdb-small");
  await notice.getByRole("button", { name: "Open the experiment of these data" }).click();
  await page.locator(".menu-title", { hasText: "Moby Dick" }).waitFor();
  await student.ready();
  await student.leave();
});
