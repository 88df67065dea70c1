/**
 * One colour for each gate and state of a cell, wherever its name stands.
 */
import { ACTIVATIONS, by_name } from "../state/shared/symbols.js";

/** Names that have the same colour in every cell. @type {Record<string, string>} */
export const HUES = by_name({
  i: "--gate-i",
  f: "--gate-f",
  g: "--gate-g",
  o: "--gate-o",
  z: "--gate-z",
  r: "--gate-r",
  c: "--state-c",
  h: "--state-h",
});

/** Names, texts in quotation marks, in which nothing is a name, and everything between them. */
export const TOKENS = /([A-Za-z_][A-Za-z0-9_]*)|"[^"]*"?|'[^']*'?|[^A-Za-z_"']+/g;

/** A line as far as its comment; a # in quotation marks begins none. */
const CODE = /^(?:"[^"]*"|'[^']*'|[^#])*?(?=\s*(?:#|$))/;

/** What begins and ends a text of several lines, as a docstring is. */
const LONG_TEXT = /"""|'''/;

/**
 * The lines of a listing: their code, the comment behind it with its sign, and whether a line begins in a text.
 * @param {string} source
 */
export function lines_of(source) {
  const quoted = source.split(LONG_TEXT).flatMap((part, k) =>
    part
      .split("\n")
      .slice(1)
      .map(() => k % 2 === 1),
  );
  return source.split("\n").map((line, k) => {
    const inside = k > 0 && quoted[k - 1];
    const code = inside ? line : (CODE.exec(line)?.[0] ?? line);
    return { code, comment: line.slice(code.length), inside };
  });
}

/** Colours for gates with other names, given in the order of the text. */
const SPARE = ["--gate-i", "--gate-f", "--gate-g", "--gate-o"];

/**
 * @param {{ name: string, made_by: string }[]} written every name that is assigned, in the order of the text
 * @param {string[]} states
 * @returns {Map<string, string>} name to token
 */
export function assign_hues(written, states) {
  /** @type {Map<string, string>} */
  const hues = new Map();
  for (const name of [...written.map((known) => known.name), ...states])
    if (HUES[name]) hues.set(name, HUES[name]);
  const spare = SPARE.filter(
    (token) => ![...hues.values()].some((used) => used === token || alias(used) === token),
  );
  for (const { name, made_by } of written) {
    const gate = ACTIVATIONS.includes(made_by);
    if (gate && !hues.has(name) && !states.includes(name) && spare.length > 0)
      hues.set(name, /** @type {string} */ (spare.shift()));
  }
  return hues;
}

/** Update and reset gate share the colours of forget and output gate. @param {string} token */
function alias(token) {
  return { "--gate-z": "--gate-f", "--gate-r": "--gate-o" }[token] ?? token;
}
