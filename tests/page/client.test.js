import assert from "node:assert/strict";
import test, { afterEach, beforeEach, mock } from "node:test";
import { EngineClient } from "../../www/engine/client.js";

/** A worker whose answers the test gives. */
class PlayedWorker {
  static last = /** @type {PlayedWorker | null} */ (null);
  sent = [];
  terminated = false;
  constructor() {
    PlayedWorker.last = this;
  }
  postMessage(message) {
    this.sent.push(message);
  }
  terminate() {
    this.terminated = true;
  }
  say(data) {
    this.onmessage({ data });
  }
}

let events;
let client;
let worker;

beforeEach(() => {
  mock.timers.enable({ apis: ["setInterval"] });
  mock.method(performance, "now", () => clock);
  clock = 0;
  globalThis.Worker = PlayedWorker;
  events = [];
  client = new EngineClient((event) => events.push(event));
  worker = PlayedWorker.last;
});

afterEach(() => {
  client.close();
  mock.timers.reset();
  mock.restoreAll();
});

let clock = 0;

function pass(seconds) {
  for (let second = 0; second < seconds; second++) {
    clock += 1000;
    mock.timers.tick(1000);
  }
}

test("replies_find_their_requests_in_any_order", async () => {
  const first = client.request("pause", null);
  const second = client.request("checkpoint", null);
  worker.say({ id: worker.sent[1].id, value: "second" });
  worker.say({ id: worker.sent[0].id, value: "first" });
  assert.deepEqual(await Promise.all([first, second]), ["first", "second"]);
});

test("a_failure_arrives_with_its_code_and_sentence", async () => {
  const reply = client.request("pause", null);
  worker.say({ id: worker.sent[0].id, failure: { code: "bad_data", message: "the file is cut off" } });
  await assert.rejects(reply, { code: "bad_data", message: "the file is cut off" });
});

test("a_death_breaks_every_waiting_request_and_is_told_once", async () => {
  const replies = [client.request("pause", null), client.request("checkpoint", null)];
  worker.say({ event: "dead", message: "unreachable" });
  for (const reply of replies) await assert.rejects(reply, { code: "worker_dead" });
  worker.onerror({ message: "again", preventDefault() {} });
  assert.deepEqual(events, [{ event: "dead", message: "unreachable" }]);
  assert.ok(worker.terminated);
  await assert.rejects(client.request("pause", null), { code: "worker_dead" });
});

test("an_uncaught_error_in_the_worker_is_its_death", () => {
  worker.onerror({ message: "out of memory", preventDefault() {} });
  assert.deepEqual(events, [{ event: "dead", message: "out of memory" }]);
});

test("silence_while_an_answer_is_due_is_death", async () => {
  pass(60);
  assert.deepEqual(events, [], "an idle worker may be silent");
  const reply = client.request("pause", null);
  pass(9);
  assert.deepEqual(events, []);
  pass(3);
  assert.equal(events.length, 1);
  await assert.rejects(reply, { code: "worker_dead" });
});

test("silence_while_training_is_death_and_any_word_is_life", () => {
  client.expect_events(true);
  for (let k = 0; k < 5; k++) {
    pass(8);
    worker.say({ event: "paused", step: 1, reason: "asked" });
  }
  assert.equal(events.length, 5);
  pass(12);
  assert.equal(events.at(-1).event, "dead");
});

test("a_page_that_slept_does_not_take_its_own_sleep_for_death", () => {
  client.expect_events(true);
  pass(2);
  clock += 3_600_000;
  mock.timers.tick(1000);
  assert.deepEqual(events, []);
});
