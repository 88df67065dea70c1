/**
 * The page's end of the wire to the engine's worker.
 *
 * Each request is a promise that is kept or broken exactly once: by its reply, or by the worker's death. A worker
 * is dead when it says so, when it throws where nobody catches, or when it stays silent for too long.
 */
import { EngineError } from "./load.js";

/** @typedef {import("./protocol.js").Requests} Requests */
/** @typedef {import("./protocol.js").EventMessage} EventMessage */

/**
 * Every call in the worker is cut into slices far shorter than this; only loading a large data set comes near one
 * second.
 */
const SILENCE_MS = 10_000;

export class EngineClient {
  /** @type {Worker} */
  #worker;
  /** @type {Map<number, { keep(value: unknown): void, fail(error: Error): void }>} */
  #pending = new Map();
  #last_id = 0;
  #last_heard = 0;
  #last_tick = 0;
  #expects_events = false;
  #dead = false;
  /** @type {ReturnType<typeof setInterval>} */
  #watch;
  /** @type {(message: EventMessage) => void} */
  #on_event;

  /** @param {(message: EventMessage) => void} on_event */
  constructor(on_event) {
    this.#on_event = on_event;
    this.#worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "engine" });
    this.#worker.onmessage = (message) => this.#receive(message.data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#die(event.message || "the worker could not be started");
    };
    this.#worker.onmessageerror = () => this.#die("a message could not be read");
    this.#watch = setInterval(() => this.#listen(), SILENCE_MS / 10);
  }

  /**
   * @template {keyof Requests} Name
   * @param {Name} name
   * @param {Requests[Name]["argument"]} argument
   * @param {Transferable[]} [transfer]
   * @returns {Promise<Requests[Name]["reply"]>}
   */
  request(name, argument, transfer = []) {
    if (this.#dead) return Promise.reject(new EngineError("worker_dead", "the engine has stopped"));
    const id = ++this.#last_id;
    const reply = new Promise((keep, fail) => this.#pending.set(id, { keep, fail }));
    this.#last_heard = performance.now();
    this.#worker.postMessage({ id, name, argument }, transfer);
    return /** @type {Promise<Requests[Name]["reply"]>} */ (reply);
  }

  /** While training runs, silence means death. @param {boolean} expected */
  expect_events(expected) {
    this.#expects_events = expected;
    this.#last_heard = performance.now();
  }

  /** Ends the worker without a word. */
  close() {
    this.#dead = true;
    clearInterval(this.#watch);
    this.#worker.terminate();
    this.#fail_all("the engine was closed");
  }

  /** @param {import("./protocol.js").ReplyMessage | EventMessage} message */
  #receive(message) {
    this.#last_heard = performance.now();
    if ("id" in message) return this.#settle(message);
    if (message.event === "dead") return this.#die(message.message);
    if (!this.#dead) this.#on_event(message);
  }

  /** @param {import("./protocol.js").ReplyMessage} message */
  #settle(message) {
    const waiting = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (!waiting) return;
    if ("failure" in message) waiting.fail(new EngineError(message.failure.code, message.failure.message));
    else waiting.keep(message.value);
  }

  #listen() {
    const now = performance.now();
    // A page that slept, or whose timers were held back, has not listened: that silence does not count.
    if (now - this.#last_tick > SILENCE_MS / 2) this.#last_heard = now;
    this.#last_tick = now;
    const waits = this.#pending.size > 0 || this.#expects_events;
    if (waits && now - this.#last_heard > SILENCE_MS) this.#die("it gave no answer for ten seconds");
  }

  /** @param {string} message */
  #die(message) {
    if (this.#dead) return;
    this.close();
    this.#on_event({ event: "dead", message });
  }

  /** @param {string} message */
  #fail_all(message) {
    for (const waiting of this.#pending.values()) waiting.fail(new EngineError("worker_dead", message));
    this.#pending.clear();
  }
}
