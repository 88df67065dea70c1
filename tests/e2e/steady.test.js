import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
  { width: 1024, height: 768 },
];

/** All that has a place of its own: rows, panels, boxes of the chain, what is pressed. */
const STRUCTURE = [
  "header.top",
  "unrolled-step-setup",
  "unrolled-chain",
  "unrolled-chain .box",
  "unrolled-chain .above",
  "unrolled-chain .arrows",
  "unrolled-chain .overview",
  ".saying",
  "unrolled-step-sentence",
  ".columns > section",
  ".columns .text .heading",
  ".columns .cell .heading",
  "unrolled-step-transport",
  "unrolled-step-transport button",
  "unrolled-step-transport select",
  "unrolled-step-track",
].join(", ");

/**
 * Lines that are passed, those of nine words forwards, of the output, and of some words backwards; at each of them
 * every box is looked at.
 */
const LINES = 160;

/** @param {Student} student */
async function open(student) {
  await student.open("#/step?step-at=0&step-unit=5");
  await student.step_ready();
}

/**
 * Plays, then passes line after line, and compares the boxes at each of them with the first ones.
 * @param {Student} student
 * @param {number} lines
 */
function pass(student, lines) {
  return student.page.evaluate(
    async ({ structure, lines }) => {
      const boxes = () =>
        [...document.querySelectorAll(structure)].map((element) => {
          const { left, top, width, height } = element.getBoundingClientRect();
          return { name: `${element.localName}.${element.className}`, box: [left, top, width, height] };
        });
      const play = /** @type {HTMLElement} */ (document.querySelector("unrolled-step-transport .primary"));
      const place = () =>
        Number(/** @type {HTMLInputElement} */ (document.querySelector(".slide input")).value);
      // As a reader sees it: what is measured of a position is measured before its frame.
      const rendered = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      const first = boxes();
      const outside = first
        .filter(
          ({ box: [left, top, width, height] }) =>
            left < 0 || top < 0 || left + width > innerWidth + 0.5 || top + height > innerHeight + 0.5,
        )
        .map(({ name, box }) => `${name} ${box}`);
      const start = place();
      /** @type {Set<string>} */
      const moved = new Set();
      const look = () => {
        const now = boxes();
        if (now.length !== first.length)
          moved.add(`${first.length} elements became ${now.length} at ${place()}`);
        now.forEach(({ name, box }, k) => {
          const old = first[k]?.box ?? [];
          if (box.some((value, side) => Math.abs(value - old[side]) > 0.01))
            moved.add(`${name} at ${place()}: ${old} became ${box}`);
        });
      };
      /** @type {string[]} */
      const hidden = [];
      const line = () => {
        const now = document.querySelector(".code .now");
        const { left = 0, top = 0, bottom = 0 } = now?.getBoundingClientRect() ?? {};
        for (const y of [top + 2, bottom - 2])
          if (now && !now.contains(document.elementFromPoint(left + 20, y)))
            hidden.push(`line ${now.querySelector("i")?.textContent} at ${place()}`);
      };
      play.click();
      await rendered();
      look();
      play.click();
      for (let k = 0; k < lines; k++) {
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
        await rendered();
        look();
        line();
      }
      return {
        moved: [...moved],
        hidden,
        outside,
        passed: place() - start,
        scrolled: [scrollY, document.documentElement.scrollHeight - innerHeight],
      };
    },
    { structure: STRUCTURE, lines },
  );
}

for (const viewport of SIZES) {
  test(`nothing_but_the_data_moves_there_and_back_at_${viewport.width}_x_${viewport.height}`, async () => {
    const student = await Student.arrive({ viewport });
    await open(student);
    const { moved, hidden, outside, passed, scrolled } = await pass(student, LINES);
    assert.ok(passed >= LINES, `${passed} of ${LINES} lines`);
    assert.deepEqual(moved.slice(0, 5), []);
    assert.deepEqual(outside, []);
    assert.deepEqual(hidden, [], "the line that runs is in sight");
    assert.deepEqual(scrolled, [0, 0], "the page does not scroll");
    await student.leave();
  });
}
