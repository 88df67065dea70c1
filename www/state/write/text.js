/** The text of a language model as the page keeps it: the last pieces, and the numbers of the last ones of these. */

/** @typedef {import("../../types/extra.js").Written} Written */

/** So many pieces are kept, the newest. */
const PIECES = 4000;
/** Numbers of gates and states that are kept: 8 MB. */
const NUMBERS = 2_000_000;

export class Text {
  /** Position of the first piece that is kept. */
  first = 0;
  /** The pieces that are kept. @type {string[]} */
  pieces = [];
  /** The probability with which each was drawn; NaN where it was given. @type {number[]} */
  probabilities = [];
  /** Where the given beginning ends. */
  given = 0;
  /** How often something was taken away: what stood in the text before may have gone. */
  cuts = 0;
  /** Rows of the last positions, in a ring. */
  #rows = new Float32Array(0);
  #row = 0;
  #capacity = 0;

  /** How many pieces the text has. */
  get count() {
    return this.first + this.pieces.length;
  }

  clear() {
    this.cuts += 1;
    this.first = this.given = 0;
    this.pieces = [];
    this.probabilities = [];
  }

  /** Forgets the pieces from position `at` on. @param {number} at */
  cut(at) {
    this.cuts += 1;
    const kept = Math.max(0, at - this.first);
    this.pieces.length = this.probabilities.length = Math.min(kept, this.pieces.length);
    this.given = Math.min(this.given, at);
  }

  /** @param {Written} written what comes next @param {number} row numbers of a position */
  add({ first, pieces, probabilities, rows }, row) {
    if (row !== this.#row) {
      this.#row = row;
      this.#capacity = row === 0 ? 0 : Math.max(64, Math.floor(NUMBERS / row));
      this.#rows = new Float32Array(row * this.#capacity);
    }
    if (this.pieces.length === 0) this.first = first;
    pieces.forEach((piece, k) => {
      this.pieces.push(piece);
      this.probabilities.push(probabilities[k]);
      if (Number.isNaN(probabilities[k]) && this.given === this.count - 1) this.given = this.count;
      const at = ((this.count - 1) % this.#capacity) * row;
      if (row > 0) this.#rows.set(rows.subarray(k * row, (k + 1) * row), at);
    });
    const over = this.pieces.length - PIECES;
    if (over > PIECES / 10) {
      this.pieces.splice(0, over);
      this.probabilities.splice(0, over);
      this.first += over;
    }
  }

  /** The first position whose numbers are kept. */
  get first_row() {
    return Math.max(this.first, this.count - this.#capacity);
  }

  /**
   * The numbers of a gate or state at some positions, `[positions, width]`; those that are not kept are NaN.
   * @param {{ offset: number, width: number }} symbol @param {number} from @param {number} to
   */
  rows({ offset, width }, from, to) {
    const data = new Float32Array((to - from) * width).fill(NaN);
    for (let k = Math.max(from, this.first_row); k < Math.min(to, this.count); k++) {
      const at = (k % this.#capacity) * this.#row + offset;
      data.set(this.#rows.subarray(at, at + width), (k - from) * width);
    }
    return data;
  }

  /** The text from one position to another. @param {number} from @param {number} to */
  between(from, to) {
    return this.pieces.slice(Math.max(0, from - this.first), Math.max(0, to - this.first)).join("");
  }
}
