import assert from "node:assert/strict";
import test from "node:test";
import { room_for } from "../../www/engine/followers.js";
import { Lockstep, allocate } from "../../www/engine/lockstep.js";

test("every_block_has_exactly_one_owner_and_nobody_has_two_more_than_another", () => {
  for (const count of [1, 2, 3, 5]) {
    for (const blocks of [1, 2, 4, 6, 16]) {
      const places = Array.from(
        { length: count },
        (_, rank) => new Lockstep(allocate(blocks, 1, count), rank),
      );
      const owned = places.map(
        (place) => Array.from({ length: blocks }, (_, k) => place.owns(k)).filter(Boolean).length,
      );
      assert.equal(
        owned.reduce((sum, one) => sum + one, 0),
        blocks,
      );
      assert.ok(Math.max(...owned) - Math.min(...owned) <= 1, `${count} workers: ${owned}`);
    }
  }
});

test("two_places_hand_each_other_their_blocks_for_many_steps", () => {
  const shared = allocate(2, 3, 2);
  const [leader, follower] = [new Lockstep(shared, 0), new Lockstep(shared, 1)];
  leader.set_learning_rate(0.25);
  assert.equal(follower.learning_rate(), 0.25);
  for (let step = 0; step < 5; step++) {
    assert.equal(follower.next(0), "nothing");
    leader.begin();
    assert.equal(follower.next(0), "step");
    follower.begin();
    assert.ok(leader.publish(0, Uint32Array.of(step, 1)));
    assert.ok(follower.publish(1, Uint32Array.of(step, 2, 3)));
    // In one thread the first of the two would wait for ever: the follower's arrival is counted by hand.
    Atomics.add(new Int32Array(shared.control), 3, 1);
    assert.ok(leader.barrier());
    assert.deepEqual([...leader.fetch(1)], [step, 2, 3]);
    Atomics.sub(new Int32Array(shared.control), 3, 1);
    assert.ok(follower.barrier());
    assert.deepEqual([...follower.fetch(0)], [step, 1]);
  }
  leader.stop();
  assert.equal(follower.next(0), "stopped");
});

test("a_block_that_is_too_large_is_refused", () => {
  const place = new Lockstep(allocate(1, 2, 1), 0);
  assert.equal(place.publish(0, new Uint32Array(3)), false);
  assert.equal(place.publish(1, new Uint32Array(1)), false);
});

test("a_leader_whose_follower_has_gone_waits_some_seconds_and_never_again", () => {
  const leader = new Lockstep(allocate(2, 1, 2), 0);
  leader.begin();
  const start = performance.now();
  assert.equal(leader.barrier(), false);
  const waited = performance.now() - start;
  assert.ok(waited > 1000, `${waited} ms`);
  assert.ok(leader.broken);
  leader.begin();
  assert.equal(leader.barrier(), false);
  assert.ok(performance.now() - start - waited < 500, "at once");
});

test("the_page_keeps_a_core_where_there_are_many", () => {
  assert.deepEqual([1, 2, 3, 4, 8, 64].map(room_for), [1, 2, 3, 3, 7, 8]);
});
