/**
 * No task of the page or of a worker is so long that a reader sees it. Tasks are measured in processor time, so that
 * other programs may run meanwhile.
 */
import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student, until } from "./student.js";

/** A longer stop than this is seen as a jerk. */
const LONGEST_TASK_MS = 50;

const WATCHED_MS = 6000;

/** @typedef {{ name: string, pid: number, tid: number, tdur?: number, args: Record<string, any> }} TraceEvent */

/** The threads of pages. @param {TraceEvent[]} events */
function of_pages(events) {
  return events
    .filter((event) => event.name === "thread_name" && event.args.name === "CrRendererMain")
    .map(({ pid, tid }) => `${pid}:${tid}`);
}

/**
 * The thread of a worker that answers the page. Others only take part in updates: while one of them is set up, which
 * takes longer, nobody waits for it.
 * @param {string} script
 */
function of_worker(script) {
  return (/** @type {TraceEvent[]} */ events) =>
    events
      .filter((event) => event.name === "TracingSessionIdForWorker")
      .filter(({ args }) => args.data.url.endsWith(script))
      .map(({ pid, args }) => `${pid}:${args.data.workerThreadId}`);
}

/**
 * What some threads did, from Chromium's trace. `tdur` is processor time: unlike the time between two frames it does
 * not grow when other programs want the same core, so it is what is due to us.
 * @param {Buffer} trace
 * @param {(events: TraceEvent[]) => string[]} which
 * @returns {number[]} milliseconds for each task, the longest first
 */
function tasks_of(trace, which) {
  const { traceEvents } = /** @type {{ traceEvents: TraceEvent[] }} */ (JSON.parse(trace.toString()));
  const threads = new Set(which(traceEvents));
  return traceEvents
    .filter((event) => event.name === "ThreadControllerImpl::RunTask" || event.name === "RunTask")
    .filter(({ pid, tid, tdur }) => tdur !== undefined && threads.has(`${pid}:${tid}`))
    .map(({ tdur }) => (tdur ?? 0) / 1000)
    .sort((one, other) => other - one);
}

/** @param {number[]} tasks @param {string} whose */
function none_is_too_long(tasks, whose) {
  assert.ok(tasks.length > 50, `only ${tasks.length} tasks of ${whose} were seen`);
  assert.ok(
    tasks[0] < LONGEST_TASK_MS,
    `longest tasks of ${whose}: ${tasks.slice(0, 5).map((time) => time.toFixed(0))} ms`,
  );
}

test("no_task_of_page_or_worker_takes_over_50_ms_while_training_at_full_speed", async () => {
  const student = await Student.arrive({ viewport: { width: 1440, height: 900 } });
  // The largest everyday load: all figures, 100 words, full speed.
  await student.open("#/train?v=1&data=imdb-full&speed=0");
  await student.ready();
  await student.type("this is not a bad film at all but it is not a very good one either ".repeat(10));
  await student.press("Train");
  await student.step_reached(20);
  const trace = await student.traced(WATCHED_MS);
  assert.ok(
    await student.page.getByRole("button", { name: "Pause", exact: true }).isVisible(),
    "training ran all the time",
  );
  none_is_too_long(tasks_of(trace, of_pages), "the page");
  none_is_too_long(tasks_of(trace, of_worker("/engine/worker.js")), "the worker");
  await student.leave();
});

test("no_task_of_page_or_writer_takes_over_50_ms_while_a_model_writes_200_characters_a_second", async () => {
  const student = await Student.arrive({ viewport: { width: 1440, height: 900 } });
  const { page } = student;
  await student.open("#/write");
  await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
  await page.locator("[name=write-speed]").selectOption("200");
  // The text has its full length, and the other views are loaded.
  const written = () => page.locator(".write-text").evaluate((box) => (box.textContent ?? "").length);
  await until(async () => (await written()) > 1500, "a long text");
  const trace = await student.traced(WATCHED_MS);
  assert.ok(
    await page.getByRole("button", { name: "Pause", exact: true }).isVisible(),
    "it wrote all the time",
  );
  none_is_too_long(tasks_of(trace, of_pages), "the page");
  none_is_too_long(tasks_of(trace, of_worker("/engine/writer_worker.js")), "the writer");
  await student.leave();
});
