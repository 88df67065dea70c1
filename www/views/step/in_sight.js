import { html } from "lit";
import { page_stays } from "../../state/tour.js";

/** Lines of a listing that are shown before and after the one that runs, where there are some. */
const CONTEXT = 2;

/** The least length in pixels beyond an edge that counts as more. */
const LEAST = 4;

/** What is measured in the next frame, by whom. @type {Map<object, () => void>} */
const waiting = new Map();

function measure_all() {
  const all = [...waiting.values()];
  waiting.clear();
  for (const measure of all) measure();
}

/**
 * Calls what reads sizes or places when every part of a position is drawn: the page is then laid out once, and not
 * after each part. Of several calls for one part the last one counts.
 * @param {object} part @param {() => void} measure
 */
export function once_drawn(part, measure) {
  if (waiting.size === 0) requestAnimationFrame(measure_all);
  waiting.set(part, measure);
}

/**
 * Scrolls to the line that runs: the panel of the code, or the page where the panels are tabs. The whole listing is
 * shown where it fits; nothing moves as long as the line can be seen, and the page does not while the tour speaks of
 * another part of it.
 * @param {HTMLElement} line
 */
export function bring_into_sight(line) {
  const panel = /** @type {HTMLElement | null} */ (line.closest(".text"));
  const listing = line.parentElement?.getBoundingClientRect();
  if (!panel || !listing || panel.clientHeight === 0) return;
  const own = getComputedStyle(panel).overflowY !== "visible";
  if (!own && page_stays.value) return;
  const { top, bottom } = own ? below_heading(panel) : free_part_of_page();
  const at = line.getBoundingClientRect();
  if (at.top >= top && at.bottom <= bottom) return;
  const fits = listing.height <= bottom - top;
  const first = fits ? listing.top : Math.max(listing.top, at.top - CONTEXT * at.height);
  const last = fits ? listing.bottom : Math.min(listing.bottom, at.bottom + CONTEXT * at.height);
  const by = first < top ? first - top : last - bottom;
  (own ? panel : window).scrollBy({ top: by, behavior: "instant" });
}

/** What of the panel its heading does not cover. @param {HTMLElement} panel */
function below_heading(panel) {
  const { top, bottom } = panel.getBoundingClientRect();
  const heading = panel.querySelector("unrolled-step-listing .heading")?.getBoundingClientRect();
  return { top: Math.max(top, heading?.bottom ?? top), bottom };
}

/** What of the window is not covered by the chain and the sentence above, and the transport below. */
function free_part_of_page() {
  const above = document.querySelector(".step > .saying")?.getBoundingClientRect();
  const below = document.querySelector("unrolled-step-transport")?.getBoundingClientRect();
  return { top: above?.bottom ?? 0, bottom: below?.top ?? innerHeight };
}

/**
 * Where the page scrolls and not a panel: shows what is said of an edited text, as far as the line that is edited stays
 * in sight. A keyboard on the screen covers the end of the window.
 * @param {Element} said @param {Element | null} edited
 */
export function bring_said_into_sight(said, edited) {
  const panel = said.closest(".text");
  if (!panel || getComputedStyle(panel).overflowY !== "visible") return;
  const { top, bottom } = free_part_of_page();
  const screen = globalThis.visualViewport;
  const last = Math.min(bottom, screen ? screen.offsetTop + screen.height : innerHeight);
  const wanted = said.getBoundingClientRect().bottom + LEAST - last;
  const allowed = (edited ?? said).getBoundingClientRect().top - LEAST - top;
  const by = Math.min(wanted, allowed);
  if (by > LEAST) scrollBy({ top: by, behavior: CALM.matches ? "instant" : "smooth" });
}

/** Whether the reader wants no movement. */
const CALM = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Says in `data-more` at which edges of a scrolled element there is more of it: the styles let it fade there.
 * @param {Element} element
 */
export function mark_more(element) {
  const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = element;
  const beyond = {
    left: scrollLeft,
    right: scrollWidth - clientWidth - scrollLeft,
    top: scrollTop,
    bottom: scrollHeight - clientHeight - scrollTop,
  };
  const edges = Object.entries(beyond).filter(([, length]) => length > LEAST);
  const more = edges.map(([edge]) => edge).join(" ");
  const { dataset } = /** @type {HTMLElement} */ (element);
  if (dataset.more !== more) dataset.more = more;
}

/** Where a picture may go on, the sign of it, and how far it is scrolled then, in parts of the frame. */
export const MORE = /** @type {[string, string, number, number][]} */ ([
  ["left", "‹", -1, 0],
  ["right", "›", 1, 0],
  ["top", "‹", 0, -1],
  ["bottom", "›", 0, 1],
]);

/** Most of the frame: something that was seen stays in sight. */
const SCROLLED = 0.7;

/**
 * A button at an edge of the scrolled element before it, which the styles show where there is more of it. The keyboard
 * goes from part to part and needs none.
 * @param {[string, string, number, number]} edge
 */
export const more_button = ([edge, sign, x, y]) =>
  html`<button
    class="beyond ${edge}"
    tabindex="-1"
    aria-hidden="true"
    title="The picture goes on here"
    @click=${(/** @type {Event} */ { currentTarget }) => {
      const frame = /** @type {Element} */ (currentTarget).parentElement?.querySelector(".picture");
      if (!frame) return;
      const [left, top] = [x * frame.clientWidth * SCROLLED, y * frame.clientHeight * SCROLLED];
      frame.scrollBy({ left, top, behavior: CALM.matches ? "instant" : "smooth" });
    }}
  >
    ${sign}
  </button>`;
