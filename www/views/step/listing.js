import { html, nothing } from "lit";
import { decimal } from "../../state/shared/format.js";
import { OWN, in_sentence, listing_name } from "../../state/shared/listing_cell.js";
import * as step from "../../state/step/step.js";
import { BACKWARD, CELL, FORWARD, PHASE, find_position, place_of } from "../../state/step/walk.js";
import { View } from "../view.js";
import "../../figures/cells.js";
import { TOKENS, lines_of } from "../../figures/hues.js";
import { hue, hues_of } from "./hues.js";
import { bring_into_sight, once_drawn } from "./in_sight.js";
import { listeners } from "./readout.js";
import { scale_of, share_hue } from "./scales.js";
import { label_of } from "./words.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/stepping.js").Line} Line */
/** @typedef {import("../../state/step/walk.js").Position} Position */

const KEYWORDS = new Set(["def", "return", "np"]);

/** At most this many numbers are listed; the table has all. */
const NUMBERS_SHOWN = 64;

/** The text that runs, line by line, with what every line has made so far. */
class Listing extends View {
  /** @override */
  static properties = { numbers: { state: true } };

  /** The position of the walk and the line that were brought into sight last. */
  #running = "";

  constructor() {
    super();
    this.numbers = false;
  }

  /** @override */
  render() {
    const stepping = step.stepping.value;
    const position = step.position.value;
    const side = step.side.value;
    step.version.value;
    if (!stepping || !position || !side) return html`<p class="hint">The first listing is on its way.</p>`;
    return html`
      <div class="heading">
        <h2>${title(stepping, position)}</h2>
        <button
          class="quiet"
          title="Gates: from 0, paper, to 1, the colour of their name. All others: orange positive, blue negative."
          aria-pressed=${this.numbers}
          @click=${() => (this.numbers = !this.numbers)}
        >
          Numbers
        </button>
      </div>
      <ol class="code ${position.pass === BACKWARD ? "back" : ""}" aria-label="Listing">
        ${this.#lines(stepping, position)}
      </ol>
    `;
  }

  /** The line that runs stays in sight. @override */
  updated() {
    const running = `${step.at.value} ${this.#now?.querySelector("i")?.textContent}`;
    if (running !== this.#running) once_drawn(this, this.#show_running);
    this.#running = running;
  }

  /** @override */
  firstUpdated() {
    const panel = this.closest(".text");
    if (panel) this.#resized.observe(panel);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  get #now() {
    return /** @type {HTMLElement | null} */ (this.querySelector(".code .now"));
  }

  #show_running = () => {
    if (this.#now) bring_into_sight(this.#now);
  };

  /** A panel that has become lower, as by a row above it, shows the line that runs too. */
  #resized = new ResizeObserver(this.#show_running);

  /** @param {Stepping} stepping @param {Position} position */
  #lines(stepping, position) {
    const side = step.side_of(stepping, position.part, position.pass);
    const all = side.source.split("\n");
    // A method of a class is shown as a function is.
    const indent = /^\s*/.exec(all[side.head - 1])?.[0] ?? "";
    const own = all.map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
    const text = lines_of(own.join("\n"));
    /** @type {unknown[]} */
    const rows = position.pass === BACKWARD && position.part === CELL ? [adjoint_is()] : [];
    let skipped = 0;
    for (let number = side.head; number <= side.last; number++) {
      const line = side.lines.find((known) => known.line <= number && number <= known.until) ?? null;
      const { code, comment } = text[number - 1];
      if (line?.repeats || (position.pass === BACKWARD && !line && !code && comment)) {
        skipped ||= line?.repeats ? number : 0;
        continue;
      }
      if (skipped) rows.push(left_out(skipped, number - 1));
      skipped = 0;
      rows.push(this.#line(stepping, position, number, text[number - 1], line));
    }
    return rows;
  }

  /**
   * @param {Stepping} stepping
   * @param {Position} position
   * @param {number} number
   * @param {ReturnType<typeof lines_of>[number]} text
   * @param {Line | null} line
   */
  #line(stepping, position, number, text, line) {
    const now = line ? line.line <= position.line && position.line <= line.until : number === position.line;
    const made = position.phase === PHASE.SUM || number <= position.line;
    const first = !line || line.line === number;
    return html`
      <li class="${now ? "now" : ""} ${made ? "" : "later"}" aria-current=${now ? "step" : nothing}>
        <button
          class="row"
          tabindex="-1"
          @click=${() => go(find_position(stepping.positions, { ...position, line: number }))}
        >
          <i>${number}</i
          ><span class="written"
            ><code>${text.inside ? with_breaks(breakable(text.code)) : colored(stepping, text.code)}</code>
            <span class="comment">${text.comment.replace(/^\s*#\s*/, "")}</span></span
          >
        </button>
        ${
          line && first
            ? made
              ? this.#strip(stepping, position, line)
              : html`<i class="unmade" title="Not run yet"></i>`
            : nothing
        }
        ${this.numbers && now && line && first ? this.#written(position, line) : nothing}
      </li>
    `;
  }

  /** @param {Stepping} stepping @param {Position} position @param {Line} line */
  #strip(stepping, position, line) {
    const total = position.phase === PHASE.SUM;
    // Where all timesteps are added up, a line has no values of its own but the sum.
    const rows = line.writes.map(({ name }) =>
      total
        ? step.total_of(stepping, name)
        : step.shown_values({ ...place_of(position), line: line.line, name }),
    );
    const matrix = line.writes.length === 1 && line.writes[0].shape.length === 2;
    const first = rows[0];
    if (!first || rows.some((row) => row?.length !== first.length)) return nothing;
    const data =
      rows.length === 1
        ? first
        : Float32Array.from(rows.flatMap((row) => [.../** @type {Float32Array} */ (row)]));
    const columns = matrix ? line.writes[0].shape[1] : first.length;
    const address = step.address.value;
    const row = line.writes.findIndex(({ name }) => name === address?.name);
    const here =
      address &&
      row >= 0 &&
      address.timestep === position.timestep &&
      address.pass === position.pass &&
      address.part === position.part &&
      address.line >= line.line;
    const rows_shown = data.length / columns;
    const look = (/** @type {number} */ k) =>
      total
        ? step.look_at_total(line.writes[0].name, k)
        : pick(position, line, Math.floor(k / first.length), k % first.length);
    const address_of = (/** @type {number} */ k) => ({
      ...place_of(position),
      line: line.line,
      name: line.writes[Math.floor(k / first.length)].name,
      index: k % first.length,
    });
    const field = { address: address_of, data, rows: rows_shown, columns };
    const { move, leave, focus, key } = listeners(field, look);
    const now = line.line <= position.line && position.line <= line.until;
    const what = line.writes.map(({ name, shape }) => `${name} (${shape.join(" × ")})`).join(", ");
    return html`<unrolled-cells
      class="strip"
      tabindex=${now ? 0 : -1}
      role="application"
      aria-label="${what}: arrows move, Enter explains"
      @pointermove=${move}
      @pointerleave=${leave}
      @focus=${focus}
      @blur=${leave}
      @keydown=${key}
      .data=${data}
      .rows=${rows_shown}
      .columns=${columns}
      .scale=${scale_of(stepping, position)}
      .hue=${
        position.part === CELL && rows.length === 1
          ? share_hue(stepping, position.pass, line.writes[0].name)
          : ""
      }
      .mark=${here ? row * first.length + address.index : -1}
      .pick=${look}
    ></unrolled-cells>`;
  }

  /** @param {Position} position @param {Line} line */
  #written(position, line) {
    return line.writes.map(({ name }, row) => {
      const values =
        step.shown_values({ ...place_of(position), line: line.line, name }) ?? new Float32Array();
      return html`<p class="numbers">
        <b>${name}</b>
        ${[...values.subarray(0, NUMBERS_SHOWN)].map(
          (value, k) =>
            html`<button class="quiet" @click=${() => pick(position, line, row, k)}>
              ${decimal(value, 2)}
            </button>`,
        )}
        ${values.length > NUMBERS_SHOWN ? html`<span>… ${values.length} numbers</span>` : nothing}
      </p>`;
    });
  }
}

/**
 * Lines of the adjoint that are not shown: they compute again what stands in the listing.
 * @param {number} from
 * @param {number} to
 */
function left_out(from, to) {
  const lines = from === to ? `line ${from}` : `lines ${from} to ${to}`;
  return html`<li class="left-out"><span>${lines}, hidden: the forward pass again</span></li>`;
}

/** What an adjoint is, where it begins. */
const adjoint_is = () =>
  html`<li class="left-out">
    <span>The adjoint: the listing run backwards. Each line computes how the loss changes with a value.</span>
  </li>`;

/** @param {number} at */
function go(at) {
  if (at < 0) return;
  step.chosen.value = null;
  step.at.value = at;
}

/** @param {Position} position @param {Line} line @param {number} row which of the line's names @param {number} index */
function pick(position, line, row, index) {
  const { name } = line.writes[row];
  step.look_at({ ...place_of(position), line: line.line, name, index });
  if (line.writes[row].shape.length < 2) step.unit.value = index;
}

/** A short bracket with an operator and no other bracket inside, not that of a call: no line ends in it. */
const WHOLE = /((?<!\w)\([^() ]* [^()]{1,14}\))/;

/** Letters without a space that may have no room on a line, and what stands where such a line may end. */
const LONG_RUN = /\S{19,}/g,
  MAY_BREAK = "\u200b";

/** Marks where a line of code may end: behind an opening bracket, not inside of a name. @param {string} text */
export const breakable = (text) =>
  text.replace(LONG_RUN, (run) => run.replace(/[(,]|(?<=\w)=(?!=)/g, `$&${MAY_BREAK}`));

/** A marked piece of code. @param {string} piece */
export const with_breaks = (piece) =>
  piece.split(MAY_BREAK).map((part, at) => (at === 0 ? part : html`<wbr />${part}`));

/** @param {Stepping} stepping @param {string} text */
function colored(stepping, text) {
  const hues = hues_of(stepping);
  const reads = new Set(step.line.value?.reads ?? []);
  const pieces = breakable(text)
    .split(WHOLE)
    .map((piece) => [...piece.matchAll(TOKENS)]);
  return pieces.map((tokens, at) => {
    const after = pieces.slice(at + 1).flat();
    const written = tokens.map(([token, name], k) => {
      if (!name) return with_breaks(token);
      if (KEYWORDS.has(name)) return html`<span class="keyword">${name}</span>`;
      const color = hue(hues, name);
      const assigned = [...tokens.slice(k + 1), ...after].some(([next]) => /^\s*\+?=\s*$/.test(next));
      if (!color) return reads.has(name) ? html`<span class="read">${name}</span>` : name;
      return html`<span
        class="${assigned ? "assigned" : ""} ${reads.has(name) ? "read" : ""}"
        style="color:var(${color})"
        >${name}</span
      >`;
    });
    return at % 2 === 1 ? html`<span class="bracket">${written}</span>` : written;
  });
}

/** @param {Stepping} stepping @param {Position} position */
function title(stepping, position) {
  const { cell, description } = stepping;
  const file = cell === OWN ? in_sentence(listing_name(description.cell.forward.source)) : `${cell}.py`;
  const word = stepping.description.words ? `, ${label_of(stepping, position.timestep)}` : "";
  const when = `t = ${position.timestep + 1}${word}`;
  if (position.part !== CELL)
    return position.pass === FORWARD ? "the output and the loss" : "the output, backwards";
  if (position.phase === PHASE.SUM) return html`${file}, its adjoint <span>(all timesteps)</span>`;
  return position.pass === FORWARD
    ? html`${file}, one timestep <span>(${when})</span>`
    : html`${file}, its adjoint <span>(${when})</span>`;
}

customElements.define("unrolled-step-listing", Listing);
