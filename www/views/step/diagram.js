import { html, nothing, svg } from "lit";
import { fine } from "../../state/shared/format.js";
import * as step from "../../state/step/step.js";
import { BACKWARD, FORWARD, PHASE } from "../../state/step/walk.js";
import { View } from "../view.js";
import "../../figures/cells.js";
import {
  address_at,
  carried_by,
  gradient_name,
  has_come_back,
  is_active,
  lit_elements,
  made_by,
  short,
  shown_name,
  signed,
} from "./diagram_facts.js";
import { hue, hues_of } from "./hues.js";
import { MORE, mark_more, more_button, once_drawn } from "./in_sight.js";
import { legend } from "./legend.js";
import { listeners } from "./readout.js";
import { scale_of, share_hue } from "./scales.js";
import { name_of } from "./words.js";
import { fold, follow, has_run, is_left_of_wire, open_line, pulse, untold, wire_line } from "./wires.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/stepping.js").Diagram} Diagram */
/** @typedef {import("../../state/step/walk.js").Position} Position */
/** @typedef {import("./diagram_facts.js").Carried} Carried */
/** @typedef {import("./wires.js").Scene} Scene */

/** Around the picture in pixels. */
const MARGIN = 1;

/** Where a panel grows with its content, the picture may be this high. */
const FREE_HEIGHT = 312;

/** Letters of a word that have room after the name of the input. */
const WORD_LETTERS = 9;

/** The least height of what can be clicked. */
const REACH = 24;

/** Distance of two rows of text in a box. */
const TEXT_ROW = 15;

/** The cell as a picture, laid out by the engine for the room that there is; what the line computes is lit. */
class DiagramView extends View {
  /** @override */
  static properties = { room: { state: true }, focused: { state: true } };

  #observer = new ResizeObserver(() => this.#measure());
  /** @type {Element | null} */
  #observed = null;
  #beaten = { at: -1, odd: false };
  /** The position to which the picture was scrolled. */
  #followed = -1;

  constructor() {
    super();
    /** @type {[number, number]} */
    this.room = [0, 0];
    /** Which part of the picture the Tab key reaches. */
    this.focused = 0;
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#observer.disconnect();
    this.#observed = null;
  }

  /** @override */
  updated() {
    const frame = this.querySelector(".picture");
    if (frame) once_drawn(this, () => this.#follow(frame));
    if (frame === this.#observed) return;
    this.#observer.disconnect();
    this.#observed = frame;
    if (frame) this.#observer.observe(frame);
    this.#measure();
  }

  /** Shows what the line computes, once for each position. @param {Element} frame */
  #follow(frame) {
    if (frame.clientWidth === 0) return; // Behind another tab: it is followed when it is shown.
    if (this.#followed !== step.at.value) follow(frame);
    this.#followed = step.at.value;
    mark_more(frame);
  }

  /** Alternates with the position. */
  #beat() {
    if (this.#beaten.at !== step.at.value) this.#beaten = { at: step.at.value, odd: !this.#beaten.odd };
    return this.#beaten.odd ? "odd" : "even";
  }

  /** The room of the picture, in steps, so that a scroll bar or a fraction of a pixel lays nothing out anew. */
  #measure() {
    const frame = /** @type {HTMLElement | null} */ (this.#observed);
    if (!frame || frame.clientWidth === 0) return;
    const fixed = getComputedStyle(frame).getPropertyValue("--fixed").trim() === "1";
    const high = fixed ? frame.clientHeight : FREE_HEIGHT;
    const [width, height] = [frame.clientWidth, high].map((size) => 4 * Math.floor(size / 4) - 2 * MARGIN);
    if (width !== this.room[0] || height !== this.room[1]) this.room = [width, height];
    else once_drawn(this, () => this.#follow(frame));
  }

  /** @override */
  render() {
    const stepping = step.stepping.value;
    const position = step.position.value;
    step.version.value;
    if (!stepping || !position) return nothing;
    if (step.level.value === 2) void import("./sum.js");
    return html`
      <div class="heading">
        <h2>${step.level.value === 2 ? "One sum, term by term" : "Cell"}</h2>
        ${
          step.level.value === 2
            ? html`<button class="quiet" @click=${() => (step.level.value = 1)}>
                Back to the cell (Esc)
              </button>`
            : html`${
                stepping.unfolded.length > 0
                  ? html`<button class="quiet" @click=${() => fold(this, stepping, [])}>
                      Fold the calls
                    </button>`
                  : nothing
              }${legend(stepping, position, this.room)}`
        }
      </div>
      ${
        step.level.value === 2
          ? html`<unrolled-step-sum></unrolled-step-sum>`
          : this.#picture(stepping, position)
      }
    `;
  }

  /** @param {Stepping} stepping @param {Position} position */
  #picture(stepping, position) {
    if (this.room[0] === 0) return html`<div class="picture"></div>`;
    const diagram = stepping.diagram(...this.room);
    const lit = lit_elements(stepping, diagram, position, step.line.value);
    const scene = { stepping, position, diagram, hues: hues_of(stepping), lit };
    const [width, height] = [diagram.width + 2 * MARGIN, diagram.height + 2 * MARGIN];
    const back = position.pass === BACKWARD;
    const carried = diagram.wires.map((wire) => carried_by(stepping, diagram, wire));
    const active = diagram.wires.map((wire, k) => is_active(stepping, position, wire, lit, carried[k]));
    let stop = 0;
    let last = diagram.labels.length + diagram.elements.length + diagram.values.length;
    const parts = svg`
      ${diagram.wires.map((_, k) => wire_line(scene, k, carried[k], active[k]))}
      ${untold(diagram, carried).map(({ wire, line }) => this.#wire(scene, carried[wire], line, last++))}
      ${diagram.wires.filter((_, k) => active[k]).map((wire) => pulse(wire, this.#beat()))}
      ${diagram.labels.map((label) => this.#label(scene, label, stop++))}
      ${diagram.elements.map((_, k) => this.#element(scene, k, stop++))}
      ${diagram.values.map((value) => this.#value(scene, value, carried[value.wire], stop++))}`;
    return html`<div
        class="picture"
        @keydown=${this.#turn}
        @scroll=${(/** @type {Event} */ event) => mark_more(/** @type {Element} */ (event.currentTarget))}
      >
        <div class="paper" style="width:${width}px;height:${height}px">
          <svg
            class=${back ? "back" : ""}
            width=${width}
            height=${height}
            viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}"
            role="group"
            aria-label="Diagram of the cell${back ? ", backwards" : ""}"
          >
            ${parts}
          </svg>
          ${diagram.elements.map((element) => this.#column(scene, element))}
        </div>
      </div>
      ${MORE.map(more_button)}`;
  }

  /**
   * The number of a value at the chosen unit, and what a click does.
   * @param {Scene} scene @param {Carried | null} carried
   */
  #number({ stepping, position }, carried) {
    const at = position.phase === PHASE.SUM ? null : address_at(stepping, position, carried);
    const numbers = at && step.shown_values(at);
    if (!at || !numbers || numbers.length === 0) return null;
    // Of the array that is looked at its own number; of all others that of the chosen unit.
    const looked_at = step.address.value;
    const same =
      looked_at?.name === at.name &&
      looked_at.part === at.part &&
      looked_at.pass === at.pass &&
      looked_at.timestep === position.timestep;
    const index = Math.min(same ? looked_at.index : step.unit.value, numbers.length - 1);
    const look = () => step.look_at({ ...at, timestep: position.timestep, index });
    return { name: at.name, index, value: numbers[index], numbers, at, look };
  }

  /**
   * What a part of the picture is called aloud.
   * @param {Scene} scene @param {Carried | null} carried @param {string} [drawn] what is written into the element
   */
  #said(scene, carried, drawn = "") {
    if (!carried) return drawn;
    const back = scene.position.pass === BACKWARD;
    const number = this.#number(scene, carried);
    const called = name_of(scene.stepping, carried.name);
    const name = shown_name(scene.stepping, carried, back);
    const what = [name, back ? `gradient of ${carried.name}` : called].filter(Boolean).join(", ");
    const is_input = carried.name === scene.stepping.description.cell.parameters[0]?.name;
    const which = number && (is_input ? `${carried.name}[${number.index}]` : `unit ${number.index}`);
    const told = number ? `${which}: ${fine(number.value)}` : "not computed yet";
    return `${what}${drawn ? ` (${drawn})` : ""}, ${told}`;
  }

  /**
   * A part that can be reached and clicked.
   * @param {number} stop @param {string} said @param {string} classes @param {() => void} click
   * @param {unknown} content
   * @param {string} [style]
   */
  #stop(stop, said, classes, click, content, style = "") {
    const press = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      click();
    };
    return svg`<g class=${classes} style=${style} role="button" data-stop=${stop} aria-label=${said}
      tabindex=${stop === this.focused ? 0 : -1} @click=${click} @keydown=${press}
      @focus=${() => (this.focused = stop)}><title>${said}</title>${content}</g>`;
  }

  /** Arrows to the left and right go from part to part. @param {KeyboardEvent} event */
  #turn = (event) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0 || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    const stops = /** @type {NodeListOf<SVGElement>} */ (this.querySelectorAll("[data-stop]"));
    if (stops.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.focused = (this.focused + by + stops.length) % stops.length;
    for (const stop of stops) if (Number(stop.dataset.stop) === this.focused) stop.focus();
  };

  /** @param {Scene} scene @param {number} index @param {number} stop */
  #element(scene, index, stop) {
    const { stepping, position, diagram, hues, lit } = scene;
    const element = diagram.elements[index];
    const carried = made_by(element);
    const { x, y, width, height, rows } = element;
    const known =
      position.pass === FORWARD
        ? has_run(position, element.line)
        : lit.has(index) || has_come_back(position, element);
    const number = this.#number(scene, carried);
    const { folds } = element;
    const unfold = folds === undefined ? null : () => fold(this, stepping, [...stepping.unfolded, folds]);
    const click = unfold ?? number?.look ?? (() => open_line(stepping, position, element.line));
    const kind = `${element.figure} ${unfold ? "folded" : ""}`;
    const classes = `element ${kind} ${lit.has(index) ? "now" : ""} ${known ? "" : "later"}`;
    const opens = unfold ? ", shows its operations" : "";
    const said = `${this.#said(scene, carried, rows.join(" "))}, line ${element.line}${opens}`;
    const round = element.figure === "circle" ? height / 2 : 5;
    return this.#stop(
      stop,
      said,
      classes,
      click,
      svg`<rect x=${x - width / 2} y=${y - height / 2} width=${width} height=${height} rx=${round}></rect>
      ${rows.map((row, k) => {
        const at = y + 4.5 + (k - (rows.length - 1) / 2) * TEXT_ROW;
        return svg`<text x=${x} y=${at} text-anchor="middle">${row}</text>`;
      })}`,
      `--hue:var(${hue(hues, element.name ?? "") ?? "--ink-2"})`,
    );
  }

  /** @param {Scene} scene @param {Diagram["labels"][number]} label @param {number} stop */
  #label(scene, label, stop) {
    const { stepping, position, diagram, hues } = scene;
    const { area, edge, name } = label;
    const back = position.pass === BACKWARD;
    const leaving = diagram.wires.find((wire) => wire.leaves === name);
    const after = leaving ? carried_by(stepping, diagram, leaving) : null;
    const carried =
      edge === "after"
        ? after && { ...after, name }
        : { name, line: stepping.description.cell.forward.head, before: true };
    const word =
      edge === "input" && !back && stepping.description.words
        ? stepping.description.labels[position.timestep]
        : "";
    const text = shown_name(stepping, { name, before: edge === "before" }, back);
    const reads = step.line.value?.reads.includes(name) && edge !== "after" && !back;
    const now = reads || (position.phase === PHASE.READ && edge !== "after");
    const cut = word && word.length > WORD_LETTERS ? `${word.slice(0, WORD_LETTERS - 1)}…` : word;
    const said_word = cut ? svg`<tspan class="read"> “${cut}”</tspan>` : nothing;
    const y = area.y + area.height / 2;
    const number = this.#number(scene, carried);
    const said =
      this.#said(scene, carried) + (word ? `, “${word}”` : "") + (label.read ? "" : ", read by no line");
    const stub =
      label.read || edge === "after"
        ? nothing
        : svg`<path class="stub" d=${
            edge === "input"
              ? `M${area.x - 6},${y}v-14m-4,0h8`
              : label.at_end
                ? `M${area.x + area.width + 4},${y}h28m0,-4v8`
                : `M${area.x},${area.y + area.height + 5}h28m0,-4v8`
          }></path>`;
    return this.#stop(
      stop,
      said,
      `label ${now ? "now" : ""}`,
      number?.look ?? (() => {}),
      svg`${stub}<text x=${label.at_end ? area.x + area.width : area.x} y=${y + 4.5}
        text-anchor=${label.at_end ? "end" : "start"}>${text}${said_word}</text>`,
      `--hue:var(${hue(hues, name) ?? "--ink"})`,
    );
  }

  /**
   * The name of a value and its number at the chosen unit, beside its wire.
   * @param {Scene} scene @param {Diagram["values"][number]} value @param {Carried | null} carried @param {number} stop
   */
  #value(scene, value, carried, stop) {
    const { area, name, named, stacked } = value;
    const back = scene.position.pass === BACKWARD;
    const number = this.#number(scene, carried);
    const inner = named ? (back ? gradient_name(name) : name) : "";
    const text = number ? (step.difference.value ? signed : short)(number.value) : "";
    const left = is_left_of_wire(scene.diagram, value);
    const bottom = area.y + area.height - 3;
    const [x, anchor] = left ? [area.x + area.width, "end"] : [area.x, "start"];
    return this.#stop(
      stop,
      this.#said(scene, carried),
      "value",
      number?.look ?? (() => {}),
      svg`<rect class="reach" x=${area.x} y=${area.y + area.height / 2 - REACH / 2} width=${area.width}
        height=${Math.max(REACH, area.height)}></rect>
      ${
        stacked
          ? svg`<text x=${x} y=${area.y + area.height / 2 - (text ? 3 : -4)} text-anchor=${anchor}><tspan
              class="name">${inner}</tspan></text>
            <text x=${x} y=${bottom} text-anchor=${anchor}>${text}</text>`
          : svg`<text x=${x} y=${bottom} text-anchor=${anchor}><tspan class="name">${inner}</tspan><tspan
              dx=${inner && text ? 5 : 0}>${text}</tspan></text>`
      }`,
      `--hue:var(${hue(scene.hues, name) ?? "--ink-2"})`,
    );
  }

  /** @param {Scene} scene @param {Carried | null} carried @param {unknown} line @param {number} stop */
  #wire(scene, carried, line, stop) {
    const look = this.#number(scene, carried)?.look ?? (() => {});
    return this.#stop(stop, this.#said(scene, carried), "untold", look, line);
  }

  /** All units of an element's value beside it. @param {Scene} scene @param {Diagram["elements"][number]} element */
  #column(scene, element) {
    const { stepping, position } = scene;
    const number = element.column && this.#number(scene, made_by(element));
    if (!element.column || !number || number.numbers.length > 128) return nothing;
    const { numbers, at, index } = number;
    const { x, y, width, height } = element.column;
    const pick = (/** @type {number} */ picked) => {
      step.look_at({ ...at, timestep: position.timestep, index: picked });
      step.unit.value = picked;
    };
    const address = (/** @type {number} */ k) => ({ ...at, timestep: position.timestep, index: k });
    const field = { address, data: numbers, rows: numbers.length, columns: 1 };
    const { move, leave } = listeners(field, pick);
    return html`<unrolled-cells
      class="beside"
      @pointermove=${move}
      @pointerleave=${leave}
      style="left:${x + MARGIN}px;top:${y + MARGIN}px;width:${width}px;height:${height}px"
      .data=${numbers}
      .rows=${numbers.length}
      .columns=${1}
      .scale=${scale_of(stepping, position)}
      .hue=${share_hue(stepping, position.pass, at.name)}
      .mark=${index}
      .pick=${pick}
    ></unrolled-cells>`;
  }
}

customElements.define("unrolled-step-diagram", DiagramView);
