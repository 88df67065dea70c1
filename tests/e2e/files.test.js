/**
 * Files in and out: networks of Keras that are dropped on the page, and a run that is taken along.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "./harness.js";
import { Student } from "./student.js";

/** What Keras predicts for a text with `film.keras`: `files/make.py` asked it. */
const KERAS = JSON.parse(await readFile(new URL("files/film.json", import.meta.url), "utf8"));

/** What a prediction in single precision may differ by. */
const TOLERANCE = 1e-5;

/** @param {string} name of a file beside this test */
function file(name) {
  return readFile(new URL(`files/${name}`, import.meta.url));
}

/** @param {{ viewport?: { width: number, height: number } }} [options] */
async function arrived(options) {
  const student = await Student.arrive(options);
  await student.open();
  await student.ready();
  return student;
}

/** Drops a file on the page. @param {Student} student @param {string} name @param {Uint8Array} content */
async function drop({ page }, name, content) {
  const encoded = Buffer.from(content).toString("base64");
  await page.evaluate(
    ([called, text]) => {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], called));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
    },
    [name, encoded],
  );
}

/** What the page's network makes of the text that is typed. @param {Student} student @returns {Promise<number>} */
async function prediction({ page }) {
  return page.evaluate(async () => {
    const store = await import(new URL("www/state/shared/store.js", location.href).href);
    const { engine } = await import(new URL("www/state/shared/connection.js", location.href).href);
    const trace = await (await engine()).request("watch", { text: store.text.value });
    return trace.probabilities.at(-1);
  });
}

/** @param {Student} student @param {string} name */
async function open_network(student, name) {
  await drop(student, name, await file(name));
  await student.notice(new RegExp(`starts with the weights of “${name.replaceAll(".", "\\.")}”`));
  await student.ready();
}

/** @param {number} found */
function assert_as_keras(found) {
  assert.ok(Math.abs(found - KERAS.predicted) < TOLERANCE, `${found}, Keras ${KERAS.predicted}`);
}

/** @param {Student} student @param {RegExp} said */
async function refused({ page }, said) {
  const notice = page.locator(".notice.trouble", { hasText: said });
  await notice.waitFor();
  await notice.getByRole("button", { name: "Dismiss" }).click();
}

/** @param {Student} student @param {string} label @returns {Promise<{ name: string, bytes: Buffer }>} */
async function taken({ page }, label) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: label, exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Names and sizes of what a zip archive says that it holds. @param {Buffer} bytes @returns {Map<string, number>} */
function directory(bytes) {
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  assert.ok(end > 0, "there is no end of a zip archive");
  const found = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let k = 0; k < bytes.readUInt16LE(end + 10); k++) {
    assert.equal(bytes.toString("latin1", at, at + 4), "PK\x01\x02");
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    found.set(bytes.toString("utf8", at + 46, at + 46 + name), bytes.readUInt32LE(at + 24));
    at += 46 + name + extra + comment;
  }
  return found;
}

test("a_network_that_keras_saved_is_dropped_and_predicts_what_keras_predicts", async () => {
  const student = await arrived();
  const { page } = student;
  await student.press("One update");
  await student.step_reached(1);
  await open_network(student, "film.keras");
  await student.type(KERAS.text);
  await student.words_shown(7);
  assert_as_keras(await prediction(student));
  await page.getByText("with the weights of film.keras, at update 0").waitFor();
  assert.equal(await student.step(), 0);

  // Its cell can be stepped through.
  await page.getByRole("link", { name: "Inside the cell" }).click();
  await page.locator("option", { hasText: "yours: weights of film.keras" }).waitFor({ state: "attached" });
  await page.getByRole("link", { name: "Train", exact: true }).click();

  // It is continued, and comes back to these weights.
  await student.press("One update");
  await student.step_reached(1);
  assert.ok(Math.abs((await prediction(student)) - KERAS.predicted) > TOLERANCE);
  await student.press("Reset");
  await student.notice(/first weights, those of “film.keras”/);
  assert_as_keras(await prediction(student));

  await page.reload();
  await student.ready();
  await student.type(KERAS.text);
  await student.words_shown(7);
  assert_as_keras(await prediction(student));
  await student.leave();
});

test("the_run_before_a_file_was_opened_comes_back_as_it_was", async () => {
  const student = await arrived();
  await student.press("One update");
  await student.step_reached(1);
  const before = await prediction(student);
  await open_network(student, "film.h5");
  await student.press("Back to the run before");
  await student.page.waitForFunction(() => document.querySelector("[data-figure=step]")?.textContent === "1");
  await student.ready();
  assert.equal(await prediction(student), before);
  await student.leave();
});

test("weights_alone_are_for_the_present_model_and_refused_by_name_where_a_shape_differs", async () => {
  const student = await arrived();
  await open_network(student, "film.keras");
  await student.press("One update");
  await student.step_reached(1);
  await drop(student, "other.weights.h5", await file("other.weights.h5"));
  await refused(student, /other\.weights\.h5.*lstm\/kernel.*28/);
  assert.equal(await student.step(), 1, "what was there before is still there");
  // These are the weights that the run started with.
  await drop(student, "film.weights.h5", await file("film.weights.h5"));
  await student.notice(/stands at update 1; Reset goes back to them/);
  await student.ready();
  await student.press("Reset");
  await student.type(KERAS.text);
  await student.words_shown(7);
  assert_as_keras(await prediction(student));
  await student.leave();
});

test("each_file_that_is_no_network_is_answered_with_what_it_is", async () => {
  const student = await arrived();
  await student.press("One update");
  await student.step_reached(1);
  const convolution = await readFile(new URL("../formats/keras/convolution.keras", import.meta.url));
  /** @type {[string, Uint8Array, RegExp][]} */
  const files = [
    ["nested.keras", await file("nested.keras"), /nested\.keras.*Sequential/],
    ["page.h5", Buffer.from("<!DOCTYPE html><html>404</html>"), /web page/],
    ["pointer.h5", Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:aa\n"), /Git LFS/],
    ["model.onnx", Buffer.from("\x08\x07\x12\x07pytorch\x1a\x051.0", "latin1"), /ONNX/],
    ["model.pt", Buffer.from("\x80\x02}q\x00.", "latin1"), /pickle/],
    ["half.keras", (await file("film.keras")).subarray(0, 20_000), /not whole/],
    ["half.h5", (await file("film.h5")).subarray(0, 20_000), /not (a )?whole/],
    ["convolution.keras", convolution, /does not suit the present data/],
    [
      "tfjs.json",
      Buffer.from(JSON.stringify({ format: "layers-model", modelTopology: { model_config: {} } })),
      /TensorFlow\.js/,
    ],
  ];
  for (const [name, content, said] of files) {
    await drop(student, name, content);
    await refused(student, said);
  }
  assert.equal(await student.step(), 1, "what was there before is still there");
  await student.leave();
});

test("every_download_is_a_file_that_other_programs_read", async () => {
  const student = await arrived();
  const { page } = student;
  for (let update = 1; update <= 3; update++) {
    await student.press("One update");
    await student.step_reached(update);
  }
  await page.getByText("Take it with you").click();

  const keras = await taken(student, "Download network as keras");
  assert.match(keras.name, /update-3\.keras$/);
  assert.deepEqual([...directory(keras.bytes).keys()].sort(), [
    "config.json",
    "metadata.json",
    "model.weights.h5",
  ]);
  const weights = await taken(student, "Download network as weights.h5");
  assert.equal(weights.bytes.toString("latin1", 1, 4), "HDF");

  const { bytes } = await taken(student, "Download network as safetensors");
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + Number(bytes.readBigUInt64LE(0))));
  assert.deepEqual(header["lstm/kernel"].shape, [32, 128]);
  const npz = await taken(student, "Download network as npz");
  assert.ok(directory(npz.bytes).has("lstm/kernel.npy"));
  assert.ok(npz.bytes.includes(Buffer.from("\x93NUMPY", "latin1")));

  const archive = directory((await taken(student, "Download for Keras")).bytes);
  assert.deepEqual(
    [...archive.keys()].map((name) => name.replace(/^imdb\/imdb/, "")),
    [".py", ".ipynb", "-devices.py", "-run.npz"],
  );

  const history = (await taken(student, "Download history")).bytes.toString("utf8").trim().split("\n");
  const losses = await page.evaluate(async () => {
    const store = await import(new URL("www/state/shared/store.js", location.href).href);
    return [...store.history.value.losses];
  });
  assert.equal(history[0], "update,epoch,loss,accuracy,validation_loss,validation_accuracy");
  assert.deepEqual(
    history.slice(1).map((line) => Number(line.split(",")[2])),
    losses,
  );

  const experiment = await taken(student, "Download experiment");
  assert.equal(JSON.parse(experiment.bytes.toString("utf8")).format, "unrolled-experiment");

  for (const chart of ["Loss", "Accuracy", "Gradient norm", "Update ÷ weight"]) {
    const svg = (await taken(student, `Download chart ${chart} as SVG`)).bytes.toString("utf8");
    const drawn = await page.evaluate((text) => {
      const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
      return parsed.querySelector("parsererror")
        ? 0
        : parsed.querySelectorAll("polyline, text, rect, line").length;
    }, svg);
    assert.ok(drawn > 5, `${chart}: ${drawn}`);
    const png = (await taken(student, `Download chart ${chart} as PNG`)).bytes;
    assert.equal(png.toString("latin1", 1, 4), "PNG");
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1280, 660]);
  }

  // What was taken along is opened again: the same network.
  const before = await prediction(student);
  await drop(student, "again.keras", keras.bytes);
  await student.notice(/starts with the weights of “again\.keras”/);
  await student.ready();
  assert.equal(await prediction(student), before);
  await student.leave();
});

test("what_is_kept_is_listed_with_what_needs_it_and_deleted_after_one_question", async () => {
  const student = await arrived();
  const { page } = student;
  await open_network(student, "film.keras");
  await page.getByText("Kept on this machine").click();
  const entry = page.locator(".kept-files li", { hasText: "film.keras" }).first();
  await entry.getByText("needed by the experiment on this page").waitFor();
  assert.match(await entry.innerText(), /first weights, \d+ kB/);
  await page.getByRole("button", { name: "Delete film.keras", exact: true }).click();
  await entry.getByRole("button", { name: "Keep" }).click();
  await page.getByRole("button", { name: "Delete film.keras", exact: true }).click();
  await entry.getByRole("button", { name: "Delete", exact: true }).click();
  await page.waitForFunction(
    () =>
      ![...document.querySelectorAll(".kept-files li")].some((li) =>
        li.textContent?.includes("first weights"),
      ),
  );
  await student.leave();
});

test("on_a_phone_files_are_taken_along_too", async () => {
  const student = await arrived({ viewport: { width: 390, height: 844 } });
  const { page } = student;
  await student.press("One update");
  await student.step_reached(1);
  await page.getByText("Take it with you").click();
  const { bytes } = await taken(student, "Download history");
  assert.equal(bytes.toString("utf8").trim().split("\n").length, 2);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  const small = await page
    .locator("unrolled-take-away button")
    .evaluateAll((all) => all.filter((button) => button.getBoundingClientRect().height < 24).length);
  assert.equal(small, 0);
  await student.leave();
});

test("code_that_is_dropped_is_read_as_what_it_is", async () => {
  const student = await Student.arrive();
  await student.open();
  await student.ready();
  const { page } = student;
  const open = (/** @type {string} */ name, /** @type {string} */ text) =>
    page
      .getByLabel("File to open")
      .setInputFiles({ name, mimeType: "text/x-python", buffer: Buffer.from(text) });
  const listing = "def step(x, h, W, U, b):\n    h = np.tanh(x @ W + h @ U + b)\n    return h\n";

  // A listing is edited inside the cell, where its mistakes have lines.
  await open("cell.py", listing.replace("np.tanh", "np.outer"));
  await page.locator("#view-step .mistakes li", { hasText: "Line 2" }).waitFor();
  await page.getByRole("link", { name: "Train", exact: true }).click();
  await open("cell.py", listing.replace("b):", "b):  # mine"));
  await page.locator("#view-step .accepted", { hasText: "Accepted" }).waitFor();
  assert.match(await page.locator("#view-step .cm-content").innerText(), /# mine/);

  // Keras code becomes the model, or its line is named.
  await page.getByRole("link", { name: "Train", exact: true }).click();
  await student.ready();
  const code = [
    "model = Sequential()",
    "model.add(Embedding(5000, 8))",
    "model.add(GRU(6))",
    "model.add(Dense(1, activation='sigmoid'))",
    "model.compile(loss='binary_crossentropy', optimizer='adam')",
  ].join("\n");
  await open("model.py", code);
  await page.locator("unrolled-standing", { hasText: "Embedding 8 → GRU 6 → Dense 1" }).waitFor();
  await student.ready();
  await open("model.py", code.replace("GRU(6)", "GRU(six)"));
  await page.locator(".keras-code [role=alert]", { hasText: "Line 3" }).waitFor();
  await student.leave();
});
