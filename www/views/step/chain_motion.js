/**
 * What is seen moving: a state along its arrow into the next word, and a cell that opens below its box.
 */

/** Time in which a state goes from one box to the next. */
const CARRY_MS = 320;

/** Time in which a cell opens. */
const OPEN_MS = 250;

const still = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Shows copies of numbers going from one place to another; what stands there already appears when they arrive.
 * @param {HTMLElement} within what both places are in, positioned
 * @param {Element | null} from
 * @param {Element | null} to
 */
export function carry(within, from, to) {
  if (still.matches || !from || !to) return;
  const [frame, start, end] = [within, from, to].map((place) => place.getBoundingClientRect());
  if (start.width === 0 || end.width === 0) return;
  const ghost = document.createElement("div");
  ghost.className = "ghost";
  for (const drawn of from.querySelectorAll("canvas")) {
    const copy = document.createElement("canvas");
    copy.width = drawn.width;
    copy.height = drawn.height;
    if (drawn.width > 0 && drawn.height > 0) copy.getContext("2d")?.drawImage(drawn, 0, 0);
    ghost.append(copy);
  }
  Object.assign(ghost.style, {
    left: `${start.left - frame.left}px`,
    top: `${start.top - frame.top}px`,
    width: `${start.width}px`,
    height: `${start.height}px`,
  });
  within.append(ghost);
  const by =
    `translate(${end.left - start.left}px, ${end.top - start.top}px) ` +
    `scale(${end.width / start.width}, ${end.height / start.height})`;
  const timing = { duration: CARRY_MS, easing: "cubic-bezier(0.45, 0.05, 0.4, 1)" };
  ghost.animate([{ transform: "none" }, { transform: by }], timing).onfinish = () => ghost.remove();
  to.animate([{ opacity: 0 }, { opacity: 0, offset: 0.9 }, { opacity: 1 }], timing);
}

/** The panel of the cell comes out from below a box. @param {Element} box */
export function open_below(box) {
  const cell = document.querySelector(".columns .picture");
  if (still.matches || !cell) return;
  const { left, width } = cell.getBoundingClientRect();
  const { left: from, width: wide } = box.getBoundingClientRect();
  const origin = Math.max(0, Math.min(width, from + wide / 2 - left));
  cell.animate(
    [
      { transform: "scale(0.92)", transformOrigin: `${origin}px 0`, opacity: 0.4 },
      { transform: "scale(1.012)", transformOrigin: `${origin}px 0`, opacity: 1, offset: 0.65 },
      { transform: "none", transformOrigin: `${origin}px 0` },
    ],
    { duration: OPEN_MS, easing: "ease-out" },
  );
}
