/**
 * Watch, Gradients through time: the numbers behind its figures, and the keyboard on the map.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "./harness.js";
import { Student } from "./student.js";

/** @param {string} text */
const number = (text) => Number(text.replaceAll("−", "-"));

test("the_map_ends_in_the_norms_of_the_trace_and_the_keyboard_reads_it", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open();
  await student.ready();
  await student.type("not a bad film at all");
  await student.words_shown(6);
  await page.getByRole("tab", { name: "Gradients through time" }).click();
  const map = page.locator("unrolled-triangle svg.drawing");
  await map.waitFor();
  const lines = await student.table("Gradient through time as a table");
  assert.deepEqual(
    lines.map(([word]) => word),
    ["not", "a", "bad", "film", "at", "all"],
  );
  const trace = await page.evaluate(async () => {
    const { shown_layer } = await import(new URL("www/state/shared/store.js", location.href).href);
    return [...shown_layer.value.gradient_norms];
  });
  const rows = await student.table("Which prediction depends on which state as a table");
  assert.deepEqual(
    rows.map((row) => row.slice(1).filter((cell) => cell !== "").length),
    [1, 2, 3, 4, 5, 6],
    "a prediction depends on no later state",
  );
  const last = rows[5].slice(1).map(number);
  trace.forEach((norm, t) => {
    for (const found of [number(lines[t][1]), last[t]])
      assert.ok(Math.abs(found - norm) <= 0.006 * norm, `${found} at ${t} instead of ${norm}`);
  });
  // Along c alone, back from the last word, the gradient is multiplied by f, which lies between 0 and 1.
  const direct = lines.map((row) => number(row[3]));
  direct.slice(1).forEach((size, t) => assert.ok(direct[t] < size, `${direct.join(", ")} falls to the left`));
  assert.equal(number(lines[5][2]), direct[5], "the last word has only the direct part");

  await map.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowLeft");
  const reading = page.locator("unrolled-triangle .read");
  assert.match(
    (await reading.textContent()) ?? "",
    /The prediction after “at” depends on the state after “film” with/,
  );

  const beside = await student.table("SimpleRNN, LSTM and GRU on the same text as a table");
  assert.equal(beside.length, 6);
  assert.ok(beside.flatMap((row) => row.slice(1).map(number)).every((norm) => norm > 0));
  assert.equal(await page.locator(".kernels tbody tr").count(), 4, "i, f, g and o");

  // One after the other: of two downloads at the same moment the browser may drop one.
  const taken = async (/** @type {string} */ kind, title = "Which prediction depends on which state") => {
    const waited = page.waitForEvent("download");
    await page.getByRole("button", { name: `${title} as ${kind}` }).click();
    return readFile(await (await waited).path(), "utf8");
  };
  const csv = await taken("CSV");
  const svg = await taken("SVG");
  // A line chart that stands alone names each of its lines beside a piece of it, in its colour and its dashes.
  const chart = await taken("SVG", "SimpleRNN, LSTM and GRU on the same text");
  const strokes = (/** @type {RegExp} */ pattern) =>
    [...chart.matchAll(pattern)].map((found) => found.slice(1));
  const keys = strokes(
    /<line [^>]*stroke="([^"]+)" [^>]*stroke-dasharray="([^"]+)"[^>]*><text [^>]*>([^<]+)<\/text>/g,
  );
  assert.deepEqual(keys.map(([, , name]) => name).sort(), ["GRU", "LSTM", "SimpleRNN"]);
  const paths = (chart.match(/<path [^>]*>/g) ?? []).map((path) =>
    ["stroke", "stroke-dasharray"].map((name) => new RegExp(` ${name}="([^"]*)"`).exec(path)?.[1]),
  );
  for (const [stroke, dashes, name] of keys)
    assert.ok(
      paths.some(([drawn, dashed]) => drawn === stroke && dashed === dashes),
      `${name}: ${stroke} ${dashes} of ${JSON.stringify(paths)}`,
    );
  assert.equal(csv.trim().split("\n").length, 7);
  assert.match(svg, /<image [^>]*href="data:image\/png/);

  // A run that is kept stands beside them, as its own network read the text.
  await student.press("Train");
  await student.step_reached(5);
  await student.press("Pause");
  await student.ready();
  const left = await page.evaluate(async () => {
    const at = (/** @type {string} */ path) => import(new URL(path, location.href).href);
    const { experiment, trace, shown_layer, updates } = await at("www/state/shared/store.js");
    const { put } = await at("www/state/train/model.js");
    while (trace.value.step !== updates.value) await new Promise((again) => setTimeout(again, 20));
    const norms = [...shown_layer.value.gradient_norms];
    const document = structuredClone(experiment.value.document);
    const layer = document.model.config.layers.find(
      (/** @type {{ class_name: string }} */ { class_name }) => class_name === "LSTM",
    );
    Object.assign(layer, { class_name: "GRU", config: { units: 4 } });
    await put(document);
    return norms;
  });
  await student.ready();
  await page.getByRole("checkbox", { name: /LSTM 32 → .*, \d+ updates/ }).check();
  await page.locator(".line-key", { hasText: /LSTM 32 → .* updates/ }).waitFor();
  const kept = await student.table("SimpleRNN, LSTM and GRU on the same text as a table");
  kept.forEach((row, t) => {
    const found = number(row[4]);
    assert.ok(Math.abs(found - left[t]) <= 0.006 * left[t], `${found} at ${t} instead of ${left[t]}`);
  });
  await student.leave();
});
