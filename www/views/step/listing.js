import { html, nothing } from "lit";
import { round_scale } from "../../figures/draw_cells.js";
import { decimal } from "../../state/shared/format.js";
import { OWN, listing_name } from "../../state/shared/listing_cell.js";
import * as step from "../../state/step/step.js";
import { BACKWARD, CELL, FORWARD, MOMENT, find_stop } from "../../state/step/walk.js";
import { View } from "../view.js";
import "../../figures/cells.js";
import { hue, hues_of } from "./hues.js";
import { label_of } from "./words.js";

/** @typedef {import("../../state/step/stepping.js").Session} Session */
/** @typedef {import("../../state/step/stepping.js").Line} Line */
/** @typedef {import("../../state/step/walk.js").Stop} Stop */

/** Names, and everything between them. */
const TOKENS = /([A-Za-z_][A-Za-z0-9_]*)|[^A-Za-z_]+/g;

const KEYWORDS = new Set(["def", "return", "np"]);

/** More numbers than this are read in the table. */
const NUMBERS_SHOWN = 64;

/** The text that runs, line by line, with what every line has made so far. */
class Listing extends View {
  /** @override */
  static properties = { numbers: { state: true } };

  constructor() {
    super();
    this.numbers = false;
  }

  /** @override */
  render() {
    const session = step.session.value;
    const stop = step.stop.value;
    const side = step.side.value;
    step.version.value;
    if (!session || !stop || !side) return html`<p class="hint">The first listing is on its way.</p>`;
    return html`
      <div class="heading">
        <h2>${title(session, stop)}</h2>
        <button class="quiet" aria-pressed=${this.numbers} @click=${() => (this.numbers = !this.numbers)}>
          Numbers
        </button>
      </div>
      <ol class="code ${stop.phase === BACKWARD ? "back" : ""}" aria-label="Listing">
        ${this.#lines(session, stop)}
      </ol>
    `;
  }

  /** @param {Session} session @param {Stop} stop */
  #lines(session, stop) {
    const side = step.side_of(session, stop.part, stop.phase);
    const text = side.source.split("\n");
    const rows = [];
    for (let number = side.head; number <= side.last; number++) {
      const line = side.lines.find((known) => known.line <= number && number <= known.until) ?? null;
      if (line?.repeats || (stop.phase === BACKWARD && !line && is_comment(text[number - 1]))) continue;
      rows.push(this.#line(session, stop, number, text[number - 1], line));
    }
    return rows;
  }

  /**
   * @param {Session} session
   * @param {Stop} stop
   * @param {number} number
   * @param {string} text
   * @param {Line | null} line
   */
  #line(session, stop, number, text, line) {
    const now = line ? line.line <= stop.line && stop.line <= line.until : number === stop.line;
    const made = stop.moment === MOMENT.SUM || number <= stop.line;
    const first = !line || line.line === number;
    return html`
      <li class="${now ? "now" : ""} ${made ? "" : "later"}" aria-current=${now ? "step" : nothing}>
        <button
          class="row"
          tabindex="-1"
          @click=${() => go(find_stop(session.stops, { ...stop, line: number }))}
          aria-label="Line ${number}"
        >
          <i>${number}</i><code>${colored(session, text.replace(/\s*#.*$/, ""))}</code
          ><span class="comment">${/#\s*(.*)$/.exec(text)?.[1] ?? ""}</span>
        </button>
        ${line && first && made ? this.#strip(session, stop, line) : nothing}
        ${this.numbers && now && line && first ? this.#written(stop, line) : nothing}
      </li>
    `;
  }

  /** @param {Session} session @param {Stop} stop @param {Line} line */
  #strip(session, stop, line) {
    const rows = line.writes.map(({ name }) =>
      step.shown_value(stop.part, stop.phase, stop.t, line.line, name),
    );
    const matrix = line.writes.length === 1 && line.writes[0].shape.length === 2;
    const first = rows[0];
    if (!first || rows.some((row) => row?.length !== first.length)) return nothing;
    const data =
      rows.length === 1
        ? first
        : Float32Array.from(rows.flatMap((row) => [.../** @type {Float32Array} */ (row)]));
    const columns = matrix ? line.writes[0].shape[1] : first.length;
    const place = step.place.value;
    const row = line.writes.findIndex(({ name }) => name === place?.name);
    const here =
      place &&
      row >= 0 &&
      place.t === stop.t &&
      place.phase === stop.phase &&
      place.part === stop.part &&
      place.line >= line.line;
    return html`<unrolled-cells
      class="strip"
      .data=${data}
      .rows=${data.length / columns}
      .columns=${columns}
      .scale=${scale_of(session, stop)}
      .mark=${here ? row * first.length + place.index : -1}
      .pick=${(/** @type {number} */ k) => pick(stop, line, Math.floor(k / first.length), k % first.length)}
      title=${line.writes.map(({ name, shape }) => `${name} (${shape.join(" × ")})`).join(", ")}
    ></unrolled-cells>`;
  }

  /** @param {Stop} stop @param {Line} line */
  #written(stop, line) {
    return line.writes.map(({ name }, row) => {
      const values = step.shown_value(stop.part, stop.phase, stop.t, line.line, name) ?? new Float32Array();
      return html`<p class="numbers">
        <b>${name}</b>
        ${[...values.subarray(0, NUMBERS_SHOWN)].map(
          (value, k) =>
            html`<button class="quiet" @click=${() => pick(stop, line, row, k)}>
              ${decimal(value, 2)}
            </button>`,
        )}
        ${values.length > NUMBERS_SHOWN ? html`<span>… ${values.length} numbers</span>` : nothing}
      </p>`;
    });
  }
}

/** @param {string} text */
const is_comment = (text) => /^\s*#/.test(text);

/** @param {number} at */
function go(at) {
  if (at < 0) return;
  step.chosen.value = null;
  step.at.value = at;
}

/** @param {Stop} stop @param {Line} line @param {number} row which of the line's names @param {number} index */
function pick(stop, line, row, index) {
  const { name } = line.writes[row];
  step.look_at({ part: stop.part, phase: stop.phase, t: stop.t, line: line.line, name, index });
  if (line.writes[row].shape.length < 2) step.unit.value = index;
}

/**
 * What has full colour: ±1 forwards; a round number above the largest gradient or difference otherwise.
 * @param {Session} session
 * @param {{ part: number, phase: number }} stop
 */
export function scale_of(session, stop) {
  if (step.difference.value) return round_scale(state_field(session));
  if (stop.phase === FORWARD) return 1;
  return gradient_scale(session);
}

/** @param {Session} session */
function state_field(session) {
  const { forward, parameters } = session.description.cell;
  const name = parameters[1 + session.description.read_state]?.name ?? "h";
  return step.shown_field(CELL, FORWARD, forward.last, name);
}

/** @type {{ session: Session | null, version: number, scale: number }} */
let measured = { session: null, version: -1, scale: 1 };

/** One scale for all gradients of a session. @param {Session} session */
export function gradient_scale(session) {
  const version = step.version.value;
  if (measured.session !== session || measured.version !== version) {
    const { backward, parameters } = session.description.cell;
    const name = `d_${parameters[1 + session.description.read_state]?.name ?? "h"}`;
    measured = { session, version, scale: round_scale(session.field(CELL, BACKWARD, backward.head, name)) };
  }
  return measured.scale;
}

/** @param {Session} session @param {string} text */
function colored(session, text) {
  const hues = hues_of(session);
  const reads = new Set(step.line.value?.reads ?? []);
  const tokens = [...text.matchAll(TOKENS)];
  return tokens.map(([token, name], k) => {
    if (!name) return token;
    if (KEYWORDS.has(name)) return html`<span class="keyword">${name}</span>`;
    const color = hue(hues, name);
    const assigned = tokens.slice(k + 1).some(([after]) => after.trim() === "=" || after.trim() === "+=");
    if (!color) return reads.has(name) ? html`<span class="read">${name}</span>` : name;
    return html`<span
      class="${assigned ? "assigned" : ""} ${reads.has(name) ? "read" : ""}"
      style="color:var(${color})"
      >${name}</span
    >`;
  });
}

/** @param {Session} session @param {Stop} stop */
function title(session, stop) {
  const file =
    step.choice.value.cell === OWN
      ? listing_name(session.description.cell.forward.source)
      : `${step.choice.value.cell}.py`;
  const when = `t = ${stop.t + 1}, ${label_of(session, stop.t)}`;
  if (stop.part !== CELL) return stop.phase === FORWARD ? "the output and the loss" : "the output, backwards";
  if (stop.moment === MOMENT.SUM) return `${file}, its adjoint, all timesteps added up`;
  return stop.phase === FORWARD
    ? html`${file}, one timestep <span>(${when})</span>`
    : html`${file}, its adjoint <span>(${when})</span>`;
}

customElements.define("unrolled-step-listing", Listing);
