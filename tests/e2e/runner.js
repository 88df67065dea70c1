/** One of the processes of `run.js`: takes one file of tests after the other, with one browser for all of them. */
import { once } from "node:events";
import { run_files } from "./harness.js";

/** @returns {Promise<string | null>} null when all have been taken */
async function next_file() {
  const answer = once(process, "message");
  process.send?.("next");
  const [{ file }] = await answer;
  return file;
}

await run_files(async function* () {
  for (let file = await next_file(); file !== null; file = await next_file()) yield file;
});
process.disconnect();
