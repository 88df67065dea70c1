/**
 * Two ways to say the commands of W3C WebDriver: over HTTP to the driver of a browser, and over a socket to Firefox
 * itself, which needs no driver then.
 */
import { connect } from "node:net";

/** @typedef {(command: string, argument?: Record<string, any>) => Promise<any>} Send answers with a command's value */

/** A browser that has not answered for so long is stuck. */
const ANSWER_LIMIT_MS = 60_000;

/** How each command is sent over HTTP, below the address of the session. */
const REQUESTS = {
  NewSession: ["POST", ""],
  DeleteSession: ["DELETE", ""],
  SetTimeouts: ["POST", "/timeouts"],
  Navigate: ["POST", "/url"],
  Refresh: ["POST", "/refresh"],
  FindElement: ["POST", "/element"],
  ElementClick: ["POST", "/element/{id}/click"],
  ElementSendKeys: ["POST", "/element/{id}/value"],
  ExecuteAsyncScript: ["POST", "/execute/async"],
};

/** @param {string} address of the driver @returns {Send} */
export function over_http(address) {
  let session = `${address}/session`;
  return async (command, argument = {}) => {
    const [method, path] = REQUESTS[command];
    const { id, ...body } = argument;
    const response = await fetch(session + path.replace("{id}", id), {
      method,
      ...(method === "POST" && { body: JSON.stringify(body) }),
      headers: { "content-type": "application/json" },
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    const { value } = /** @type {any} */ (await response.json());
    if (!response.ok) throw new Error(`${command}: ${value.error}: ${value.message}`);
    if (command === "NewSession") session += `/${value.sessionId}`;
    return value;
  };
}

/**
 * Marionette, the protocol behind geckodriver: `length:[0, id, command, argument]`, answered by
 * `length:[1, id, error, value]`.
 * @param {number} port @returns {Promise<Send>}
 */
export async function over_marionette(port) {
  const socket = connect(port, "127.0.0.1");
  /** @type {Map<number, { keep: (value: any) => void, fail: (error: Error) => void }>} */
  const waiting = new Map();
  const fail_all = (/** @type {Error} */ error) => {
    for (const { fail } of waiting.values()) fail(error);
    waiting.clear();
  };
  let greeted = () => {};
  const greeting = new Promise((keep, fail) => {
    greeted = () => keep(null);
    socket.once("error", fail);
  });
  let rest = Buffer.alloc(0);
  socket.on("data", (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      const colon = rest.indexOf(":");
      const end = colon + 1 + Number(rest.subarray(0, Math.max(0, colon)));
      if (colon < 0 || rest.length < end) return;
      const message = JSON.parse(rest.subarray(colon + 1, end).toString());
      rest = rest.subarray(end);
      if (!Array.isArray(message)) greeted();
      else {
        const [, id, error, value] = message;
        const { keep, fail } = waiting.get(id) ?? {};
        waiting.delete(id);
        if (error) fail?.(new Error(`${error.error}: ${error.message}`));
        else keep?.(value && "value" in value ? value.value : value);
      }
    }
  });
  socket.on("error", fail_all);
  socket.on("close", () => fail_all(new Error("Firefox has closed the connection")));
  await greeting;
  let last = 0;
  return (command, argument = {}) =>
    new Promise((keep, fail) => {
      const id = ++last;
      waiting.set(id, { keep, fail });
      const message = JSON.stringify([0, id, `WebDriver:${command}`, argument]);
      socket.write(`${Buffer.byteLength(message)}:${message}`);
      if (command === "DeleteSession") socket.end();
    });
}
