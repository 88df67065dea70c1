/** Where in the text the pointer is. */

/**
 * The offset in the text of `box` under the pointer; null where there is no text.
 * @param {HTMLElement} box @param {MouseEvent} event
 */
export function place_of(box, event) {
  const found = caret_at(event.clientX, event.clientY);
  if (!found || !box.contains(found.node) || !(found.node instanceof Text)) return null;
  let offset = found.offset;
  // The caret stands beside a character; which one was meant?
  if (offset > 0 && holds(found.node, offset - 1, event)) offset -= 1;
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && node !== found.node; node = walker.nextNode())
    if (node.parentElement !== box) offset += node.textContent?.length ?? 0;
  return offset;
}

/** Whether a character is under the pointer. @param {Text} node @param {number} at @param {MouseEvent} event */
function holds(node, at, { clientX, clientY }) {
  const range = document.createRange();
  range.setStart(node, at);
  range.setEnd(node, at + 1);
  const { left, right, top, bottom } = range.getBoundingClientRect();
  return clientX >= left && clientX < right && clientY >= top && clientY < bottom;
}

/** @param {number} x @param {number} y @returns {{ node: Node, offset: number } | null} */
function caret_at(x, y) {
  if (document.caretPositionFromPoint) {
    const place = document.caretPositionFromPoint(x, y);
    return place && { node: place.offsetNode, offset: place.offset };
  }
  const range = document.caretRangeFromPoint?.(x, y);
  return range ? { node: range.startContainer, offset: range.startOffset } : null;
}

/**
 * The position of the piece at an offset of the kept text.
 * @param {import("../../state/write/text.js").Text} text @param {number} offset
 */
export function piece_at(text, offset) {
  let end = 0;
  for (let k = 0; k < text.pieces.length; k++) {
    end += text.pieces[k].length;
    if (offset < end) return text.first + k;
  }
  return text.count - 1;
}
