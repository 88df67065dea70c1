/**
 * A student's browser: real Chromium on the served page. Closing it asserts what must hold whatever was done:
 * nothing in the console, no request to another origin.
 */
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { close_after_test } from "./resources.js";

/** Everything is waited for this long at most; training to a known accuracy has its own limit. */
const PATIENCE_MS = 30_000;

const ADDRESS =
  process.env.UNROLLED_URL ?? assert.fail("UNROLLED_URL must hold the address of the served page");

/** Headless, as root in a container, and silent: without these Chromium itself talks to the network. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const SCHEMES = /** @type {const} */ (["light", "dark"]);

/** @type {import("playwright-core").Browser | null} */
let browser = null;

/** @returns {Promise<import("playwright-core").Browser>} */
async function running() {
  browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ARGUMENTS,
  });
  return browser;
}

export async function close_browser() {
  await browser?.close();
  browser = null;
}

/**
 * Waits for something that shows outside of the page.
 * @param {() => boolean | Promise<boolean>} holds
 * @param {string} what
 */
export async function until(holds, what) {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `${what} did not happen within ${PATIENCE_MS / 1000} seconds`);
    await new Promise((keep) => setTimeout(keep, 50));
  }
}

export class Student {
  /** @type {import("playwright-core").Page} */
  page;
  /** @type {string[]} */
  complaints = [];
  /** Console messages that a test provokes on purpose. @type {RegExp[]} */
  #expected = [];
  /** @type {import("playwright-core").BrowserContext} */
  #context;
  #address;

  /** @param {import("playwright-core").BrowserContextOptions} [options] */
  static async arrive(options = {}) {
    return Student.arrive_at(ADDRESS, options);
  }

  /**
   * A page of another host.
   * @param {string} address
   * @param {import("playwright-core").BrowserContextOptions} [options]
   */
  static async arrive_at(address, options = {}) {
    const browser = await running();
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
    close_after_test(() => context.close());
    return new Student(context, await context.newPage(), address);
  }

  /**
   * @param {import("playwright-core").BrowserContext} context
   * @param {import("playwright-core").Page} page
   * @param {string} [address]
   */
  constructor(context, page, address = ADDRESS) {
    this.#context = context;
    this.#address = address;
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MS);
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    context.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol.startsWith("http") && origin !== new URL(address).origin)
        this.complaints.push(`asked ${request.url()}`);
    });
  }

  /** The same student in another tab. @param {import("playwright-core").Page} page */
  another(page) {
    return new Student(this.#context, page, this.#address);
  }

  /** @param {RegExp} pattern */
  expect_complaint(pattern) {
    this.#expected.push(pattern);
  }

  /** @param {string} fragment */
  address(fragment) {
    return new URL(fragment, this.#address).href;
  }

  /** @param {string} [fragment] */
  async open(fragment = "#/train") {
    await this.page.goto(this.address(fragment));
  }

  /** Waits until training can start. */
  async ready() {
    await this.page
      .getByRole("button", { name: "Train", exact: true })
      .and(this.page.locator(":enabled"))
      .waitFor();
  }

  /** Waits until the engine of the Step view has computed its network. */
  async step_ready() {
    await this.page
      .getByRole("button", { name: "Copy the listing as numpy" })
      .and(this.page.locator(":enabled"))
      .waitFor();
  }

  /** @param {string} name */
  async press(name) {
    await this.page.getByRole("button", { name, exact: true }).click();
  }

  /** @param {string} name of a radio button */
  async choose(name) {
    await this.page.locator("label", { has: this.page.getByRole("radio", { name, exact: true }) }).click();
  }

  /** Opens an experiment from the menu. @param {string} name of its document */
  async open_experiment(name) {
    await this.page.locator(".menu-button").click();
    await this.page.locator(`[data-experiment="${name}"]`).click();
  }

  /** @param {string} text */
  async type(text) {
    await this.page.getByRole("textbox", { name: "A text of your own" }).fill(text);
  }

  /** The words as they are shown. @returns {Promise<string[]>} */
  words() {
    return this.page.locator(".words .word").allTextContents();
  }

  /** @param {number} count */
  async words_shown(count) {
    await this.page.waitForFunction(
      (wanted) => document.querySelectorAll(".words .word").length === wanted,
      count,
    );
  }

  /** Number of the step the run stands at. @returns {Promise<number>} */
  async step() {
    const text = await this.page.locator("[data-figure=step]").textContent();
    return Number(text?.replaceAll(",", ""));
  }

  /** @param {number} step */
  async step_reached(step) {
    await this.page.waitForFunction(
      (wanted) =>
        Number(document.querySelector("[data-figure=step]")?.textContent?.replaceAll(",", "")) >= wanted,
      step,
    );
  }

  /** @param {number} percent @param {number} timeout */
  async validation_reached(percent, timeout) {
    await this.page.waitForFunction(
      (wanted) =>
        parseFloat(document.querySelector("[data-figure=validation]")?.textContent ?? "0") >= wanted,
      percent,
      { timeout },
    );
  }

  /** The numbers of a figure, read from the table behind it. @param {string} name @returns {Promise<string[][]>} */
  async table(name) {
    await this.page.getByRole("button", { name }).click();
    const rows = await this.page
      .locator("dialog tbody tr")
      .evaluateAll((found) => found.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));
    await this.page.keyboard.press("Escape");
    return rows;
  }

  /** The text of a notice that matches. @param {RegExp} pattern */
  async notice(pattern) {
    const found = this.page.locator(".notice p").filter({ hasText: pattern });
    await found.first().waitFor();
    return found.first().textContent();
  }

  /** Changes to light or dark while the page is open. @param {"light" | "dark"} scheme */
  async wear(scheme) {
    await this.page.emulateMedia({ colorScheme: scheme });
    await this.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  }

  /** Chromium's own record of what its threads did. @param {number} duration milliseconds @returns {Promise<Buffer>} */
  async traced(duration) {
    const whole = await running();
    await whole.startTracing(this.page, {
      categories: ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"],
    });
    await this.page.waitForTimeout(duration);
    return whole.stopTracing();
  }

  /** Closes the tab; nothing may have gone wrong silently. */
  async leave() {
    await this.#context.close();
    const surprises = this.complaints.filter(
      (complaint) => !this.#expected.some((pattern) => pattern.test(complaint)),
    );
    assert.deepEqual(surprises, []);
  }
}
