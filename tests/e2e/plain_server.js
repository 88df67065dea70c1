/**
 * A static server as many hosts have it: the right types, no headers that isolate the page, and any sub-path.
 */
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const TYPES = {
  ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json",
  ".svg": "image/svg+xml", ".wasm": "application/wasm",
};

/** The folder that is served: the repository, as it is after the build. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Serves `folder` below `/some/path/`.
 * @param {{ folder?: string, refuses?: RegExp, headers?: Record<string, string> }} [options] `refuses`: paths that are answered with 404
 * @returns {Promise<{ address: string, close(): void, asked: string[] }>}
 */
export async function serve_plainly({ folder = ROOT, refuses, headers = {} } = {}) {
  /** @type {string[]} */
  const asked = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname).replace(/^\/some\/path\//, "/");
    asked.push(path);
    const file = join(folder, normalize(path.endsWith("/") ? `${path}index.html` : path));
    const found = !refuses?.test(path) && file.startsWith(folder) && statSync(file, { throwIfNoEntry: false })?.isFile();
    if (!found) return void response.writeHead(404).end();
    const { size } = statSync(file);
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "content-length": size, ...headers });
    createReadStream(file).pipe(response);
  });
  await new Promise((keep) => server.listen(0, "127.0.0.1", () => keep(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { address: `http://127.0.0.1:${port}/some/path/`, close, asked };
}
