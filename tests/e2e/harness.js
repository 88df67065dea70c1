/**
 * What every end-to-end test stands on: a test ends, whatever happens in it, and nothing that it opened outlives it.
 *
 * An open browser or server keeps Node alive, so a test that fails before its last line would otherwise never let the
 * run end.
 */
import { after, afterEach, test as node_test } from "node:test";
import { close_all } from "./resources.js";
import { close_browser } from "./student.js";

/**
 * The longest test trains to a known accuracy and may take two minutes on a busy machine; what takes longer is
 * stuck.
 */
const TEST_LIMIT_MS = 240_000;

afterEach(close_all);
after(close_browser);

/**
 * A test with a time limit, after which its students have left and its servers are closed.
 * @param {string} name
 * @param {() => Promise<void>} body
 */
export function test(name, body) {
  return node_test(name, { timeout: TEST_LIMIT_MS }, () => body());
}
