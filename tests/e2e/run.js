/**
 * Runs the end-to-end tests of this folder, two files at a time. To start Node and a browser takes a second of a
 * processor, so there are two runners for all files: each takes the next one when it has ended one.
 */
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";

const RUNNERS = 2;

const FOLDER = new URL("./", import.meta.url);

/** The longest first, so that both runners end at about the same time. */
const waiting = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".test.js"))
  .map((name) => ({ name, size: statSync(new URL(name, FOLDER)).size }))
  .sort((one, other) => other.size - one.size)
  .map(({ name }) => name);
assert.ok(waiting.length > 0, "there are no tests in this folder");

/** @returns {Promise<boolean>} whether all tests of all its files have passed */
async function runner() {
  const process = fork(new URL("runner.js", FOLDER), { execArgv: ["--test-reporter=spec"] });
  process.on("message", () => process.send({ file: waiting.shift() ?? null }));
  const [code] = await once(process, "exit");
  return code === 0;
}

const passed = await Promise.all(Array.from({ length: RUNNERS }, runner));
const left = waiting.length;
if (left > 0) console.error(`${left} files of tests were not run: ${waiting.join(", ")}`);
process.exitCode = left === 0 && passed.every(Boolean) ? 0 : 1;
