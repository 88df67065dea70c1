/**
 * Numbers as text, the same everywhere on the page.
 */

const MINUS = "−";

/** Characters that leave no mark, and the marks that stand for them. */
const MARKS = new Map([
  [" ", "␣"],
  ["\n", "↵"],
  ["\t", "⇥"],
]);

/** What white space is called in a sentence. */
const SPACES = new Map([
  [" ", "a space"],
  ["\n", "a line break"],
]);

/** A word or character so that it can be seen. @param {string} text */
export function visible(text) {
  return MARKS.get(text) ?? text;
}

/** @param {number} value @param {number} [digits] @returns {string} with a true minus sign */
export function decimal(value, digits = 3) {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value < 0 ? `${MINUS}∞` : "∞";
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

/** Three decimals, and for small numbers three digits that count. @param {number} value */
export function fine(value) {
  const size = Math.abs(value);
  if (size >= 0.1 || size === 0 || !Number.isFinite(size)) return decimal(value, 3);
  if (size >= 1e-5)
    return (value < 0 ? MINUS : "") + size.toPrecision(3).replace(/0+$/, "").replace(/\.$/, "");
  return (value < 0 ? MINUS : "") + size.toExponential(1).replace("e-", `e${MINUS}`);
}

/** Two digits that count, of numbers that can be read at a glance without a power of ten. @param {number} value */
export function brief(value) {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return fine(value);
  if (value >= 99.5 && value < 99_999.5) return String(Math.round(value));
  if (value >= 1e-4 && value < 99.5) return value.toPrecision(2);
  return value.toExponential(1).replace("e+", "e").replace("e-", `e${MINUS}`);
}

/** @param {number} value @param {number} [digits] @returns {string} with its sign in any case */
export function signed(value, digits = 3) {
  const text = decimal(value, digits);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** @param {number} share 0 to 1 @param {number} [digits] */
export function percent(share, digits = 0) {
  return `${decimal(100 * share, digits)} %`;
}

/** @param {number} count with thousands separators */
export function count(count) {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** The largest number that the engine computes with. */
const LARGEST = 3.4028234663852886e38;

/** What is said of a number that the engine has no room for; empty for every other one. @param {number} value */
export function too_large(value) {
  return Math.abs(value) > LARGEST ? "This is too large: numbers here reach 3.4e38." : "";
}

/** With a capital letter where a sentence begins. @param {string} text */
export function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Code in the sentences of documents, as a text shows it. @param {string} text */
export function quoted(text) {
  return text.replaceAll(/`([^`]*)`/g, "“$1”");
}

/** The name of an answer in a sentence: white space by its name, everything else in quotes. @param {string} label */
export function answer_called(label) {
  return SPACES.get(label) ?? `“${label}”`;
}
