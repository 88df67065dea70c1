import { html, nothing, svg } from "lit";
import { decimal } from "../../state/shared/format.js";
import * as step from "../../state/step/step.js";
import { BACKWARD, CELL, FORWARD, PHASE, find_position, place_of } from "../../state/step/walk.js";
import { View } from "../view.js";
import "../../figures/cells.js";
import { hue, hues_of } from "./hues.js";
import { read_state, scale_of } from "./scales.js";
import { name_of } from "./words.js";
import "./sum.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/stepping.js").Diagram} Diagram */
/** @typedef {import("../../state/step/walk.js").Position} Position */

/** Margins of the diagram for its labels, in its own units. */
const MARGIN = { left: 4, top: 14, right: 70, bottom: 10 };

/**
 * Largest height of the diagram in pixels, so that the sequence below stays in sight; one of many elements may be
 * higher, or its labels would be too small.
 */
const HIGHEST = 430;
const HIGHEST_OF_MANY = 640;

/** More elements than this are many, and need a wider column. */
export const MANY = 16;

/** Drawn smaller than this, letters are written larger than their elements were made for: 14 of the picture's units. */
const LETTERS = { least: 14, most: 19, pixels: 11.5 };

/** Approximate width of the column in pixels: it decides by how much a wide diagram is scaled down. */
const COLUMN = 560;

/** Size of the strip beside an element, in the picture's units. */
const STRIP = { width: 9, box: 52, circle: 40 };

/** The cell as a picture, laid out from the listing; what the line computes is lit. */
class DiagramView extends View {
  /** @override */
  render() {
    const stepping = step.stepping.value;
    const position = step.position.value;
    step.version.value;
    if (!stepping || !position) return nothing;
    return html`
      <div class="heading">
        <h2>${step.level.value === 2 ? "One sum, term by term" : "The cell"}</h2>
        ${
          step.level.value === 2
            ? html`<button class="quiet" @click=${() => (step.level.value = 1)}>
                Back to the cell (Esc)
              </button>`
            : nothing
        }
      </div>
      ${
        step.level.value === 2
          ? html`<unrolled-step-sum></unrolled-step-sum>`
          : html`${this.#picture(stepping, position)} ${this.#legend(stepping)}`
      }
    `;
  }

  /** @param {Stepping} stepping @param {Position} position */
  #picture(stepping, position) {
    const { diagram } = stepping;
    const width = diagram.width + MARGIN.left + MARGIN.right;
    const height = diagram.height + MARGIN.top + MARGIN.bottom;
    const hues = hues_of(stepping);
    const lit = lit_elements(stepping, position);
    const highest = diagram.elements.length > MANY ? HIGHEST_OF_MANY : HIGHEST;
    const most = Math.min(760, width * 1.12, (highest * width) / height);
    const letters = Math.max(
      LETTERS.least,
      Math.min(LETTERS.most, (LETTERS.pixels * width) / Math.min(most, COLUMN)),
    );
    return html` <div
      class="picture"
      style="aspect-ratio:${width}/${height};max-width:${most.toFixed(0)}px;--letters:${letters.toFixed(1)}px"
    >
      <svg
        viewBox="${-MARGIN.left} ${-MARGIN.top} ${width} ${height}"
        role="img"
        aria-label="Diagram of the cell"
      >
        ${diagram.wires.map((wire) => this.#wire(stepping, position, wire, hues, lit))}
        ${diagram.elements.map((element, k) => this.#element(stepping, position, element, hues, lit.has(k)))}
        ${diagram.labels.map((label) => this.#label(stepping, position, label, hues))}
      </svg>
      ${diagram.elements.map((element) => this.#values(stepping, position, element, { width, height }))}
    </div>`;
  }

  /**
   * @param {Stepping} stepping
   * @param {Position} position
   * @param {Diagram["wires"][number]} wire
   * @param {Map<string, string>} hues
   * @param {Set<number>} lit
   */
  #wire(stepping, position, wire, hues, lit) {
    const { carries } = wire;
    const name =
      carries.kind === "parameter"
        ? carries.name
        : carries.kind === "element"
          ? (stepping.diagram.elements[carries.index].name ?? "")
          : "";
    const target = wire.to === null ? null : stepping.diagram.elements[wire.to];
    const color =
      hue(hues, name) ??
      (carries.kind === "mixed" && target ? hue(hues, target.name ?? "") : null) ??
      "--line-3";
    const bus = wire.line === 0 && lit_bus(stepping, position);
    const now =
      bus ||
      (wire.to !== null && lit.has(wire.to)) ||
      (wire.leaves !== null && leaving(stepping, position, wire.leaves));
    const later = !now && position.pass === FORWARD && position.part === CELL && wire.line > position.line;
    const points = wire.points.map((point) => point.join(",")).join(" ");
    return svg`<polyline class="wire ${now ? "now" : ""} ${later ? "later" : ""}" points=${points}
      style="stroke:var(${color})"></polyline>`;
  }

  /**
   * @param {Stepping} stepping
   * @param {Position} position
   * @param {Diagram["elements"][number]} element
   * @param {Map<string, string>} hues
   * @param {boolean} lit
   */
  #element(stepping, position, element, hues, lit) {
    const color = hue(hues, element.name ?? "") ?? "--ink-2";
    const later = !lit && position.pass === FORWARD && position.part === CELL && element.line > position.line;
    const { x, y, width, height } = element;
    const click = () => this.#open(stepping, position, element);
    const called = element.name ? name_of(stepping, element.name) : "";
    const title = element.name
      ? `${element.name}${called ? `, ${called}` : ""}, line ${element.line}`
      : `line ${element.line}`;
    return svg`<g class="element ${lit ? "now" : ""} ${later ? "later" : ""}"
      style="--hue:var(${color})" @click=${click}><title>${title}</title>
      ${
        element.figure === "box"
          ? svg`<rect x=${x - width / 2} y=${y - height / 2} width=${width} height=${height} rx="5"></rect>`
          : svg`<circle cx=${x} cy=${y} r=${width / 2}></circle>`
      }
      <text x=${x} y=${y + 5} text-anchor="middle">${element.label}</text></g>`;
  }

  /**
   * @param {Stepping} stepping
   * @param {Position} position
   * @param {Diagram["labels"][number]} label
   * @param {Map<string, string>} hues
   */
  #label(stepping, position, label, hues) {
    const color = hue(hues, label.name) ?? "--ink-2";
    const { parameters } = stepping.description.cell;
    const input = label.name === parameters[0]?.name;
    const text =
      input && stepping.description.words && stepping.description.labels[position.timestep]
        ? `${label.text} = “${stepping.description.labels[position.timestep]}”`
        : label.text;
    const now =
      (step.line.value?.reads.includes(label.name) && !label.text.endsWith(label.name + " ")) ||
      (input && position.phase === PHASE.READ);
    return svg`<text class="label ${now ? "now" : ""}" x=${label.x} y=${label.y + 4}
      text-anchor=${label.at_end ? "end" : "start"} style="fill:var(${color})">${text}</text>`;
  }

  /**
   * The numbers of an element beside it.
   * @param {Stepping} stepping
   * @param {Position} position
   * @param {Diagram["elements"][number]} element
   * @param {{ width: number, height: number }} size
   */
  #values(stepping, position, element, size) {
    if (!element.name || position.part !== CELL || position.phase === PHASE.SUM) return nothing;
    const back = position.pass === BACKWARD;
    const name = back ? `d_${element.name}` : element.name;
    const made = back ? made_backwards(stepping, position, name) : element.line <= position.line;
    const line = back ? position.line : element.line;
    const data = made ? step.shown_values({ ...place_of(position), line, name }) : null;
    if (!data || data.length > 128) return nothing;
    const tall = element.figure === "box" ? STRIP.box : STRIP.circle;
    const left = element.x + element.width / 2 + 7 + MARGIN.left;
    const top = element.y + (element.figure === "box" ? 17 - tall : 9) + MARGIN.top;
    const pick = (/** @type {number} */ index) => {
      step.look_at({ ...place_of(position), line, name, index });
      step.unit.value = index;
    };
    const box =
      `left:${(100 * left) / size.width}%;top:${(100 * top) / size.height}%;` +
      `width:${(100 * STRIP.width) / size.width}%;height:${(100 * tall) / size.height}%`;
    return html`<unrolled-cells
      class="beside"
      style=${box}
      .data=${data}
      .rows=${data.length}
      .columns=${1}
      .scale=${scale_of(stepping, position)}
      .mark=${Math.min(step.unit.value, data.length - 1)}
      .pick=${pick}
      title="${name}: unit ${step.unit.value} is ${decimal(data[Math.min(step.unit.value, data.length - 1)])}"
    ></unrolled-cells>`;
  }

  /** @param {Stepping} stepping @param {Position} position @param {Diagram["elements"][number]} element */
  #open(stepping, position, element) {
    const at = find_position(stepping.positions, {
      part: CELL,
      pass: FORWARD,
      timestep: position.timestep,
      line: element.line,
    });
    if (at < 0) return;
    step.chosen.value = null;
    step.at.value = at;
  }

  /** @param {Stepping} stepping */
  #legend(stepping) {
    const comments = new Map(
      stepping.description.cell.forward.lines.flatMap((line) =>
        line.writes.map(({ name }) => [name, line.comment]),
      ),
    );
    const shown = [...hues_of(stepping)].filter(([name]) => comments.has(name) && !name.startsWith("z_"));
    return html`<p class="legend">
      ${shown.map(
        ([name, color]) =>
          html`<span
            ><i style="background:var(${color})"></i>${name}
            ${comments.get(name) ?? name_of(stepping, name)}</span
          >`,
      )}
    </p>`;
  }
}

/**
 * What belongs to the line under the cursor, also in the adjoint: `d_f` and `dz_f` belong to f.
 * @param {Stepping} stepping
 * @param {Position} position
 * @returns {Set<number>}
 */
function lit_elements(stepping, position) {
  const lit = new Set();
  const line = step.line.value;
  if (position.part !== CELL || !line) return lit;
  const roots = new Set(line.writes.map(({ name }) => name.replace(/^dz?_/, "")));
  stepping.diagram.elements.forEach((element, k) => {
    if (
      position.pass === FORWARD
        ? line.line <= element.line && element.line <= line.until
        : element.name !== null && roots.has(element.name)
    )
      lit.add(k);
  });
  return lit;
}

/**
 * The line at the bottom, where input and state meet the weights, belongs to lines that no element draws.
 * @param {Stepping} stepping
 * @param {Position} position
 */
function lit_bus(stepping, position) {
  const line = step.line.value;
  if (position.part !== CELL || !line) return false;
  if (position.pass === FORWARD)
    return ["split", "product", "sum"].includes(line.made_by) && lit_elements(stepping, position).size === 0;
  return (
    line.writes.some(({ name }) => name === "dz" || /^d_[A-Z]/.test(name)) ||
    line.writes.some(({ name }) => name === `d_${stepping.description.cell.parameters[0].name}`)
  );
}

/** @param {Stepping} stepping @param {Position} position @param {string} name of a state that leaves to the right */
function leaving(stepping, position, name) {
  if (position.part !== CELL) return position.pass === FORWARD && name === read_state(stepping);
  return position.pass === BACKWARD && step.line.value === null && name !== "";
}

/** @param {Stepping} stepping @param {Position} position @param {string} name */
function made_backwards(stepping, position, name) {
  const { backward } = stepping.description.cell;
  return (
    backward.given.some((given) => given.name === name) ||
    backward.lines.some(
      (line) =>
        !line.repeats && line.line <= position.line && line.writes.some((written) => written.name === name),
    )
  );
}

customElements.define("unrolled-step-diagram", DiagramView);
