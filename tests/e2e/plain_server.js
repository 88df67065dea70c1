/**
 * A static server as many hosts have it: the right types, no headers that isolate the page, and any sub-path.
 */
import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { close_after_test } from "./resources.js";

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** The folder that is served: the repository, as it is after the build. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The first scripts of the page and of the worker, each of which has a `navigator` of its own. */
const WITH_OWN_NAVIGATOR = /\/www\/(main|engine\/worker)\.js$/;

/** @param {number} cores */
const believing_in = (cores) =>
  `Object.defineProperty(navigator, "hardwareConcurrency", { value: ${cores} });`;

/** @param {number} milliseconds */
const moments = (milliseconds) => new Promise((keep) => setTimeout(keep, milliseconds));

/** Sends a file up to `end`, in parts with pauses; what ends early breaks off. */
async function send(file, response, { pause, end }) {
  const stream = createReadStream(file, { highWaterMark: 1 << 18 });
  // The response to a request that was read from a connection already closed is never destroyed.
  const is_gone = () => response.destroyed || response.req.socket.destroyed;
  let sent = 0;
  for await (const part of stream) {
    if (is_gone()) return;
    response.write(part);
    while (response.writableNeedDrain && !is_gone()) await moments(5);
    sent += part.length;
    if (sent >= end && sent > part.length) break;
    await moments(pause);
  }
  if (sent < statSync(file).size) response.destroy();
  else response.end();
}

/**
 * @typedef {object} Options
 * @property {string} [folder]
 * @property {RegExp} [refuses] paths that are answered with 404
 * @property {Record<string, string>} [headers]
 * @property {RegExp} [slow] paths that arrive in parts, about 4 MB a second
 * @property {RegExp} [breaks] paths whose answer breaks off in the middle, the first time
 * @property {number} [cores] what every script believes the processor has, in place of what it has
 * @property {Record<string, string>} [others] pages of the host that are not ours, by their paths
 */

/**
 * Serves `folder` below `/some/path/` until the test ends.
 * @param {Options} [options]
 * @returns {Promise<{ address: string, asked: string[], broken_off: string[], stop: () => void }>} which paths were
 *   asked for, and which answers the browser did not want to the end; `stop` ends the host
 */
export async function serve_plainly({
  folder = ROOT,
  refuses,
  headers = {},
  slow,
  breaks,
  cores,
  others = {},
} = {}) {
  /** @type {string[]} */
  const asked = [],
    broken_off = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname).replace(
      /^\/some\/path\//,
      "/",
    );
    asked.push(path);
    if (Object.hasOwn(others, path)) {
      response.writeHead(200, { "content-type": TYPES[extname(path)], ...headers });
      return void response.end(others[path]);
    }
    const file = join(folder, normalize(path.endsWith("/") ? `${path}index.html` : path));
    const found =
      !refuses?.test(path) && file.startsWith(folder) && statSync(file, { throwIfNoEntry: false })?.isFile();
    if (!found) return void response.writeHead(404).end();
    const { size } = statSync(file);
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    if (cores && WITH_OWN_NAVIGATOR.test(path)) {
      response.writeHead(200, { "content-type": type, ...headers });
      return void response.end(believing_in(cores) + readFileSync(file, "utf8"));
    }
    response.writeHead(200, { "content-type": type, "content-length": size, ...headers });
    response.on("close", () => response.writableFinished || broken_off.push(path));
    const breaks_now = breaks?.test(path) && asked.filter((other) => other === path).length === 1;
    const options = { pause: slow?.test(path) ? 60 : 0, end: breaks_now ? size / 2 : size };
    send(file, response, options).catch(() => response.destroy()); // The folder is gone with its test.
  });
  await new Promise((keep) => server.listen(0, "127.0.0.1", () => keep(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  close_after_test(async () => stop());
  return { address: `http://127.0.0.1:${port}/some/path/`, asked, broken_off, stop };
}
