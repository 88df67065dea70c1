/**
 * What the letters of a cell are called, which colour they have everywhere, and what one of their values means.
 */
import { percent, signed } from "../shared/format.js";

/**
 * @typedef {object} SymbolInfo
 * @property {string} symbol
 * @property {string} name
 * @property {string} [spoken] the name where it is read aloud; that of the figure if it has none
 * @property {string} role one word: what it does
 * @property {string} colour name of a token in tokens.css
 * @property {boolean} signed whether it can be negative; gates cannot
 * @property {(value: number, unit: number) => string} sentence what one value says
 */

/** @type {Record<string, SymbolInfo[]>} In the order of Keras, then the states. */
const SYMBOLS = {
  LSTM: [
    {
      symbol: "i",
      name: "input gate",
      role: "write",
      colour: "--gate-i",
      signed: false,
      sentence: (value, unit) => `unit ${unit} writes ${percent(value)} of its candidate`,
    },
    {
      symbol: "f",
      name: "forget gate",
      role: "keep",
      colour: "--gate-f",
      signed: false,
      sentence: (value, unit) => `unit ${unit} keeps ${percent(value)} of what it remembered`,
    },
    {
      symbol: "g",
      name: "candidate",
      role: "propose",
      colour: "--gate-g",
      signed: true,
      sentence: (value, unit) => `unit ${unit} would write ${signed(value)}`,
    },
    {
      symbol: "o",
      name: "output gate",
      role: "show",
      colour: "--gate-o",
      signed: false,
      sentence: (value, unit) => `unit ${unit} shows ${percent(value)} of its memory`,
    },
    {
      symbol: "c",
      name: "memory",
      role: "remember",
      colour: "--state-c",
      signed: true,
      sentence: (value, unit) => `unit ${unit} remembers ${signed(value)}`,
    },
    {
      symbol: "h",
      name: "hidden state",
      role: "pass on",
      colour: "--state-h",
      signed: true,
      sentence: (value, unit) => `unit ${unit} passes ${signed(value)} on`,
    },
  ],
  GRU: [
    {
      symbol: "z",
      name: "update gate",
      role: "keep",
      colour: "--gate-z",
      signed: false,
      sentence: (value, unit) => `unit ${unit} keeps ${percent(value)} of its old state`,
    },
    {
      symbol: "r",
      name: "reset gate",
      role: "look back",
      colour: "--gate-r",
      signed: false,
      sentence: (value, unit) => `unit ${unit} uses ${percent(value)} of the old state for its candidate`,
    },
    {
      symbol: "g",
      name: "candidate",
      role: "propose",
      colour: "--gate-g",
      signed: true,
      sentence: (value, unit) => `unit ${unit} would write ${signed(value)}`,
    },
    {
      symbol: "h",
      name: "hidden state",
      role: "pass on",
      colour: "--state-h",
      signed: true,
      sentence: (value, unit) => `unit ${unit} passes ${signed(value)} on`,
    },
  ],
  SimpleRNN: [
    {
      symbol: "h",
      name: "hidden state",
      role: "pass on",
      colour: "--state-h",
      signed: true,
      sentence: (value, unit) => `unit ${unit} passes ${signed(value)} on`,
    },
  ],
};

/** @param {string} class_name of a recurrent layer @returns {SymbolInfo[]} */
export function symbols_of(class_name) {
  return SYMBOLS[class_name] ?? [];
}

/** @param {string} class_name */
export function is_recurrent(class_name) {
  return class_name === "Listing" || class_name in SYMBOLS;
}
