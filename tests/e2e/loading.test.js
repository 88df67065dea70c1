import assert from "node:assert/strict";
import { test } from "./harness.js";
import { serve_plainly } from "./plain_server.js";
import { Student } from "./student.js";

const WHOLE = /\/imdb\.safetensors$/;
/** As our own server has them, so that the page is not loaded twice. */
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

test("the_whole_set_says_how_much_of_it_has_arrived_and_choosing_another_breaks_it_off", async () => {
  const host = await serve_plainly({ slow: WHOLE, headers: ISOLATED });
  const student = await Student.arrive_at(host.address);
  await student.open("#/train?v=1&data=imdb-full&text=my+own+words");
  const arrived = student.page.locator("unrolled-transport .arrived");
  await arrived.waitFor();
  const seen = [];
  for (let look = 0; look < 3; look++) {
    const [, part, whole] = /^([\d.]+) of ([\d.]+) MB$/.exec((await arrived.textContent()) ?? "") ?? [];
    seen.push(Number(part));
    assert.equal(whole, "11.4");
    const { value, max } = await student.page
      .locator("unrolled-transport progress")
      .evaluate((bar) => ({ value: bar.value, max: bar.max }));
    assert.ok(value > 0 && value < max && max === 11_449_684, `${value} of ${max}`);
    await student.page.waitForTimeout(350);
  }
  assert.ok(seen[0] < seen[1] && seen[1] < seen[2], `${seen} MB`);
  await student.choose("4,000");
  await student.ready();
  assert.equal(await arrived.count(), 0);
  assert.ok(
    host.broken_off.some((path) => WHOLE.test(path)),
    "nothing more of it is loaded",
  );
  assert.equal(await student.page.locator(".notice").count(), 0);
  await student.leave();
});

test("a_connection_that_breaks_in_the_middle_is_said_and_trying_again_loads_the_whole_set", async () => {
  const host = await serve_plainly({ breaks: WHOLE, headers: ISOLATED });
  const student = await Student.arrive_at(host.address);
  student.expect_complaint(/ERR_CONTENT_LENGTH_MISMATCH|ERR_CONNECTION|ERR_INCOMPLETE/);
  await student.open("#/train?v=1&data=imdb-full&text=my+own+words");
  await student.notice(/broke off while loading/);
  assert.equal(
    await student.page.getByRole("textbox", { name: "A text of your own" }).inputValue(),
    "my own words",
  );
  await student.press("Try again");
  await student.ready();
  assert.equal(await student.page.locator(".notice.trouble").count(), 0);
  await student.page.getByText("20,000").first().waitFor();
  await student.leave();
});
