/**
 * The lines of a cell that make its states, with the numbers of one unit at one word filled in.
 */
import { html, nothing } from "lit";
import { CELLS } from "../../generated/cells.js";
import { decimal } from "../../state/shared/format.js";
import { written } from "../../state/train/shown_symbols.js";

/** @typedef {(symbol: string, t?: number) => number} Read the value of a symbol for the unit */

/** What is a name, a function of numpy or an operator in a line of a listing. */
const TOKENS = /(np\.[a-z]+|[A-Za-z_]\w*|[*-])/;

/**
 * For one of Keras' cells: the lines of its listing that make a state of gates and states.
 * @param {string} class_name
 * @param {Read} read
 * @param {number} t
 */
export function lines_of(class_name, read, t) {
  const cell = CELLS.find(({ keras }) => keras === class_name);
  /** @type {string[]} */
  const made = [];
  return cell?.lines.map(([name, text]) => {
    const parts = text.split(TOKENS);
    const operands = parts.filter((part) => /^[A-Za-z_]/.test(part) && !part.startsWith("np."));
    const line =
      cell.states.includes(name) && !operands.some((operand) => Number.isNaN(read(operand)))
        ? state_line(name, parts, read, t, (symbol) => cell.states.includes(symbol) && !made.includes(symbol))
        : nothing;
    made.push(name);
    return line;
  });
}

/**
 * @param {string} name
 * @param {string[]} parts of the text behind the `=`
 * @param {Read} read
 * @param {number} t
 * @param {(symbol: string) => boolean} is_before whether a state is still that of the word before
 */
function state_line(name, parts, read, t, is_before) {
  /** @param {(symbol: string) => unknown} shown @param {(symbol: string) => unknown} shown_before */
  const written_with = (shown, shown_before) =>
    parts.map((part) => {
      if (Object.hasOwn(SIGNS, part)) return SIGNS[part];
      if (!/^[A-Za-z_]/.test(part)) return part;
      if (part.startsWith("np.")) return part.slice(3);
      return is_before(part) ? shown_before(part) : html`<span class="of-${part}">${shown(part)}</span>`;
    });
  const symbols = written_with(
    (symbol) => symbol,
    (symbol) => `${symbol} before`,
  );
  const numbers = written_with(
    (symbol) => decimal(read(symbol)),
    (symbol) => before(read, symbol, t),
  );
  return html`<p class="line">
    <code><b class="of-${name}">${name}</b> = ${symbols}</code>
    <code>= ${numbers} = <b class="of-${name}">${decimal(read(name))}</b></code>
  </p>`;
}

/** Operators as an equation writes them. @type {Record<string, string>} */
const SIGNS = { "*": "·", "-": "−" };

/**
 * For a listing: its own lines, each with its value.
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
 * The state before a word. Before the first word it is the state after the padding, which is not in the trace.
 * @param {Read} read
 * @param {string} symbol
 * @param {number} t
 */
function before(read, symbol, t) {
  return t === 0 ? html`<i>${symbol} before</i>` : decimal(read(symbol, t - 1));
}
