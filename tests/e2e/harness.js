/**
 * What every end-to-end test stands on: a test ends, whatever happens in it, and nothing that it opened outlives it.
 *
 * An open browser or server keeps Node alive, so a test that fails before its last line would otherwise never let the
 * run end.
 */
import { after, test as node_test } from "node:test";
import { close_all } from "./resources.js";
import { close_browser } from "./student.js";

/**
 * The longest test trains to a known accuracy and may take two minutes on a busy machine; what takes longer is
 * stuck.
 */
const TEST_LIMIT_MS = 240_000;

/** The run of several files that tests are part of. @type {import("node:test").TestContext | null} */
let all = null;
/** The tests of the present file. @type {Promise<void>[]} */
let of_file = [];

after(close_browser);

/**
 * A test with a time limit, after which its students have left and its servers are closed.
 * @param {string} name
 * @param {() => Promise<void>} body
 */
export function test(name, body) {
  const run = (/** @type {import("node:test").TestContext} */ context) => {
    context.after(close_all);
    return body();
  };
  const ended = all
    ? all.test(name, { timeout: TEST_LIMIT_MS }, run)
    : node_test(name, { timeout: TEST_LIMIT_MS }, run);
  of_file.push(ended);
  return ended;
}

/**
 * Runs files of tests one after the other. They are parts of one test, since the browser is closed when there is no
 * other test left, and a file is taken only when the one before it has ended.
 * @param {() => AsyncIterable<string>} files their names in this folder
 */
export function run_files(files) {
  return node_test("end-to-end", async (context) => {
    all = context;
    for await (const file of files()) {
      await import(`./${file}`);
      await Promise.all(of_file);
      of_file = [];
    }
  });
}
