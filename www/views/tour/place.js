/**
 * Where the card of the tour lies: beside what it speaks of, never over it.
 */

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Box */

/** Distance of the card to the window's edge, and of the places that are tried from each other. */
const MARGIN = 4;
const STRIDE = 12;

/** Room between the card and what it speaks of. */
const AIR = 5;

/** What a covered pixel costs: of what the card speaks of, of what one also wants to see; and a less good shape. */
const COST = { spoken: 1000, wanted: 0.01, shape: 600 };

/** @param {Box} one @param {Box} other @returns {number} pixels that both cover */
export function overlap(one, other) {
  const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/** @param {Box} box @param {number} by */
function grown(box, by) {
  return { left: box.left - by, top: box.top - by, right: box.right + by, bottom: box.bottom + by };
}

/** @param {Box} one @param {Box} other @returns {number} the shortest way between them */
function distance(one, other) {
  const across = Math.max(0, one.left - other.right, other.left - one.right);
  const down = Math.max(0, one.top - other.bottom, other.top - one.bottom);
  return Math.hypot(across, down);
}

/** @param {number} room @param {number} size @returns {number[]} */
function places(room, size) {
  const last = Math.max(MARGIN, room - size - MARGIN);
  const found = [];
  for (let at = MARGIN; at < last; at += STRIDE) found.push(at);
  return [...found, last];
}

/** @typedef {{ width: number, height: number }} Size */

/** @typedef {Size & { anywhere?: boolean }} Shape `anywhere`: it need not lie close to what it speaks of */

/** @typedef {{ left: number, top: number, width: number, height: number }} Placed */

/**
 * @param {Shape[]} shapes that the card can have, the best one first
 * @param {Size} screen
 * @param {{ marked: Box[], kept: Box[] }} spoken what the card speaks of: it stays close to the first that is marked
 * @param {{ box: Box, matters: number }[]} wanted what it covers only where there is no other room
 * @param {Placed | null} before where it lies now: it stays where that is still good
 * @returns {Placed}
 */
export function place(shapes, screen, { marked, kept }, wanted, before) {
  const clear = [...marked, ...kept].map((box) => grown(box, AIR));
  const card_at = (/** @type {Placed} */ { left, top, width, height }) => ({
    left,
    top,
    right: left + width,
    bottom: top + height,
  });
  const covered = (/** @type {Box} */ there) => clear.reduce((sum, other) => sum + overlap(there, other), 0);
  const shape = before && shapes.find(({ width }) => width === before.width);
  if (before && shape) {
    const here = { ...before, height: shape.height };
    const lies = card_at(here);
    const inside =
      lies.right <= screen.width - MARGIN && lies.bottom <= screen.height - MARGIN && lies.top >= MARGIN;
    if (inside && covered(lies) === 0) return here;
  }
  let best = { left: MARGIN, top: MARGIN, ...shapes[0] };
  let least = Infinity;
  shapes.forEach(({ width, height, anywhere }, k) => {
    for (const top of places(screen.height, height)) {
      for (const left of places(screen.width, width)) {
        const tried = { left, top, width, height };
        const there = card_at(tried);
        const cost =
          COST.spoken * covered(there) +
          COST.wanted * wanted.reduce((sum, { box, matters }) => sum + matters * overlap(there, box), 0) +
          (marked.length > 0 && !anywhere ? distance(there, marked[0]) : 0) +
          k * COST.shape;
        if (cost < least) {
          least = cost;
          best = tried;
        }
      }
    }
  });
  return best;
}
