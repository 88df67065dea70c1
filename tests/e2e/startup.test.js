import assert from "node:assert/strict";
import test, { after } from "node:test";
import { measured_visits } from "./startup.js";
import { close_browser } from "./student.js";

after(close_browser);

/** What a machine with nothing else to do needs at most, in milliseconds. */
const PAINT_MS = 1000, ENGINE_MS = 1500;

/** Other programs delay visits: the quickest of several shows what the page itself needs. */
const VISITS = 5, TRIES = 4;

test("the_page_is_painted_within_a_second_and_the_engine_ready_within_one_and_a_half", async () => {
  let paint = Infinity;
  let engine = Infinity;
  for (let attempt = 0; attempt < TRIES && (paint > PAINT_MS || engine > ENGINE_MS); attempt++) {
    for (const visit of await measured_visits(VISITS)) {
      paint = Math.min(paint, visit.paint);
      engine = Math.min(engine, visit.engine);
    }
  }
  console.log(`# first paint ${paint.toFixed(0)} ms, engine ready ${engine.toFixed(0)} ms`);
  assert.ok(paint < PAINT_MS, `first paint after ${paint} ms`);
  assert.ok(engine < ENGINE_MS, `engine ready after ${engine} ms`);
});
