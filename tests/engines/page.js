/** A page in any of the browsers, as far as the ways need one. */
import assert from "node:assert/strict";

/** Everything is waited for this long at most. */
const PATIENCE_MS = 30_000;

/** What stands for a key in WebDriver. */
export const KEYS = {
  Control: "\uE009",
  Delete: "\uE017",
  Enter: "\uE007",
  /** Ends the pressing of those before. */
  release: "\uE000",
};

export class Page {
  #send;

  /** @param {import("./protocols.js").Send} send */
  constructor(send) {
    this.#send = send;
  }

  /** Loads an address anew, even where only its fragment is another one. @param {string} address */
  async open(address) {
    await this.leave();
    await this.#send("Navigate", { url: "about:blank" });
    await this.#send("Navigate", { url: address });
  }

  async reload() {
    await this.leave();
    await this.#send("Refresh");
  }

  /** What the page has complained of until now: nothing. */
  async leave() {
    assert.deepEqual(await this.evaluate(() => globalThis.complaints ?? []), []);
  }

  /**
   * @template {any[]} Arguments, T
   * @param {(...given: Arguments) => T} work @param {Arguments} given @returns {Promise<Awaited<T>>}
   */
  async evaluate(work, ...given) {
    const script = `
      const [given, done] = arguments;
      new Promise((keep) => keep((${work})(...given))).then(
        (value) => done({ value }),
        (error) => done({ error: String(error) }),
      );`;
    const { value, error } = await this.#send("ExecuteAsyncScript", { script, args: [given] });
    if (error) throw new Error(error);
    return value;
  }

  /**
   * Waits until `work` gives something.
   * @template {any[]} Arguments, T
   * @param {string} what @param {(...given: Arguments) => T} work @param {Arguments} given
   * @returns {Promise<Awaited<T>>}
   */
  async until(what, work, ...given) {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const value = await this.evaluate(work, ...given);
      if (value) return value;
      assert.ok(Date.now() < deadline, `${what} did not happen within ${PATIENCE_MS / 1000} seconds`);
      await new Promise((keep) => setTimeout(keep, 30));
    }
  }

  /** What an element shows, with one space in place of several. @param {string} selector @returns {Promise<string>} */
  text(selector) {
    return this.evaluate(
      (selector) =>
        [...document.querySelectorAll(selector)]
          .map(({ textContent }) => textContent)
          .join(" ")
          .replace(/\s+/g, " "),
      selector,
    );
  }

  /** Waits until an element shows a text. @param {string} selector @param {string} text */
  async shows(selector, text) {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const shown = await this.text(selector);
      if (shown.includes(text)) return;
      assert.ok(Date.now() < deadline, `“${text}” is not shown, but “${shown}”`);
      await new Promise((keep) => setTimeout(keep, 30));
    }
  }

  /** Presses a button once it can be pressed. @param {string} name */
  async press(name) {
    const path = `//button[normalize-space()="${name}" or @aria-label="${name}"][not(ancestor::*[@hidden])]`;
    await this.until(
      `a button “${name}”`,
      (path) => document.evaluate(path, document, null, XPathResult.BOOLEAN_TYPE, null).booleanValue,
      `${path}[not(@disabled)]`,
    );
    await this.#click("xpath", path);
  }

  /** @param {string} selector */
  async click(selector) {
    await this.#click("css selector", selector);
  }

  /** Types where the selector leads. @param {string} selector @param {string} text with `KEYS` in it */
  async type(selector, text) {
    const id = await this.#find("css selector", selector);
    await this.#send("ElementSendKeys", { id, text });
  }

  /** @param {string} using @param {string} value */
  async #click(using, value) {
    await this.#send("ElementClick", { id: await this.#find(using, value) });
  }

  /** @param {string} using @param {string} value @returns {Promise<string>} */
  async #find(using, value) {
    return /** @type {string} */ (Object.values(await this.#send("FindElement", { using, value }))[0]);
  }
}
