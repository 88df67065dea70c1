import { html, nothing } from "lit";
import { swatch } from "../../figures/color.js";
import { width_of } from "../../figures/word_labels.js";
import { MeasuredView } from "../measured.js";

/**
 * @typedef {object} StripWord
 * @property {string} text
 * @property {number} signed the prediction after it, from −1 to 1; NaN where there is none
 * @property {number} height of its bar, 0 to 1
 */

/** Height of the bars, in CSS pixels. */
const BAR = 14;

/** The words are measured at 11 pixels and shown at 13. */
const LARGER = 13 / 11;

/** Room beside a word, and between two. */
const ROOM = 8;
const GAP = 2;

/** Words are drawn so far beyond the edges that a moving strip has no holes. */
const BEYOND = 300;

/** The words of a sequence in one row that scrolls: only those in sight are there. */
class Strip extends MeasuredView {
  /** @override */
  static properties = { words: { attribute: false }, name: { attribute: false } };

  /** Where the strip stands. */
  #left = 0;
  /** How many words it stood at the end of. */
  #ended = 0;

  constructor() {
    super();
    /** @type {StripWord[]} */
    this.words = [];
    this.name = "";
  }

  /** @override */
  render() {
    const { words } = this;
    let at = 0;
    const places = words.map(({ text }) => {
      const width = Math.ceil(LARGER * width_of(text)) + ROOM;
      const left = at;
      at += width + GAP;
      return { left, width };
    });
    const [from, to] = [this.#left - BEYOND, this.#left + this.width + BEYOND];
    return html`<div
      class="strip"
      tabindex="0"
      role="group"
      aria-label="${this.name}: ${words.length} ${words.length === 1 ? "place" : "places"}, from the first to the last"
      @scroll=${this.#scrolled}
    >
      <div class="all-words" style="width:${at}px">
        ${words.map(({ text, signed, height }, t) => {
          const { left, width } = places[t];
          if (left + width < from || left > to) return nothing;
          const { background, color } = swatch(Number.isNaN(signed) ? 0 : signed);
          const tall = height > 0 ? Math.max(1, BAR * height) : 0;
          return html`<span style="left:${left}px;width:${width}px"
            ><span class="word" style="background:${background};color:${color}">${text}</span
            ><i style="height:${tall.toFixed(1)}px"></i
          ></span>`;
        })}
      </div>
    </div>`;
  }

  /** The end is shown first: there the answer is made. @override */
  updated() {
    const strip = this.querySelector(".strip");
    if (!strip || this.width === 0 || this.#ended === this.words.length) return;
    this.#ended = this.words.length;
    strip.scrollLeft = strip.scrollWidth;
  }

  /** @param {Event} event */
  #scrolled(event) {
    this.#left = /** @type {Element} */ (event.currentTarget).scrollLeft;
    this.requestUpdate();
  }
}

customElements.define("unrolled-strip", Strip);
