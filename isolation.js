/**
 * The page's service worker, for two things.
 *
 * For hosts that cannot send headers it adds those that isolate the page from other origins, without which a browser
 * does not let workers share memory.
 *
 * And it keeps a published version of the page, so that it works without a connection after one visit: all files of one
 * version or none, each checked against its SHA-256, and the data sets that were used. A newer version is fetched
 * whole while the old one is shown, and taken with the next load.
 *
 * Its scope may hold pages of others, as where the page lies at the root of a host: it answers for the pages of this
 * folder, for the scripts of their workers and for the folders of its versions, and leaves everything else as it is.
 * `www/engine/isolate.js` registers it.
 */

/** The folder of this version; empty where nothing is published, and nothing is kept. `cargo xtask dist` writes it. */
const VERSION = "";

/** The files of this version with their SHA-256, as `integrity` has it. `cargo xtask dist` writes them. */
/** @type {[path: string, integrity: string][]} */
const FILES = [];

/** Its data sets, by the ends of their addresses. `cargo xtask dist` writes them. */
/** @type {[path: string, integrity: string][]} */
const DATA = [];

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
const MODULES = /^(v-[0-9a-f]+\/)?www\//;

/** Names of caches begin so; other copies of the page on this host have others. */
const CACHE = `unrolled ${FOLDER} `;

/** What a whole version holds besides its files: which data sets it has. */
const WHOLE = `${FOLDER}whole`;

/** So many files are fetched at the same time. */
const AT_ONCE = 6;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const used = event.data?.keep;
  if (VERSION !== "" && Array.isArray(used)) event.waitUntil(Promise.all([keep(), keep_data(used)]));
});

self.addEventListener("fetch", (event) => {
  const { url, method, mode, destination } = event.request;
  const { origin, pathname } = new URL(url);
  if (origin !== self.location.origin || !pathname.startsWith(FOLDER) || method !== "GET") return;
  const path = pathname.slice(FOLDER.length);
  if (mode === "navigate") {
    if (PAGES.includes(path)) event.respondWith(document_of(event.request, path));
  } else if (VERSION !== "" && path.startsWith("v-")) event.respondWith(file_of(event, path));
  else if (destination === "worker" && MODULES.test(path))
    event.respondWith(fetch(event.request).then(isolated));
});

/**
 * A document of the newest version that is whole, else what the host has.
 * @param {Request} request @param {string} path
 */
async function document_of(request, path) {
  const cache = VERSION === "" ? null : (await whole_versions()).at(-1);
  const kept = await cache?.match(FOLDER + (path === "" ? "index.html" : path));
  return isolated(kept ?? (await fetch(request)));
}

/** A file of any version, which its address names. @param {any} event @param {string} path */
async function file_of(event, path) {
  const { request } = event;
  const version = path.slice(0, path.indexOf("/"));
  const cache = await caches.open(CACHE + version);
  const kept = await cache.match(FOLDER + path);
  if (kept) return request.destination === "worker" ? isolated(kept) : kept;
  const sets = version === VERSION ? DATA : await sets_of(cache);
  const set = sets.find(([end]) => path === `${version}/${end}`);
  if (set) return data_of(event, set);
  const response = await fetch(request);
  return request.destination === "worker" ? isolated(response) : response;
}

/**
 * A data set: the same one in every version is fetched once.
 * @param {any} event @param {[string, string]} set
 */
async function data_of(event, [path, integrity]) {
  const cache = await caches.open(`${CACHE}data`);
  const key = data_key(path, integrity);
  const kept = await cache.match(key);
  if (kept) return kept;
  const response = await fetch(event.request);
  if (response.ok) event.waitUntil(cache.put(key, response.clone()).catch(() => null)); // Broken off, or no room.
  return response;
}

/** Keeps the data sets among the files that a page has loaded. @param {unknown[]} used their paths */
async function keep_data(used) {
  const cache = await caches.open(`${CACHE}data`);
  for (const [path, integrity] of DATA) {
    const key = data_key(path, integrity);
    const address = `${FOLDER}${VERSION}/${path}`;
    if (!used.includes(address) || (await cache.match(key))) continue;
    const response = await fetch(address, { integrity });
    if (response.ok) await cache.put(key, response);
  }
}

/** @param {string} path @param {string} integrity */
const data_key = (path, integrity) => `${FOLDER}${path}?${encodeURIComponent(integrity)}`;

/** @param {Response} response the same with the headers that isolate */
function isolated(response) {
  if (response.status === 0) return response; // A redirect, which the browser follows itself.
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

/** The data sets of a version that is kept whole. @param {Cache} cache @returns {Promise<[string, string][]>} */
async function sets_of(cache) {
  const said = await cache.match(WHOLE);
  return said ? said.json() : [];
}

/** The versions that are kept whole, the oldest first. @returns {Promise<Cache[]>} */
async function whole_versions() {
  const names = (await caches.keys()).filter((name) => name.startsWith(`${CACHE}v-`));
  const found = await Promise.all(names.map((name) => caches.open(name)));
  const whole = await Promise.all(found.map((cache) => cache.match(WHOLE)));
  return found.filter((_, k) => whole[k]);
}

/** @type {Promise<void> | null} */
let keeping = null;

/** Fetches this version whole, once; what fails is tried again with the next visit. */
function keep() {
  keeping ??= fetch_version().finally(() => (keeping = null));
  return keeping;
}

async function fetch_version() {
  const cache = await caches.open(CACHE + VERSION);
  if (await cache.match(WHOLE)) return;
  const rest = [...FILES];
  const fetch_some = async () => {
    for (let file = rest.pop(); file; file = rest.pop()) {
      const [path, integrity] = file;
      if (await cache.match(FOLDER + path)) continue;
      // Documents are asked of the host itself: what another cache holds may be of another version.
      const response = await fetch(FOLDER + path, {
        integrity,
        cache: path.includes("/") ? "default" : "reload",
      });
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      await cache.put(FOLDER + path, response);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetch_some));
  await cache.put(WHOLE, new Response(JSON.stringify(DATA)));
  await forget_old();
  for (const client of await self.clients.matchAll()) client.postMessage({ kept: VERSION });
}

/** The version before this one stays for tabs that are open; older ones go, and data sets that no version has. */
async function forget_old() {
  const names = (await caches.keys()).filter(
    (name) => name.startsWith(`${CACHE}v-`) && name !== CACHE + VERSION,
  );
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
  const cache = await caches.open(`${CACHE}data`);
  const sets = await Promise.all((await whole_versions()).map(sets_of));
  const known = sets.flat().map((set) => data_key(...set));
  for (const { url } of await cache.keys()) {
    const { pathname, search } = new URL(url);
    if (!known.includes(pathname + search)) await cache.delete(url);
  }
}
