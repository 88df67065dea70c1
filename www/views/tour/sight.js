/**
 * What of the page can be seen.
 */

/** Distance of the ring from what it marks. */
export const RING = 4;

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
