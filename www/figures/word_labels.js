/**
 * The words above a figure that has one column a word: beside each other where every word has room, else turned, and
 * where even that is too narrow, every second, third, … of them and the one under the cursor.
 */
import { html } from "lit";

/** A turned word needs a column of this width. */
const LINE = 12;

/** A turned word is cut where it is longer. */
const LONGEST = 76;

/** Room beside a word that is not turned, and above one that is. */
const ROOM = 6;

/** Height of words that are not turned. */
const LEVEL = 18;

/** Characters of the labels are measured once. @type {CanvasRenderingContext2D | null} */
let ruler = null;
/** @type {Map<string, number>} */
const widths = new Map();

/** @param {string} word @returns {number} its width in pixels, at the size of these labels */
export function width_of(word) {
  const known = widths.get(word);
  if (known !== undefined) return known;
  if (!ruler) {
    ruler = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
    ruler.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  }
  const { width } = ruler.measureText(word);
  widths.set(word, width);
  return width;
}

/**
 * @typedef {object} Layout
 * @property {boolean} turned
 * @property {number} every 1 where all words are shown
 * @property {number} height in CSS pixels
 */

/**
 * How the words stand.
 * @param {number[]} widths of the words, in CSS pixels
 * @param {number} width of the figure
 * @returns {Layout}
 */
export function layout_of(widths, width) {
  const column = width / Math.max(1, widths.length);
  const longest = Math.max(0, ...widths);
  if (longest + ROOM <= column) return { turned: false, every: 1, height: LEVEL };
  const height = Math.ceil(Math.min(longest + ROOM, LONGEST));
  return { turned: true, every: Math.max(1, Math.ceil(LINE / Math.max(column, 0.1))), height };
}

/**
 * Whether a word is among those shown: every n-th, and the one under the cursor in place of its neighbours.
 * @param {number} t @param {number} every @param {number | undefined} here
 */
export function is_labelled(t, every, here) {
  if (every === 1 || t === here) return true;
  return t % every === 0 && (here === undefined || Math.abs(t - here) >= every);
}

/**
 * The labels of all words; `mark_word` marks one of them without laying the others out again.
 * @param {string[]} words
 * @param {number} width of the figure in CSS pixels
 */
export function word_labels(words, width) {
  const { turned, every, height } = layout_of(words.map(width_of), width);
  return html`<div
    class="word-labels ${turned ? "turned" : ""}"
    style="height:${height}px"
    aria-hidden="true"
    data-every=${every}
  >
    ${words.map((word, t) =>
      t % every === 0 ? html`<span style="left:${(100 * (t + 0.5)) / words.length}%">${word}</span>` : "",
    )}
    <span class="here over" hidden></span>
  </div>`;
}

/**
 * Writes into the one text of an element; another node in its place would make the browser look at all styles again.
 * @param {Element} element that holds nothing else @param {string} text
 */
export function write_text(element, text) {
  const { firstChild } = element;
  if (firstChild instanceof Text) firstChild.data = text;
  else element.textContent = text;
}

/**
 * Marks the word under the cursor: it stands over its neighbours where not all have room.
 * @param {Element} view with the labels of `word_labels` @param {string[]} words
 * @param {number | undefined} here none if it lies outside of the words
 */
export function mark_word(view, words, here) {
  const labels = /** @type {HTMLElement | null} */ (view.querySelector(".word-labels"));
  const over = /** @type {HTMLElement | null | undefined} */ (labels?.lastElementChild);
  if (!labels || !over) return;
  const inside = here !== undefined && here < words.length;
  over.hidden = !inside;
  if (!inside) return;
  write_text(over, words[here]);
  over.style.left = `${(100 * (here + 0.5)) / words.length}%`;
}
