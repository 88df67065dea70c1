/**
 * Where the reader stands in the tour. It is remembered on this machine, so that the tour can be left and taken up
 * again, and it stands in the link, so that a teacher can send it.
 */
import { effect, signal } from "@preact/signals-core";

/** How many steps the tour has; `views/tour/steps.js` holds them. */
export const TOUR_STEPS = 8;

const KEPT_AS = "unrolled:tour";

/**
 * @typedef {object} Kept
 * @property {boolean} lead whether the headline is shown
 * @property {number | null} left the step, from 1, at which the tour was left
 * @property {string | null} before the link of what the reader had chosen before the tour, while it runs
 */

/** @returns {Kept} */
function kept() {
  const first = { lead: true, left: null, before: null };
  try {
    const found = JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}");
    return {
      lead: found.lead !== false,
      left: known_step(found.left),
      before: typeof found.before === "string" && found.before.startsWith("#/") ? found.before : null,
    };
  } catch {
    return first; // Storage is forbidden, or holds something else.
  }
}

const remembered = kept();

/** The step that is shown, from 1; null while no tour runs. */
export const tour = signal(/** @type {number | null} */ (null));
/** Whether the step speaks of a part of the page that stays where it is: the page then follows no line of the code. */
export const page_stays = signal(false);
export const lead = signal(remembered.lead);
export const left = signal(remembered.left);
export const before = signal(remembered.before);

effect(() => {
  const now = { lead: lead.value, left: left.value, before: before.value };
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(now));
  } catch {
    // Storage is forbidden: the tour is not remembered.
  }
});

/** @param {unknown} value @returns {number | null} */
function known_step(value) {
  const step = Number(value);
  return value !== null && Number.isInteger(step) && step >= 1 && step <= TOUR_STEPS ? step : null;
}

/** The step of the tour that a link opens. @param {string} fragment */
export function tour_of(fragment) {
  return known_step(new URLSearchParams(fragment.split("?")[1] ?? "").get("tour"));
}

/** A link with the present step of the tour. @param {string} link */
export function with_tour(link) {
  return tour.value === null ? link : `${link}${link.includes("?") ? "&" : "?"}tour=${tour.value}`;
}

/** Opens the tour where it was left, or at its beginning. */
export function take_tour() {
  tour.value = left.value ?? 1;
}
