/** The wires of the picture: lines with arrowheads, and what runs along them. */
import { nothing, svg } from "lit";
import * as step from "../../state/step/step.js";
import { BACKWARD, CELL, FORWARD, find_position } from "../../state/step/walk.js";
import { has_come_back } from "./diagram_facts.js";
import { hue } from "./hues.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/stepping.js").Diagram} Diagram */
/** @typedef {import("../../state/step/walk.js").Position} Position */
/** @typedef {import("./diagram_facts.js").Carried} Carried */

/**
 * @typedef {object} Scene
 * @property {Stepping} stepping
 * @property {Position} position
 * @property {Diagram} diagram
 * @property {Map<string, string>} hues
 * @property {Set<number>} lit elements of the present line
 */

/** An arrowhead: its length and half its width. */
const ARROW = { length: 8, half: 4 };

/**
 * Shows the operations of some calls one by one.
 * @param {{ requestUpdate: () => void }} view @param {Stepping} stepping @param {number[]} unfolded
 */
export function fold(view, stepping, unfolded) {
  stepping.unfolded = unfolded;
  view.requestUpdate();
}

/** @param {Position} position @param {number} line */
export function has_run(position, line) {
  return position.part !== CELL || line <= position.line;
}

/**
 * Whether what runs along a wire, forwards or back, has been computed.
 * @param {Pick<Scene, "position" | "diagram">} scene @param {Diagram["wires"][number]} wire
 */
export function is_computed({ position, diagram }, wire) {
  if (position.pass === BACKWARD) return has_come_back(position, wire);
  return has_run(position, wire.carries.kind === "element" ? diagram.elements[wire.carries.index].line : 0);
}

/**
 * A wire with its arrowhead: at what reads the value, and on the way back at what made it.
 * @param {Scene} scene @param {number} index @param {Carried | null} carried @param {boolean} active
 */
export function wire_line({ position, diagram, hues }, index, carried, active) {
  const wire = diagram.wires[index];
  const back = position.pass === BACKWARD;
  const target = wire.to === null ? null : diagram.elements[wire.to];
  const color =
    hue(hues, carried?.name ?? "") ?? (carried ? null : hue(hues, target?.name ?? "")) ?? "--ink-2";
  const known = active || is_computed({ position, diagram }, wire);
  const points = back ? wire.points.toReversed() : wire.points;
  const [tip, from] = [points[points.length - 1], points[points.length - 2]];
  const way = [Math.sign(tip[0] - from[0]), Math.sign(tip[1] - from[1])];
  const [w, h] = [ARROW.half * way[1], ARROW.half * way[0]];
  const end = [tip[0] - ARROW.length * way[0], tip[1] - ARROW.length * way[1]];
  const headed = !(back && wire.branches);
  const line = (headed ? [...points.slice(0, -1), end.map((c, k) => c + 2 * way[k])] : points)
    .map((p) => p.join(","))
    .join(" ");
  const head = `${tip.join()} ${end[0] + w},${end[1] + h} ${end[0] - w},${end[1] - h}`;
  const [bx, by] = wire.points[0];
  return svg`<g class="wire ${active ? "now" : ""} ${known ? "" : "later"}" style="--hue:var(${color})">
    <polyline points=${line}></polyline>
    ${headed ? svg`<polygon points=${head}></polygon>` : nothing}
    ${wire.branches ? svg`<circle cx=${bx} cy=${by} r="2.5"></circle>` : nothing}</g>`;
}

/**
 * Something short that runs along a wire once.
 * @param {Diagram["wires"][number]} wire @param {string} beat one of two animations, so that each line begins its own
 */
export function pulse(wire, beat) {
  const points = wire.points.map((point) => point.join(",")).join(" ");
  return svg`<polyline class="pulse ${beat}" pathLength="100" points=${points}></polyline>`;
}

/**
 * Whether the room of a number lies at the left of an upright piece of its wire.
 * @param {Diagram} diagram @param {Diagram["values"][number]} value
 */
export function is_left_of_wire(diagram, { wire, area }) {
  const { points } = diagram.wires[wire];
  const [right, middle] = [area.x + area.width, area.y + area.height / 2];
  return points.slice(1).some(([x, y], k) => {
    const [from, to] = [Math.min(y, points[k][1]), Math.max(y, points[k][1])];
    return x === points[k][0] && x > right && x < right + 8 && from <= middle && middle <= to;
  });
}

/** Room around what a picture scrolls to, for its names. */
const AROUND = 40;

/**
 * Scrolls a picture that is larger than its frame to what the line computes; on a narrow window, where the panel is
 * longer than the window, the page with it.
 * @param {Element} frame
 */
export function follow(frame) {
  const now = frame.querySelector(".element.now");
  if (!now || now.getBoundingClientRect().width === 0) return;
  const into = (/** @type {[number, number]} */ [from, to], /** @type {[number, number]} */ [low, high]) =>
    from < low + AROUND ? from - low - AROUND : to > high - AROUND ? to - high + AROUND : 0;
  const [room, box] = [frame.getBoundingClientRect(), now.getBoundingClientRect()];
  frame.scrollBy({
    left: into([box.left, box.right], [room.left, room.right]),
    top: into([box.top, box.bottom], [room.top, room.bottom]),
    behavior: "instant",
  });
  const { top, bottom } = now.getBoundingClientRect();
  const low = document.querySelector("#view-step .saying")?.getBoundingClientRect().bottom ?? 0;
  const high = document.querySelector("unrolled-step-transport")?.getBoundingClientRect().top ?? innerHeight;
  if (top < low || bottom > high) scrollBy({ top: into([top, bottom], [low, high]), behavior: "instant" });
}

/**
 * Wires beside which nothing is written, and whose value has no other place in the picture, each with a line that shows
 * the focus: the keyboard reaches them too.
 * @param {Diagram} diagram @param {(Carried | null)[]} carried
 */
export function untold({ wires, values, elements, labels }, carried) {
  const told = new Set([...elements, ...labels].map(({ name }) => name));
  for (const { wire } of values) told.add(wires[wire].name);
  return wires.flatMap(({ name, points }, wire) => {
    if (!carried[wire] || told.has(name)) return [];
    told.add(name);
    return [
      { wire, line: svg`<polyline points=${points.map((point) => point.join()).join(" ")}></polyline>` },
    ];
  });
}

/**
 * Takes the cursor to a line of the listing.
 * @param {Stepping} stepping @param {Position} position @param {number} line
 */
export function open_line(stepping, { timestep }, line) {
  const at = find_position(stepping.positions, { part: CELL, pass: FORWARD, timestep, line });
  if (at >= 0) [step.chosen.value, step.at.value] = [null, at];
}
