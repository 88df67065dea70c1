/**
 * Isolation from other origins, where the host does not send the headers for it: a service worker adds them, so that
 * several workers can train together. Without it, whatever the reason, the page is the same with one worker.
 */

/** A tab tries this once: whatever comes of it, it does not load the page again and again. */
const TRIED = "unrolled-isolation";

/** Whether isolation is missing, may be had, and would help. */
function is_wanted() {
  if (globalThis.crossOriginIsolated !== false || !globalThis.isSecureContext) return false;
  return "serviceWorker" in navigator && window.top === window && (navigator.hardwareConcurrency ?? 1) > 1;
}

/** Whether the page may be loaded again without taking anything from a reader who has begun. */
function is_untouched() {
  return navigator.userActivation?.hasBeenActive === false && document.visibilityState === "visible";
}

/** Registers the service worker and loads the page once more under it, unless a reader has already begun. */
export async function isolate() {
  if (!is_wanted()) return;
  try {
    const tried = sessionStorage.getItem(TRIED) !== null;
    sessionStorage.setItem(TRIED, "yes");
    await navigator.serviceWorker.register(new URL("../../isolation.js", import.meta.url));
    await navigator.serviceWorker.ready;
    // Whoever has begun gets it with the next visit.
    if (!tried && is_untouched()) location.reload();
  } catch {
    // Refused, or not there: one worker then.
  }
}
