/**
 * The lines of a cell that make its states, with the numbers of one unit at one word filled in.
 */
import { html, nothing } from "lit";
import { decimal } from "../draw/format.js";

/** @typedef {(symbol: string, t?: number) => number} Read the value of a symbol for the unit; before the first word states are zero */

/** @param {string} class_name @param {Read} read @param {number} t */
export function lines_of(class_name, read, t) {
  if (class_name === "LSTM") return lstm(read, t);
  if (class_name === "GRU") return gru(read, t);
  return nothing;
}

/** @param {Read} read @param {number} t */
function lstm(read, t) {
  const value = (/** @type {string} */ symbol) => html`<span class="of-${symbol}">${decimal(read(symbol))}</span>`;
  return html`
    <p class="line"><code><b class="of-c">c</b> = <span class="of-f">f</span> · c before + <span class="of-i">i</span> · <span class="of-g">g</span></code>
      <code>= ${value("f")} · ${decimal(read("c", t - 1))} + ${value("i")} · ${value("g")} = <b class="of-c">${decimal(read("c"))}</b></code></p>
    <p class="line"><code><b class="of-h">h</b> = <span class="of-o">o</span> · tanh(<span class="of-c">c</span>)</code>
      <code>= ${value("o")} · tanh(${value("c")}) = <b class="of-h">${decimal(read("h"))}</b></code></p>
  `;
}

/** @param {Read} read @param {number} t */
function gru(read, t) {
  const value = (/** @type {string} */ symbol) => html`<span class="of-${symbol}">${decimal(read(symbol))}</span>`;
  return html`
    <p class="line"><code><b class="of-h">h</b> = <span class="of-z">z</span> · h before + (1 − <span class="of-z">z</span>) · <span class="of-g">g</span></code>
      <code>= ${value("z")} · ${decimal(read("h", t - 1))} + (1 − ${value("z")}) · ${value("g")} = <b class="of-h">${decimal(read("h"))}</b></code></p>
  `;
}
