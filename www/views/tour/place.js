/**
 * Where the card of the tour lies: beside what it speaks of, never over it.
 */

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Box */

/** Distance of the card to the window's edge, and of the places that are tried from each other. */
const MARGIN = 8;
const STRIDE = 12;

/** Room between the card and what it speaks of. */
const AIR = 10;

/** What a pixel costs that is covered: of what the card speaks of, and of what one also wants to see. */
const COST = { spoken: 1000, wanted: 0.01 };

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

/**
 * @param {{ width: number, height: number }} card
 * @param {{ width: number, height: number }} screen
 * @param {Box[]} spoken what the card speaks of; it stays close to the first
 * @param {{ box: Box, matters: number }[]} wanted what it covers only where there is no other room
 * @param {{ left: number, top: number } | null} before where it lies now: it stays where that is still good
 * @returns {{ left: number, top: number }}
 */
export function place(card, screen, spoken, wanted, before) {
  const kept = spoken.map((box) => grown(box, AIR));
  const card_at = (/** @type {number} */ left, /** @type {number} */ top) => ({
    left,
    top,
    right: left + card.width,
    bottom: top + card.height,
  });
  const covered = (/** @type {Box} */ there) => kept.reduce((sum, other) => sum + overlap(there, other), 0);
  if (before) {
    const here = card_at(before.left, before.top);
    const inside =
      here.right <= screen.width - MARGIN && here.bottom <= screen.height - MARGIN && here.top >= MARGIN;
    if (inside && covered(here) === 0) return { left: before.left, top: before.top };
  }
  let best = { left: MARGIN, top: MARGIN };
  let least = Infinity;
  for (const top of places(screen.height, card.height)) {
    for (const left of places(screen.width, card.width)) {
      const there = card_at(left, top);
      const cost =
        COST.spoken * covered(there) +
        COST.wanted * wanted.reduce((sum, { box, matters }) => sum + matters * overlap(there, box), 0) +
        (spoken.length > 0 ? distance(there, spoken[0]) : 0);
      if (cost < least) {
        least = cost;
        best = { left, top };
      }
    }
  }
  return best;
}
