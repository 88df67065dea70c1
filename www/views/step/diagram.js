import { html, nothing, svg } from "lit";
import { decimal } from "../../state/shared/format.js";
import * as step from "../../state/step/step.js";
import { BACKWARD, CELL, FORWARD, MOMENT, find_stop } from "../../state/step/walk.js";
import { View } from "../view.js";
import "../../figures/cells.js";
import { hue, hues_of } from "./hues.js";
import { scale_of } from "./listing.js";
import { label_of, name_of, sentence } from "./words.js";
import "./sum.js";

/** @typedef {import("../../state/step/stepping.js").Session} Session */
/** @typedef {import("../../state/step/stepping.js").Diagram} Diagram */
/** @typedef {import("../../state/step/walk.js").Stop} Stop */

/** Room around the picture for its words, in its own units. */
const MARGIN = { left: 4, top: 14, right: 70, bottom: 10 };

/**
 * The picture leaves room for the sequence below, in pixels; one of many elements may take more, or nobody could
 * read it.
 */
const HIGHEST = 430;
const HIGHEST_OF_MANY = 640;

/** More elements than this are many, and need a wider column. */
export const MANY = 16;

/** Drawn smaller than this, letters are written larger than their elements were made for: 14 of the picture's units. */
const LETTERS = { least: 14, most: 19, pixels: 11.5 };

/** The column that the picture stands in, about, in pixels: what decides how far a wide picture shrinks. */
const COLUMN = 560;

/** Size of the strip beside an element, in the picture's units. */
const STRIP = { width: 9, box: 52, circle: 40 };

/** The cell as a picture, laid out from the listing; what the line computes is lit. */
class DiagramView extends View {
  /** What was said last, so that playing does not talk without end. */
  #said = { at: -1, text: "" };

  /** @override */
  render() {
    const session = step.session.value;
    const stop = step.stop.value;
    step.version.value;
    if (!session || !stop) return nothing;
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
      <p class="happens">${this.#sentence(session, stop)}</p>
      ${
        step.level.value === 2
          ? html`<unrolled-step-sum></unrolled-step-sum>`
          : html`${this.#picture(session, stop)} ${this.#legend(session)}`
      }
      <p class="unseen" aria-live="polite">${this.#spoken(session, stop)}</p>
    `;
  }

  /** @param {Session} session @param {Stop} stop */
  #sentence(session, stop) {
    const place = step.place.value;
    const value =
      place && session.value(place.part, place.phase, place.t, place.line, place.name)?.[place.index];
    const number =
      place && value !== undefined && value !== null ? { name: place.name, value, unit: place.index } : null;
    const own = step.chosen.value === null ? number : null;
    const first = own ?? this.#first(session, stop);
    return sentence(session, stop, step.line.value, first);
  }

  /**
   * What the line makes at the chosen unit, where another number is looked at.
   * @param {Session} session
   * @param {Stop} stop
   */
  #first(session, stop) {
    const array = step.line.value?.writes[0];
    const values = array && session.value(stop.part, stop.phase, stop.t, stop.line, array.name);
    if (!array || !values) return null;
    const unit = Math.min(step.unit.value, values.length - 1);
    return { name: array.name, value: values[unit], unit };
  }

  /** @param {Session} session @param {Stop} stop */
  #spoken(session, stop) {
    if (this.#said.at !== step.at.value) {
      this.#said = {
        at: step.at.value,
        text: `${label_of(session, stop.t)}, line ${stop.line}. ${this.#sentence(session, stop)}`,
      };
    }
    return this.#said.text;
  }

  /** @param {Session} session @param {Stop} stop */
  #picture(session, stop) {
    const { diagram } = session;
    const width = diagram.width + MARGIN.left + MARGIN.right;
    const height = diagram.height + MARGIN.top + MARGIN.bottom;
    const hues = hues_of(session);
    const lit = lit_elements(session, stop);
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
        ${diagram.wires.map((wire) => this.#wire(session, stop, wire, hues, lit))}
        ${diagram.elements.map((element, k) => this.#element(session, stop, element, hues, lit.has(k)))}
        ${diagram.labels.map((label) => this.#label(session, stop, label, hues))}
      </svg>
      ${diagram.elements.map((element) => this.#values(session, stop, element, { width, height }))}
    </div>`;
  }

  /**
   * @param {Session} session
   * @param {Stop} stop
   * @param {Diagram["wires"][number]} wire
   * @param {Map<string, string>} hues
   * @param {Set<number>} lit
   */
  #wire(session, stop, wire, hues, lit) {
    const { carries } = wire;
    const name =
      carries.kind === "parameter"
        ? carries.name
        : carries.kind === "element"
          ? (session.diagram.elements[carries.index].name ?? "")
          : "";
    const target = wire.to === null ? null : session.diagram.elements[wire.to];
    const color =
      hue(hues, name) ??
      (carries.kind === "mixed" && target ? hue(hues, target.name ?? "") : null) ??
      "--line-3";
    const bus = wire.line === 0 && lit_bus(session, stop);
    const now =
      bus ||
      (wire.to !== null && lit.has(wire.to)) ||
      (wire.leaves !== null && leaving(session, stop, wire.leaves));
    const later = !now && stop.phase === FORWARD && stop.part === CELL && wire.line > stop.line;
    const points = wire.points.map((point) => point.join(",")).join(" ");
    return svg`<polyline class="wire ${now ? "now" : ""} ${later ? "later" : ""}" points=${points}
      style="stroke:var(${color})"></polyline>`;
  }

  /**
   * @param {Session} session
   * @param {Stop} stop
   * @param {Diagram["elements"][number]} element
   * @param {Map<string, string>} hues
   * @param {boolean} lit
   */
  #element(session, stop, element, hues, lit) {
    const color = hue(hues, element.name ?? "") ?? "--ink-2";
    const later = !lit && stop.phase === FORWARD && stop.part === CELL && element.line > stop.line;
    const { x, y, width, height } = element;
    const click = () => this.#open(session, stop, element);
    const called = element.name ? name_of(session, element.name) : "";
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
   * @param {Session} session
   * @param {Stop} stop
   * @param {Diagram["labels"][number]} label
   * @param {Map<string, string>} hues
   */
  #label(session, stop, label, hues) {
    const color = hue(hues, label.name) ?? "--ink-2";
    const { forward, parameters } = session.description.cell;
    const input = label.name === parameters[0]?.name;
    const text =
      input && session.description.words && session.description.labels[stop.t]
        ? `${label.text} = “${session.description.labels[stop.t]}”`
        : label.text;
    const now =
      (step.line.value?.reads.includes(label.name) && !label.text.endsWith(label.name + " ")) ||
      (input && stop.moment === MOMENT.READ);
    void forward;
    return svg`<text class="label ${now ? "now" : ""}" x=${label.x} y=${label.y + 4}
      text-anchor=${label.at_end ? "end" : "start"} style="fill:var(${color})">${text}</text>`;
  }

  /**
   * The numbers of an element beside it.
   * @param {Session} session
   * @param {Stop} stop
   * @param {Diagram["elements"][number]} element
   * @param {{ width: number, height: number }} size
   */
  #values(session, stop, element, size) {
    if (!element.name || stop.part !== CELL || stop.moment === MOMENT.SUM) return nothing;
    const back = stop.phase === BACKWARD;
    const name = back ? `d_${element.name}` : element.name;
    const made = back ? made_backwards(session, stop, name) : element.line <= stop.line;
    const line = back ? stop.line : element.line;
    const data = made ? step.shown_value(CELL, stop.phase, stop.t, line, name) : null;
    if (!data || data.length > 128) return nothing;
    const tall = element.figure === "box" ? STRIP.box : STRIP.circle;
    const left = element.x + element.width / 2 + 7 + MARGIN.left;
    const top = element.y + (element.figure === "box" ? 17 - tall : 9) + MARGIN.top;
    const pick = (/** @type {number} */ index) => {
      step.look_at({ part: CELL, phase: stop.phase, t: stop.t, line, name, index });
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
      .scale=${scale_of(session, stop)}
      .mark=${Math.min(step.unit.value, data.length - 1)}
      .pick=${pick}
      title="${name}: unit ${step.unit.value} is ${decimal(data[Math.min(step.unit.value, data.length - 1)])}"
    ></unrolled-cells>`;
  }

  /** @param {Session} session @param {Stop} stop @param {Diagram["elements"][number]} element */
  #open(session, stop, element) {
    const at = find_stop(session.stops, { part: CELL, phase: FORWARD, t: stop.t, line: element.line });
    if (at < 0) return;
    step.chosen.value = null;
    step.at.value = at;
  }

  /** @param {Session} session */
  #legend(session) {
    const comments = new Map(
      session.description.cell.forward.lines.flatMap((line) =>
        line.writes.map(({ name }) => [name, line.comment]),
      ),
    );
    const shown = [...hues_of(session)].filter(([name]) => comments.has(name) && !name.startsWith("z_"));
    return html`<p class="legend">
      ${shown.map(
        ([name, color]) =>
          html`<span
            ><i style="background:var(${color})"></i>${name}
            ${comments.get(name) ?? name_of(session, name)}</span
          >`,
      )}
    </p>`;
  }
}

/**
 * What belongs to the line under the cursor, also in the adjoint: `d_f` and `dz_f` belong to f.
 * @param {Session} session
 * @param {Stop} stop
 * @returns {Set<number>}
 */
function lit_elements(session, stop) {
  const lit = new Set();
  const line = step.line.value;
  if (stop.part !== CELL || !line) return lit;
  const roots = new Set(line.writes.map(({ name }) => name.replace(/^dz?_/, "")));
  session.diagram.elements.forEach((element, k) => {
    if (
      stop.phase === FORWARD
        ? line.line <= element.line && element.line <= line.until
        : element.name !== null && roots.has(element.name)
    )
      lit.add(k);
  });
  return lit;
}

/**
 * The line at the bottom, where input and state meet the weights, belongs to lines that no element draws.
 * @param {Session} session
 * @param {Stop} stop
 */
function lit_bus(session, stop) {
  const line = step.line.value;
  if (stop.part !== CELL || !line) return false;
  if (stop.phase === FORWARD)
    return ["split", "product", "sum"].includes(line.made_by) && lit_elements(session, stop).size === 0;
  return (
    line.writes.some(({ name }) => name === "dz" || /^d_[A-Z]/.test(name)) ||
    line.writes.some(({ name }) => name === `d_${session.description.cell.parameters[0].name}`)
  );
}

/** @param {Session} session @param {Stop} stop @param {string} name of a state that leaves to the right */
function leaving(session, stop, name) {
  if (stop.part !== CELL)
    return (
      stop.phase === FORWARD &&
      name === session.description.cell.parameters[1 + session.description.read_state]?.name
    );
  return stop.phase === BACKWARD && step.line.value === null && name !== "";
}

/** @param {Session} session @param {Stop} stop @param {string} name */
function made_backwards(session, stop, name) {
  const { backward } = session.description.cell;
  return (
    backward.given.some((given) => given.name === name) ||
    backward.lines.some(
      (line) =>
        !line.repeats && line.line <= stop.line && line.writes.some((written) => written.name === name),
    )
  );
}

customElements.define("unrolled-step-diagram", DiagramView);
