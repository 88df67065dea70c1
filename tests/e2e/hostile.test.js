/** Some of what `npm run fuzz` brings to the page: hostile links, listings and files. */
import { test } from "./harness.js";
import { Student } from "./student.js";
import { draws, file, link, listing } from "../fuzz/hostile.js";
import { drop, follow, give_listings, visited } from "../fuzz/visitor.js";

const some = (/** @type {(d: any) => any} */ make, /** @type {number} */ count) =>
  Array.from({ length: count }, (_, k) => make(draws(1, k)));

test("hostile_links_listings_and_files_leave_a_page_that_answers", async () => {
  const [links, listings, files] = [some(link, 100), some(listing, 30), some(file, 5)];
  const all = async (/** @type {Student} */ student) => {
    await follow(student, links);
    await give_listings(student, listings);
    await drop(student, files);
  };
  try {
    await visited([], all);
  } catch (error) {
    const given = JSON.stringify({ links, listings, files });
    throw new Error(`\`npm run fuzz\` finds which it was of ${given.slice(0, 4000)}`, { cause: error });
  }
});

test("a_link_after_one_that_was_refused_is_shown", async () => {
  const student = await Student.arrive();
  await student.open("#/step?v=1&step-cell=own&step-code=4294967296length");
  await student.page.getByText("is not a number that a listing knows").first().waitFor();
  await follow(student, ["#/step?v=1&step-cell=gru&step-weights=random"]);
  await student.step_ready();
  await student.leave();
});
