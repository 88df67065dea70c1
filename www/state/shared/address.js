/**
 * The address bar says what is seen: it is rewritten as the state changes, and another view is an entry of its own in
 * the browser's history, so that Back leads to the view before.
 */
import { effect, untracked } from "@preact/signals-core";
import { keep_text, route } from "./store.js";

/** The address changes at most this often: browsers limit how often it may. */
const INTERVAL_MS = 400;

/** Marks entries that this page wrote. */
const WRITTEN = { written: true };

/** What of a link is the reader's work: typed, changed by hand, or trained. */
const WORK = /[?&](?:step-(?:text|numbers|edits|code|script|kept)|code|changes|updates)=/;
const LAST_WORK = "unrolled:last-work";

/** The view of the present entry. @type {string | null} */
let entry = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;
/** When the address was written last, in milliseconds of the page's clock. */
let written_at = -INTERVAL_MS;
/** The address as it was written or opened last; while it is another one, `hashchange` is still to come. */
let known = location.hash;
/** @type {() => string} */
let present = () => location.hash;

/** @param {() => string} present_link the link of the present state, beginning with `#/` */
export function keep_address(present_link) {
  present = present_link;
  let last = "";
  effect(() => {
    const link = present_link();
    const before = entry;
    entry = route.value;
    if (before !== null && before !== entry) {
      clearTimeout(waiting);
      waiting = undefined;
      if (last !== "") history.replaceState(WRITTEN, "", last);
      history.pushState(WRITTEN, "", link);
      known = location.hash;
    } else {
      // At once, if nothing was written lately: a reload that follows a change must not open what was there before.
      waiting ??= setTimeout(write_address, Math.max(0, written_at + INTERVAL_MS - performance.now()));
    }
    last = link;
  });
  addEventListener("hashchange", () => (known = location.hash));
  addEventListener("pagehide", write_address);
}

/** Writes what is seen now, but not over a link that was followed and is not opened yet. */
export function write_address() {
  clearTimeout(waiting);
  waiting = undefined;
  if (location.hash !== known) return;
  written_at = performance.now();
  const link = untracked(present);
  history.replaceState(WRITTEN, "", link);
  known = location.hash;
  // A link of the tour is no work of the reader's.
  if (WORK.test(link) && !link.includes("&tour=")) keep_text(LAST_WORK, link, "What you last worked on");
}

/** The link of what was worked on last in this browser, for an address that names nothing; empty if there is none. */
export function last_work() {
  try {
    return location.hash.includes("?") ? "" : (localStorage.getItem(LAST_WORK) ?? "");
  } catch {
    return ""; // Storage is forbidden: nothing was kept.
  }
}

/** Another entry is shown, which the browser has made or gone back to. @param {string} name of its view */
export function entry_opened(name) {
  clearTimeout(waiting);
  waiting = undefined;
  entry = name;
}

/** Whether the present entry was written by this page, and is no link that was followed. */
export function is_own_entry() {
  return history.state?.written === true;
}
