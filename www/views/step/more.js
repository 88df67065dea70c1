/** The least length in pixels beyond an edge that counts as more. */
const LEAST = 4;

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
  /** @type {HTMLElement} */ (element).dataset.more = edges.map(([edge]) => edge).join(" ");
}
