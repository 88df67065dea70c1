/**
 * A service worker for hosts that cannot send headers: it adds those that isolate the page from other origins, without
 * which a browser does not let workers share memory. It keeps nothing and asks nobody else.
 *
 * Its scope may hold pages of others, as where the page lies at the root of a host: it answers for the pages of this
 * folder and for the scripts of their workers, and leaves everything else as it is.
 *
 * `www/engine/isolate.js` registers it, and only where the host does not send the headers itself.
 */

const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** The folder of the page. */
const FOLDER = new URL("./", self.location.href).pathname;

/** The documents of the page, in its folder. */
const PAGES = ["", "index.html", "bench.html"];

/** Where its modules lie, below its folder. */
const MODULES = "www/";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  if (is_ours(event.request)) event.respondWith(isolated(event.request));
});

/**
 * Whether an answer needs the headers: documents and workers do, what they load from their own origin does not.
 * @param {Request} request
 */
function is_ours({ url, mode, destination }) {
  const { origin, pathname } = new URL(url);
  if (origin !== self.location.origin || !pathname.startsWith(FOLDER)) return false;
  const path = pathname.slice(FOLDER.length);
  if (mode === "navigate") return PAGES.includes(path);
  return destination === "worker" && path.startsWith(MODULES);
}

/** @param {Request} request */
async function isolated(request) {
  const response = await fetch(request);
  if (response.status === 0) return response; // A redirect, which the browser follows itself.
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
