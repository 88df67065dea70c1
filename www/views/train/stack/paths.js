/**
 * Lines of the drawing as SVG writes them.
 */

/** @typedef {import("./grid.js").Arrow} Arrow */

/** @param {number} left @param {number} right @param {number} y @param {number} x @param {number} top */
export function outline(left, right, y, x, top) {
  return `M${left} ${y} L${right} ${y} L${x + 4} ${top} L${x - 4} ${top} Z`;
}

/** How long the two sides of an arrow's head are. */
const HEAD = 3.5;

/**
 * The line of an arrow with its head, at the other end where it is `turned`.
 * @param {Arrow} arrow @param {boolean} turned
 */
export function arrow_path({ points }, turned) {
  const way = turned ? points.toReversed() : points;
  const [[fx, fy], [x, y]] = way.slice(-2);
  const length = Math.hypot(x - fx, y - fy) || 1;
  const [dx, dy] = [(x - fx) / length, (y - fy) / length];
  const side = (/** @type {number} */ sign) =>
    `M${round(x - HEAD * (dx + 0.7 * sign * dy))} ${round(y - HEAD * (dy - 0.7 * sign * dx))} L${round(x)} ${round(y)}`;
  const line = way.map(([px, py], k) => `${k === 0 ? "M" : "L"}${round(px)} ${round(py)}`).join(" ");
  return `${line} ${side(1)} ${side(-1)}`;
}

/** @param {number} x */
function round(x) {
  return Math.round(x * 10) / 10;
}
