/**
 * The page's service worker: it isolates the page from other origins where the host does not send the headers for it,
 * so that several workers can train together, and keeps a published version for visits without a connection. Without
 * it, whatever the reason, the page is the same with one worker and a connection.
 */

/** A tab tries this once: whatever comes of it, it does not load the page again and again. */
const TRIED = "unrolled-isolation";

/** Whether this is a published version, whose files lie in a folder of its name. */
const VERSION = /\/(v-[0-9a-f]+)\/www\//.exec(import.meta.url)?.[1];

/** Whether there may be a service worker. */
function is_possible() {
  return Boolean(globalThis.isSecureContext && "serviceWorker" in navigator && window.top === window);
}

/** Whether isolation is missing, and would help. */
function is_wanted() {
  return globalThis.crossOriginIsolated === false && (navigator.hardwareConcurrency ?? 1) > 1;
}

/** Whether the page may be loaded again without taking anything from a reader who has begun. */
function is_untouched() {
  return navigator.userActivation?.hasBeenActive === false && document.visibilityState === "visible";
}

/** Registers the service worker. */
function register() {
  // Below the page's own address, wherever its modules lie.
  const script = new URL("isolation.js", document.baseURI);
  return navigator.serviceWorker.register(script, { updateViaCache: "none" });
}

/** Loads the page once more under the service worker where that isolates it, unless a reader has already begun. */
export async function isolate() {
  if (!is_possible() || !is_wanted()) return;
  try {
    const tried = sessionStorage.getItem(TRIED) !== null;
    sessionStorage.setItem(TRIED, "yes");
    await register();
    await navigator.serviceWorker.ready;
    // Whoever has begun gets it with the next visit.
    if (!tried && is_untouched()) location.reload();
  } catch {
    // Refused, or not there: one worker then.
  }
}

/** The files that this page has loaded: a first visit loads its data sets before there is a service worker. */
const used = () => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);

/**
 * Has a published version kept for visits without a connection; called when the views can be used, so that nothing of
 * it delays them.
 * @param {() => void} newer is called when a newer version is there, which the next load takes
 */
export async function keep_version(newer) {
  if (VERSION === undefined || !is_possible()) return;
  const workers = navigator.serviceWorker;
  const ask = () => workers.controller?.postMessage({ keep: used() });
  workers.addEventListener("message", ({ data }) => {
    if (typeof data?.kept === "string" && data.kept !== VERSION) newer();
  });
  workers.addEventListener("controllerchange", ask);
  try {
    const registration = await register();
    await workers.ready;
    ask();
    await registration.update();
  } catch {
    // Refused, or not there: every visit needs the host then.
  }
}
