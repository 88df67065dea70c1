import assert from "node:assert/strict";
import test, { afterEach, beforeEach, mock } from "node:test";
import { Remote, Transferred, serve, within } from "../../www/engine/rpc.js";

/** A worker whose messages the test sends. */
class PlayedWorker {
  sent = [];
  terminated = false;
  postMessage(message, transfer) {
    this.sent.push({ ...message, transfer });
  }
  terminate() {
    this.terminated = true;
  }
  say(data) {
    this.onmessage({ data });
  }
}

const SILENCE_MS = 10_000;

let clock = 0;
let events;
let remote;
let worker;

beforeEach(() => {
  mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  mock.method(performance, "now", () => clock);
  clock = 0;
  events = [];
  worker = new PlayedWorker();
  remote = new Remote(worker, { on_event: (event) => events.push(event), silence_ms: SILENCE_MS });
});

afterEach(() => {
  remote.close();
  mock.timers.reset();
  mock.restoreAll();
  delete globalThis.self;
});

function pass(seconds) {
  for (let second = 0; second < seconds; second++) {
    clock += 1000;
    mock.timers.tick(1000);
  }
}

test("replies_find_their_requests_in_any_order", async () => {
  const first = remote.request("pause", null);
  const second = remote.request("checkpoint", null);
  worker.say({ id: worker.sent[1].id, value: "second" });
  worker.say({ id: worker.sent[0].id, value: "first" });
  assert.deepEqual(await Promise.all([first, second]), ["first", "second"]);
});

test("a_second_reply_to_a_request_is_ignored", async () => {
  const reply = remote.request("pause", null);
  worker.say({ id: worker.sent[0].id, value: "first" });
  worker.say({ id: worker.sent[0].id, value: "second" });
  assert.equal(await reply, "first");
});

test("what_is_transferred_is_given_to_the_worker", async () => {
  const bytes = new Uint8Array(4);
  const reply = remote.request("load", { bytes }, [bytes.buffer]);
  assert.deepEqual(worker.sent[0].transfer, [bytes.buffer]);
  worker.say({ id: worker.sent[0].id, value: null });
  await reply;
});

test("a_failure_arrives_with_its_code_and_sentence", async () => {
  const reply = remote.request("pause", null);
  worker.say({ id: worker.sent[0].id, failure: { code: "bad_data", message: "the file is cut off" } });
  await assert.rejects(reply, { code: "bad_data", message: "the file is cut off" });
});

test("a_death_rejects_every_open_request_and_is_told_once", async () => {
  const replies = [remote.request("pause", null), remote.request("checkpoint", null)];
  worker.say({ event: "dead", message: "unreachable" });
  for (const reply of replies) await assert.rejects(reply, { code: "worker_dead" });
  worker.onerror({ message: "again", preventDefault() {} });
  assert.deepEqual(events, [{ event: "dead", message: "unreachable" }]);
  assert.ok(worker.terminated);
  await assert.rejects(remote.request("pause", null), { code: "worker_dead" });
});

test("closing_rejects_open_requests_and_tells_no_event", async () => {
  const reply = remote.request("pause", null);
  remote.close();
  await assert.rejects(reply, { code: "worker_dead" });
  worker.say({ event: "paused" });
  assert.deepEqual(events, []);
});

test("an_uncaught_error_in_the_worker_is_its_death", () => {
  worker.onerror({ message: "out of memory", preventDefault() {} });
  assert.deepEqual(events, [{ event: "dead", message: "out of memory" }]);
});

test("silence_while_a_reply_is_due_is_death", async () => {
  pass(60);
  assert.deepEqual(events, [], "an idle worker may be silent");
  const reply = remote.request("pause", null);
  pass(9);
  assert.deepEqual(events, []);
  pass(3);
  assert.equal(events.length, 1);
  await assert.rejects(reply, { code: "worker_dead" });
});

test("silence_while_events_are_expected_is_death_and_any_message_is_life", () => {
  remote.expect_events(true);
  for (let k = 0; k < 5; k++) {
    pass(8);
    worker.say({ event: "paused", step: 1, reason: "asked" });
  }
  assert.equal(events.length, 5);
  pass(12);
  assert.equal(events.at(-1).event, "dead");
});

test("a_page_that_was_asleep_does_not_take_its_own_sleep_for_death", () => {
  remote.expect_events(true);
  pass(2);
  clock += 3_600_000;
  mock.timers.tick(1000);
  assert.deepEqual(events, []);
});

test("what_takes_longer_than_its_timeout_is_rejected", async () => {
  const late = within(3000, remote.request("join", null));
  const early = within(3000, Promise.resolve("here"));
  pass(4);
  await assert.rejects(late, { code: "timeout" });
  assert.equal(await early, "here");
});

/** The scope of a worker that serves `handlers`, and what it posted. */
function served(handlers) {
  const posted = [];
  globalThis.self = {
    postMessage: (message, transfer) => posted.push({ ...message, ...(transfer && { transfer }) }),
  };
  const server = serve(handlers);
  const scope = globalThis.self;
  return {
    posted,
    server,
    ask: (name, argument = null, id = 1) => scope.onmessage({ data: { id, name, argument } }),
  };
}

test("every_request_gets_one_reply_with_its_id", async () => {
  const { posted, ask } = served({ double: (n) => 2 * n, nothing: () => undefined, later: async (n) => n });
  await Promise.all([ask("double", 4, 7), ask("nothing", null, 8), ask("later", 3, 9)]);
  assert.deepEqual(
    posted.sort((a, b) => a.id - b.id),
    [
      { id: 7, value: 8 },
      { id: 8, value: null },
      { id: 9, value: 3 },
    ],
  );
});

test("what_a_handler_throws_is_the_reply", async () => {
  const { posted, ask } = served({
    fail: () => {
      throw { code: "format", message: "there is no word in it" };
    },
    break: () => {
      throw new Error("odd");
    },
  });
  await ask("fail", null, 1);
  await ask("break", null, 2);
  await ask("no such request", null, 3);
  assert.deepEqual(posted[0], { id: 1, failure: { code: "format", message: "there is no word in it" } });
  assert.deepEqual(posted[1], { id: 2, failure: { code: "unexpected", message: "odd" } });
  assert.equal(posted[2].failure.code, "unexpected");
});

test("buffers_of_a_reply_are_transferred", async () => {
  const bytes = new Uint8Array(2);
  const { posted, ask } = served({ read: () => new Transferred({ bytes }, [bytes.buffer]) });
  await ask("read");
  assert.deepEqual(posted, [{ id: 1, value: { bytes }, transfer: [bytes.buffer] }]);
});

test("a_trap_is_told_once_and_nothing_is_answered_after_it", async () => {
  const { posted, server, ask } = served({
    trap: () => {
      throw new WebAssembly.RuntimeError("unreachable");
    },
    fine: () => 1,
  });
  await ask("trap");
  await ask("fine", null, 2);
  server.run(
    () => assert.fail("no work after a trap"),
    () => assert.fail("nor a failure"),
  );
  assert.deepEqual(posted, [{ event: "dead", message: "unreachable" }]);
});

test("work_that_no_request_waits_for_tells_its_failure", () => {
  const { posted, server } = served({});
  const failures = [];
  const record = (failure) => failures.push(failure);
  server.run(() => {
    throw { code: "not_finite", message: "the loss is NaN" };
  }, record);
  assert.deepEqual(failures, [{ code: "not_finite", message: "the loss is NaN" }]);
  server.run(() => {
    throw new WebAssembly.RuntimeError("unreachable");
  }, record);
  assert.equal(failures.length, 1);
  assert.deepEqual(posted, [{ event: "dead", message: "unreachable" }]);
});
