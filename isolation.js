/**
 * A service worker for hosts that cannot send headers: it adds those that isolate the page from other origins, without
 * which a browser does not let workers share memory. It keeps nothing and asks nobody else.
 *
 * `www/engine/isolate.js` registers it, and only where the host does not send the headers itself.
 */

const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (new URL(request.url).origin !== self.location.origin) return;
  if (request.cache === "only-if-cached" && request.mode !== "same-origin") return;
  event.respondWith(isolated(request));
});

/** @param {Request} request */
async function isolated(request) {
  const response = await fetch(request);
  if (response.status === 0) return response; // A redirect, which the browser follows itself.
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
