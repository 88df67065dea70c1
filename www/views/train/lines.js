/**
 * The lines of a cell that make its states, with the numbers of one unit at one word filled in.
 */
import { html, nothing } from "lit";
import { decimal } from "../../state/shared/format.js";
import { written } from "../../state/train/shown_symbols.js";

/** @typedef {(symbol: string, t?: number) => number} Read the value of a symbol for the unit */

/** @param {string} class_name @param {Read} read @param {number} t */
export function lines_of(class_name, read, t) {
  if (class_name === "LSTM") return lstm(read, t);
  if (class_name === "GRU") return gru(read, t);
  return nothing;
}

/**
 * For a cell that is a text: its own lines, each with what it gave.
 * @param {import("../../state/train/shown_symbols.js").SymbolInfo[]} shown
 * @param {Read} read
 */
export function lines_of_listing(shown, read) {
  const known = shown.filter(({ symbol }) => !Number.isNaN(read(symbol)));
  return known.map(({ symbol, colour }) => {
    const { text, value } = written(symbol, read(symbol));
    return html`<p class="line">
      <code><b style="color:var(${colour})">${symbol}</b>${text === "" ? nothing : ` = ${text}`}</code>
      <code>= <b style="color:var(${colour})">${value}</b></code>
    </p>`;
  });
}

/**
 * The state that a word finds. Before the first word it is what the padding has left, which the trace does not
 * hold.
 * @param {Read} read
 * @param {string} symbol
 * @param {number} t
 */
function before(read, symbol, t) {
  return t === 0 ? html`<i>${symbol} before</i>` : decimal(read(symbol, t - 1));
}

/** @param {Read} read @param {number} t */
function lstm(read, t) {
  const value = (/** @type {string} */ symbol) =>
    html`<span class="of-${symbol}">${decimal(read(symbol))}</span>`;
  return html`
    <p class="line">
      <code
        ><b class="of-c">c</b> = <span class="of-f">f</span> · c before + <span class="of-i">i</span> ·
        <span class="of-g">g</span></code
      >
      <code
        >= ${value("f")} · ${before(read, "c", t)} + ${value("i")} · ${value("g")} =
        <b class="of-c">${decimal(read("c"))}</b></code
      >
    </p>
    <p class="line">
      <code><b class="of-h">h</b> = <span class="of-o">o</span> · tanh(<span class="of-c">c</span>)</code>
      <code>= ${value("o")} · tanh(${value("c")}) = <b class="of-h">${decimal(read("h"))}</b></code>
    </p>
  `;
}

/** @param {Read} read @param {number} t */
function gru(read, t) {
  const value = (/** @type {string} */ symbol) =>
    html`<span class="of-${symbol}">${decimal(read(symbol))}</span>`;
  return html`
    <p class="line">
      <code
        ><b class="of-h">h</b> = <span class="of-z">z</span> · h before + (1 − <span class="of-z">z</span>) ·
        <span class="of-g">g</span></code
      >
      <code
        >= ${value("z")} · ${before(read, "h", t)} + (1 − ${value("z")}) · ${value("g")} =
        <b class="of-h">${decimal(read("h"))}</b></code
      >
    </p>
  `;
}
