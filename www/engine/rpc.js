/**
 * Requests to a worker and their replies: the one protocol of all workers of the page.
 *
 * A request has exactly one reply, which resolves or rejects its promise; an event has none. What is thrown in the
 * worker arrives as `{ code, message }`. A worker is dead when its WebAssembly instance has trapped, when nobody caught
 * an error, or when it was silent for too long: all its open requests are rejected, and it is sent no more.
 */

/** @typedef {import("../types/engine.js").Failure} Failure */
/** @typedef {Record<string, { argument: any, reply: any }>} Protocol the argument and the reply of each request */
/** @typedef {{ event: string }} Event */
/** @typedef {{ id: number, name: string, argument: unknown }} Request */
/**
 * @typedef {{ postMessage(message: unknown, transfer?: Transferable[]): void,
 *   onmessage: (message: MessageEvent<Request>) => void }} WorkerScope
 */
/** @typedef {{ id: number, value: unknown } | { id: number, failure: Failure }} Reply */
/**
 * @template {Protocol} Requests
 * @typedef {{ [Name in keyof Requests]: (argument: Requests[Name]["argument"]) =>
 *   Requests[Name]["reply"] | Transferred | Promise<Requests[Name]["reply"] | Transferred> }} Handlers
 */

/** A failure with a code for the page and a sentence for the reader. */
export class EngineError extends Error {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.name = "EngineError";
    this.code = code;
  }
}

const MIXED =
  "The files of this page are of different versions, as while a new one is published. Reload the page; if that does " +
  "not help, publish it once more, or build it again with “cargo xtask build”.";

/** Whether a module of the engine asks for other functions than the page's modules have. @param {unknown} thrown */
function is_mixed(thrown) {
  if (typeof WebAssembly === "object" && thrown instanceof WebAssembly.LinkError) return true;
  return thrown instanceof TypeError && /^WebAssembly\.\w+\(\): Import|import object/.test(thrown.message);
}

/** Anything that was thrown, as a failure with a sentence. @param {unknown} thrown @returns {Failure} */
export function failure_from(thrown) {
  if (is_mixed(thrown)) return { code: "engine_mixed", message: MIXED };
  if (typeof thrown === "object" && thrown !== null) {
    const { code, message } = /** @type {{ code?: unknown, message?: unknown }} */ (thrown);
    return { code: typeof code === "string" ? code : "unexpected", message: String(message ?? thrown) };
  }
  return { code: "unexpected", message: String(thrown) };
}

/**
 * `promise`, or a rejection with the code `timeout` after `timeout_ms`.
 * @template T
 * @param {number} timeout_ms @param {Promise<T>} promise @returns {Promise<T>}
 */
export function within(timeout_ms, promise) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const timeout = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new EngineError("timeout", "a worker did not reply in time")),
      timeout_ms,
    );
  });
  return /** @type {Promise<T>} */ (Promise.race([promise, timeout]).finally(() => clearTimeout(timer)));
}

/**
 * The calling end: sends requests to a worker.
 * @template {Protocol} Requests
 */
export class Remote {
  /** @type {Worker} */
  #worker;
  /** @type {Map<number, { resolve(value: any): void, reject(error: Error): void }>} */
  #open = new Map();
  #last_id = 0;
  #dead = false;
  #expects_events = false;
  /** When the worker was last heard, and when that was last looked at. */
  #last_heard = 0;
  #last_looked = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #watch;
  /** @type {(event: any) => void} */
  #on_event;

  /**
   * @param {Worker} worker
   * @param {object} [options]
   * @param {(event: any) => void} [options.on_event] is also called with `{ event: "dead", message }`, once
   * @param {number} [options.silence_ms] a worker that owes a reply and is silent for so long is dead
   */
  constructor(worker, { on_event = () => {}, silence_ms } = {}) {
    this.#worker = worker;
    this.#on_event = on_event;
    worker.onmessage = (message) => this.#receive(message.data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#die(event.message || "the worker could not be started");
    };
    worker.onmessageerror = () => this.#die("a message could not be read");
    if (silence_ms) this.#watch = setInterval(() => this.#look(silence_ms), silence_ms / 10);
  }

  /**
   * @template {keyof Requests} Name
   * @param {Name} name
   * @param {Requests[Name]["argument"]} argument
   * @param {Transferable[]} [transfer]
   * @returns {Promise<Requests[Name]["reply"]>}
   */
  request(name, argument, transfer = []) {
    if (this.#dead) return Promise.reject(new EngineError("worker_dead", "the worker has stopped"));
    const id = ++this.#last_id;
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      this.#last_heard = performance.now();
      this.#worker.postMessage({ id, name, argument }, transfer);
    });
  }

  /** While events are expected, silence is death even without an open request. @param {boolean} expected */
  expect_events(expected) {
    this.#expects_events = expected;
    this.#last_heard = performance.now();
  }

  /** Ends the worker; open requests are rejected, no event is told. */
  close(message = "the worker was closed") {
    this.#dead = true;
    clearInterval(this.#watch);
    this.#worker.terminate();
    for (const { reject } of this.#open.values()) reject(new EngineError("worker_dead", message));
    this.#open.clear();
  }

  /** @param {Reply | Event} message */
  #receive(message) {
    if (this.#dead) return;
    this.#last_heard = performance.now();
    if ("id" in message) return this.#settle(message);
    if (message.event === "dead")
      this.#die(/** @type {{ message: string }} */ (/** @type {unknown} */ (message)).message);
    else this.#on_event(message);
  }

  /** @param {Reply} reply */
  #settle(reply) {
    const open = this.#open.get(reply.id);
    this.#open.delete(reply.id);
    if ("failure" in reply) open?.reject(new EngineError(reply.failure.code, reply.failure.message));
    else open?.resolve(reply.value);
  }

  /** @param {number} silence_ms */
  #look(silence_ms) {
    const now = performance.now();
    // A page that was asleep, or whose timers were held back, has not listened: that silence does not count.
    if (now - this.#last_looked > silence_ms / 2) this.#last_heard = now;
    this.#last_looked = now;
    const waits = this.#open.size > 0 || this.#expects_events;
    if (waits && now - this.#last_heard > silence_ms)
      this.#die(`it was silent for ${silence_ms / 1000} seconds`);
  }

  /** @param {string} message */
  #die(message) {
    if (this.#dead) return;
    this.close(message);
    this.#on_event({ event: "dead", message });
  }
}

/** A reply whose buffers are transferred instead of copied. */
export class Transferred {
  /** @param {unknown} value @param {Transferable[]} buffers */
  constructor(value, buffers) {
    this.value = value;
    this.buffers = buffers;
  }
}

/**
 * The worker's end: replies to each request with what its handler returns or throws.
 *
 * @template {Protocol} Requests
 * @param {Handlers<Requests>} handlers
 */
export function serve(handlers) {
  const scope = /** @type {WorkerScope} */ (/** @type {unknown} */ (self));
  let dead = false;

  /**
   * A trap leaves the memory of the instance in an unknown state: nothing may be asked of it any more.
   * @param {unknown} thrown
   */
  const died = (thrown) => {
    if (!(thrown instanceof WebAssembly.RuntimeError)) return false;
    dead = true;
    scope.postMessage({ event: "dead", message: thrown.message });
    return true;
  };

  scope.onmessage = async (/** @type {MessageEvent<Request>} */ message) => {
    const { id, name, argument } = message.data;
    if (dead) return;
    try {
      const reply = await handlers[name](argument);
      if (reply instanceof Transferred) scope.postMessage({ id, value: reply.value }, reply.buffers);
      else scope.postMessage({ id, value: reply ?? null });
    } catch (thrown) {
      if (!died(thrown)) scope.postMessage({ id, failure: failure_from(thrown) });
    }
  };

  return {
    /** @param {Event} event @param {Transferable[]} [transfer] */
    emit: (event, transfer = []) => scope.postMessage(event, transfer),
    /**
     * Runs work that no request waits for.
     * @param {() => void} work @param {(failure: Failure) => void} failed is told what was thrown, unless it was a trap
     */
    run: (work, failed) => {
      if (dead) return;
      try {
        work();
      } catch (thrown) {
        if (!died(thrown)) failed(failure_from(thrown));
      }
    },
  };
}
