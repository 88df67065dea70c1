import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student, until } from "./student.js";

/** One epoch and a little: 125 steps, an evaluation, and the first steps of the next epoch. */
const STEPS = 150;

/**
 * Runs in the page: trains in a worker of its own and returns the weights, what the optimizer remembers and the
 * history, which are everything in a checkpoint behind its header (that holds the time), as one number; and how it
 * went.
 * @param {{ workers: number, steps: number, batch: number, event?: string }} wanted
 */
async function trained({ workers, steps, batch, event }) {
  const { EngineClient } = await import(new URL("www/engine/client.js", location.href).href);
  const { compile_engine } = await import(new URL("www/engine/load.js", location.href).href);
  const { DATASETS, experiment_of } = await import(
    new URL("www/state/train/settings.js", location.href).href
  );
  let bytes = null;
  let reached = 0;
  let paused = false;
  const complaints = [];
  /** @type {() => void} */
  let done;
  const finished = new Promise((keep) => (done = () => keep(null)));
  const engine = new EngineClient((message) => {
    if (message.event === "progress") reached = message.report.step;
    if (message.event === "paused") paused = true;
    // The checkpoint that is kept every three seconds may be of this step too, in the middle of an evaluation.
    if (message.event === "checkpoint" && paused) ((bytes = message.bytes), done());
    if (["failed", "dead"].includes(message.event)) (complaints.push(JSON.stringify(message)), done());
    if (event) globalThis[event] = { reached };
  });
  await engine.request("start", { module: await compile_engine(), workers });
  const file = await (await fetch(new URL(`www/${DATASETS.imdb.file}`, location.href))).arrayBuffer();
  await engine.request("load_dataset", { bytes: new Uint8Array(file) });
  const settings = { ...DATASETS.imdb.defaults, batch };
  await engine.request("set_up", { experiment: experiment_of(settings), run: "test" });
  await engine.request("train", { until_step: steps, steps_per_second: 0 });
  await finished;
  engine.close();
  if (!bytes) return { numbers: "", complaints, isolated: crossOriginIsolated };
  const header = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const { seal } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + header)));
  // The seal is over the time too.
  const arrays = bytes.slice(8 + header).fill(0, ...seal.data_offsets);
  const digest = await crypto.subtle.digest("SHA-256", arrays);
  const numbers = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { numbers, complaints, isolated: crossOriginIsolated };
}

/** The page of the benchmark, on which nothing computes before it is asked to. */
async function quiet_page() {
  const student = await Student.arrive();
  await student.page.goto(new URL("bench.html", process.env.UNROLLED_URL).href);
  return student;
}

/** @param {Student} student */
const followers = (student) =>
  student.page.workers().filter((worker) => worker.url().endsWith("/follower.js"));

test("one_two_and_three_workers_reach_the_same_bits", async () => {
  const student = await quiet_page();
  const results = [];
  let seen = 0;
  student.page.on("worker", (worker) => void (worker.url().endsWith("/follower.js") && (seen += 1)));
  for (const [workers, more] of [
    [1, 0],
    [2, 1],
    [3, 2],
  ]) {
    seen = 0;
    // 50 rows are four blocks, which three workers share unevenly; the last batch of an epoch is whole.
    const { numbers, complaints, isolated } = await student.page.evaluate(trained, {
      workers,
      steps: STEPS,
      batch: 50,
    });
    assert.ok(isolated);
    assert.deepEqual(complaints, []);
    assert.equal(seen, more, `${workers} workers`);
    results.push(numbers);
  }
  assert.match(results[0], /^[0-9a-f]{64}$/);
  assert.deepEqual(
    results,
    results.map(() => results[0]),
  );
  await student.leave();
});

test("a_worker_that_is_killed_costs_the_run_nothing", async () => {
  const student = await quiet_page();
  const wanted = { steps: 400, batch: 32, event: "going" };
  const alone = await student.page.evaluate(trained, { ...wanted, workers: 1 });
  const together = student.page.evaluate(trained, { ...wanted, workers: 2 });
  await until(() => followers(student).length === 1, "a second worker");
  await student.page.waitForFunction(() => globalThis.going?.reached > 60);
  await followers(student)[0]
    .evaluate(() => self.close())
    .catch(() => null); // Its own end cuts the answer off.
  const { numbers, complaints } = await together;
  assert.deepEqual(complaints, []);
  assert.equal(numbers, alone.numbers);
  await student.leave();
});

test("the_page_trains_with_two_workers_at_full_speed_and_pauses_changes_and_goes_on_as_with_one", async () => {
  const student = await Student.arrive();
  await student.open("#/train?v=1&data=imdb&speed=0&batch=48&seed=5");
  await student.ready();
  assert.equal(followers(student).length, 0, "nobody is hired before there is work");
  await student.press("Train");
  await until(() => followers(student).length > 0, "a second worker");
  await student.step_reached(40);
  await student.page.getByRole("slider", { name: /Learning rate/ }).press("ArrowRight");
  await student.step_reached((await student.step()) + 40);
  await student.press("Pause");
  await student.ready();
  const paused_at = await student.step();
  await student.page.waitForTimeout(300);
  assert.equal(await student.step(), paused_at, "a paused run stands still");
  await student.press("Train");
  await student.step_reached(paused_at + 30);
  await student.press("Pause");
  await student.ready();
  assert.equal(await student.page.locator(".notice.trouble").count(), 0);
  await student.leave();
});
