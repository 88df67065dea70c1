/**
 * What of the page can be seen.
 */

/** Distance of the ring from what it marks. */
export const RING = 4;

/** What the card covers only where there is no other room, and how much it matters. @type {[string, number][]} */
export const WANTED = [
  ["unrolled-step-transport", 2],
  ["unrolled-transport", 2],
  [".saying", 3],
  ["unrolled-chain", 3],
  ["unrolled-step-number .which", 3],
  ["unrolled-step-listing .code", 2],
  ["unrolled-step-diagram", 2],
  ["unrolled-step-number", 1],
];

/** @param {string} selector @returns {HTMLElement | null} the first of these that is shown */
export function visible(selector) {
  return (
    /** @type {HTMLElement[]} */ ([...document.querySelectorAll(selector)]).find(
      (found) => found.checkVisibility() && found.getBoundingClientRect().width > 0,
    ) ?? null
  );
}

/** Whether a bar that lies over the page covers the middle of an element. @param {HTMLElement} element */
export function is_covered(element) {
  const { left, top, width, height } = element.getBoundingClientRect();
  const [x, y] = [left + width / 2, top + height / 2];
  if (top < RING || y > innerHeight) return true;
  const found = document.elementsFromPoint(x, y).find((hit) => !hit.closest("unrolled-tour"));
  return !!found && !element.contains(found) && !found.contains(element);
}
