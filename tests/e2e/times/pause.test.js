import assert from "node:assert/strict";
import { test } from "../harness.js";
import { Student } from "../student.js";

test("pause_is_answered_within_50_ms", async () => {
  const student = await Student.arrive();
  await student.open();
  await student.ready();
  await student.choose("full");
  const waits = [];
  for (let attempt = 0; attempt < 7; attempt++) {
    await student.press("Train");
    await student.page.getByRole("button", { name: "Pause", exact: true }).waitFor();
    await student.page.waitForTimeout(400);
    waits.push(await student.page.evaluate(time_of_pause));
    await student.ready();
  }
  waits.sort((one, other) => one - other);
  // Not the slowest: other programs on the same core delay some. What the worker itself does between two looks at its
  // messages is bounded in processor time, in ../frames.test.js.
  assert.ok(waits[1] <= 50, `pauses took ${waits.map((wait) => wait.toFixed(0))} ms`);
  await student.leave();
});

/** Runs in the page: milliseconds from the click until the button says “Train” again. */
function time_of_pause() {
  const button = /** @type {HTMLButtonElement} */ (document.querySelector("#view-train button.primary"));
  return new Promise((resolve) => {
    const from = performance.now();
    const observer = new MutationObserver(() => {
      if (button.textContent?.trim() !== "Train") return;
      observer.disconnect();
      resolve(performance.now() - from);
    });
    observer.observe(button, { childList: true, characterData: true, subtree: true });
    button.click();
  });
}
