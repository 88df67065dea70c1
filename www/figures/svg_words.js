/**
 * The words under or beside a drawing with one column a word: beside each other where every word has room, else turned.
 */
import { svg } from "lit";
import { is_labelled, layout_of, width_of, write_text } from "./word_labels.js";

export const SVG_MINUS = "−";

/** Longer words are cut in turned labels. */
const LONGEST = 12;

/**
 * How the words stand along a drawing.
 * @param {string[]} words @param {number} width of all columns
 */
export function words_along(words, width) {
  return layout_of(words.map(width_of), width);
}

/** @param {string} word */
function cut(word) {
  return word.length > LONGEST ? `${word.slice(0, LONGEST - 1)}…` : word;
}

/**
 * Words from `x` on over `width`, with their upper edge at `y`.
 * @param {string[]} words @param {{ x: number, y: number, width: number }} place @param {number | undefined} here
 */
export function words_below(words, { x, y, width }, here) {
  const { turned, every } = words_along(words, width);
  const column = width / Math.max(1, words.length);
  return words.map((word, t) => {
    if (!is_labelled(t, every, here)) return "";
    const centre = x + (t + 0.5) * column;
    const name = t === here ? "label here" : "label";
    return turned
      ? svg`<text class=${name} x=${centre + 4} y=${y + 4} text-anchor="end"
          transform="rotate(-90 ${centre + 4} ${y + 4})">${cut(word)}</text>`
      : svg`<text class=${name} x=${centre} y=${y + 13} text-anchor="middle">${word}</text>`;
  });
}

/**
 * Puts the word under the cursor over those of `words_below`.
 * @param {Element} label a text of the drawing @param {string[]} words @param {number} here
 * @param {{ x: number, y: number, width: number }} place as for the others
 */
export function mark_below(label, words, here, { x, y, width }) {
  const { turned } = words_along(words, width);
  const centre = x + ((here + 0.5) * width) / words.length;
  write_text(label, turned ? cut(words[here]) : words[here]);
  label.setAttribute("text-anchor", turned ? "end" : "middle");
  label.setAttribute("x", String(turned ? centre + 4 : centre));
  label.setAttribute("y", String(turned ? y + 4 : y + 13));
  if (turned) label.setAttribute("transform", `rotate(-90 ${centre + 4} ${y + 4})`);
  else label.removeAttribute("transform");
}
