/**
 * The three browsers, each started with a fresh profile and ended with the test: Chromium through chromedriver, Firefox
 * by itself, WebKit as MiniBrowser through WebKitWebDriver, on a screen that only Xvfb sees.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { close_after_test } from "../e2e/resources.js";
import { Page } from "./page.js";
import { over_http, over_marionette } from "./protocols.js";

/** A browser on a busy machine takes seconds to start. */
const START_LIMIT_MS = 60_000;

/** @param {number} milliseconds */
const moments = (milliseconds) => new Promise((keep) => setTimeout(keep, milliseconds));

/**
 * Starts a program that ends with the test.
 * @param {string} program @param {string[]} options
 * @param {{ env?: Record<string, string>, stdio?: any, folder?: string }} [how] `folder` is removed after it has ended
 */
function started(program, options, { env = {}, stdio = "ignore", folder } = {}) {
  // It leads a process group, so that what it has started ends with it.
  const child = spawn(program, options, { stdio, env: { ...process.env, ...env }, detached: true });
  const failed = new Promise((_, fail) => {
    child.once("error", () =>
      fail(new Error(`${program} cannot be started; \`cargo xtask test\` installs it`)),
    );
    child.once("exit", (code) => fail(new Error(`${program} has ended with ${code}`)));
  });
  failed.catch(() => null); // It is told to whoever waits for it.
  const ended = new Promise((keep) => child.once("close", keep));
  close_after_test(async () => {
    try {
      if (child.pid) process.kill(-child.pid, "SIGKILL");
      await ended;
    } catch {
      // It has ended before.
    }
    if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  return { child, failed };
}

/**
 * Waits until something is there, or what should bring it has ended.
 * @template T
 * @param {() => T | Promise<T>} look @param {Promise<unknown>} failed @param {string} what
 * @returns {Promise<NonNullable<T>>}
 */
async function until_there(look, failed, what) {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    const found = await Promise.race([look(), failed]);
    if (found) return /** @type {NonNullable<T>} */ (found);
    await moments(20);
  }
  throw new Error(`${what} did not start within ${START_LIMIT_MS / 1000} seconds`);
}

const new_folder = () => mkdtempSync(join(tmpdir(), "unrolled-engines-"));

/** @returns {Promise<number>} a port that nobody uses */
async function free_port() {
  const server = createServer();
  await new Promise((keep) => server.listen(0, "127.0.0.1", () => keep(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((keep) => server.close(keep));
  return port;
}

/**
 * @param {string} program @param {{ env?: Record<string, string>, folder?: string }} [how]
 * @returns {Promise<import("./protocols.js").Send>}
 */
async function driver(program, how) {
  const port = await free_port();
  const { failed } = started(program, [`--port=${port}`], how);
  const address = `http://127.0.0.1:${port}`;
  const answers = () =>
    fetch(`${address}/status`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until_there(answers, failed, program);
  return over_http(address);
}

/** @param {import("./protocols.js").Send} send @param {Record<string, unknown>} [wanted] capabilities */
async function page_of(send, wanted = {}) {
  await send("NewSession", { capabilities: { alwaysMatch: wanted } });
  await send("SetTimeouts", { script: 30_000, pageLoad: 60_000 });
  return new Page(send);
}

async function chromium() {
  const send = await driver(process.env.CHROMEDRIVER ?? "chromedriver");
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
  args.push("--disable-background-networking", "--disable-component-update", "--disable-sync");
  args.push("--window-size=1280,860");
  const binary = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return page_of(send, { browserName: "chrome", "goog:chromeOptions": { binary, args } });
}

/** Firefox chooses its port itself and asks nobody outside for anything. */
const PREFERENCES = {
  "marionette.port": 0,
  "remote.prefs.recommended": true,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "app.normandy.enabled": false,
};

async function firefox() {
  const profile = new_folder();
  const lines = Object.entries(PREFERENCES).map(([key, value]) => `user_pref("${key}", ${value});`);
  writeFileSync(join(profile, "user.js"), lines.join("\n"));
  const options = ["--headless", "--marionette", "--no-remote", "--profile", profile];
  const { failed } = started(process.env.FIREFOX ?? "firefox-esr", options, {
    env: { HOME: profile },
    folder: profile,
  });
  const file = join(profile, "MarionetteActivePort");
  const port = () => (existsSync(file) ? Number(readFileSync(file, "utf8")) : 0);
  return page_of(await over_marionette(await until_there(port, failed, "Firefox")));
}

async function webkit() {
  const screen = started(
    process.env.XVFB ?? "Xvfb",
    ["-displayfd", "3", "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
    {
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    },
  );
  let display = "";
  screen.child.stdio[3]?.on("data", (bytes) => (display += bytes));
  await until_there(() => display.endsWith("\n"), screen.failed, "Xvfb");
  const folder = new_folder();
  const env = {
    ...{ HOME: folder, XDG_CACHE_HOME: folder, XDG_DATA_HOME: folder },
    DISPLAY: `:${display.trim()}`,
    // Layers would be put together by a processor that plays a graphics card, at a third of the time.
    WEBKIT_DISABLE_COMPOSITING_MODE: "1",
  };
  return page_of(await driver(process.env.WEBKIT_DRIVER ?? "WebKitWebDriver", { env, folder }));
}

export const BROWSERS = { Chromium: chromium, Firefox: firefox, WebKit: webkit };
