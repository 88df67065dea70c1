import assert from "node:assert/strict";
import test from "node:test";
import { overlap, place } from "../../www/views/tour/place.js";

/** @param {number} left @param {number} top @param {number} width @param {number} height */
const box = (left, top, width, height) => ({ left, top, right: left + width, bottom: top + height });

const CARD = { width: 352, height: 320 };

test("the_card_lies_beside_whatever_it_speaks_of_and_inside_of_the_window", () => {
  for (const screen of [
    { width: 1440, height: 900 },
    { width: 1280, height: 720 },
    { width: 390, height: 844 },
  ]) {
    for (let k = 0; k < 80; k++) {
      const width = 20 + ((k * 97) % (screen.width * 0.3));
      const height = 20 + ((k * 61) % 100);
      const left = (k * 173) % (screen.width - width);
      const top = (k * 131) % (screen.height - height);
      const spoken = [box(left, top, width, height)];
      const there = place([CARD], screen, { marked: spoken, kept: [] }, [], null);
      const card = box(there.left, there.top, CARD.width, CARD.height);
      assert.equal(overlap(card, spoken[0]), 0, JSON.stringify({ screen, spoken, there }));
      assert.ok(card.left >= 0 && card.top >= 0);
      assert.ok(card.right <= screen.width && card.bottom <= screen.height);
    }
  }
});

test("the_card_stays_where_it_lies_as_long_as_nothing_comes_under_it", () => {
  const screen = { width: 1280, height: 720 };
  const here = { left: 800, top: 300, ...CARD };
  const beside = (/** @type {import("../../www/views/tour/place.js").Box} */ marked) =>
    place([CARD], screen, { marked: [marked], kept: [] }, [], here);
  assert.deepEqual(beside(box(10, 10, 100, 100)), here);
  const moved = beside(box(820, 320, 100, 100));
  assert.equal(overlap(box(moved.left, moved.top, CARD.width, CARD.height), box(820, 320, 100, 100)), 0);
});

test("the_card_covers_what_matters_less_where_it_must_cover_something", () => {
  const screen = { width: 1280, height: 720 };
  const wanted = [
    { box: box(0, 0, 640, 720), matters: 3 },
    { box: box(640, 0, 640, 720), matters: 1 },
  ];
  const there = place([CARD], screen, { marked: [box(600, 340, 40, 40)], kept: [] }, wanted, null);
  assert.ok(there.left >= 640);
});

test("the_card_takes_another_shape_where_the_usual_one_would_cover_what_it_speaks_of", () => {
  const screen = { width: 1280, height: 720 };
  const kept = [box(0, 0, 1280, 420)];
  const low = { width: 544, height: 230 };
  const there = place([CARD, low], screen, { marked: [box(10, 10, 50, 20)], kept }, [], null);
  assert.equal(there.width, low.width);
  assert.equal(overlap(box(there.left, there.top, there.width, there.height), kept[0]), 0);
});
