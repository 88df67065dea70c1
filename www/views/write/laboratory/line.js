import { html } from "lit";
import { decimal, visible } from "../../../state/shared/format.js";
import { say } from "../../say.js";
import { View } from "../../view.js";

/** @typedef {import("../../../types/extra.js").Drawn} Drawn */

/** Bits of surprise from which on a token is coloured fully. */
const MOST_BITS = 8;

/** What would not be seen. @param {string} text */
const shown = (text) => (text === "\n" ? "↵\n" : text);

/**
 * Tokens that were written, coloured by how unlikely each was. One stop of the keyboard: arrow keys go from token to
 * token. A token that is clicked or reached sends `look` with its index.
 */
class Line extends View {
  /** @override */
  static properties = {
    tokens: { attribute: false },
    words: { attribute: false },
    label: { attribute: false },
    selected: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Drawn[]} */
    this.tokens = [];
    this.words = false;
    this.label = "";
    /** Index of the token whose choice is looked at; -1 without one. */
    this.selected = -1;
  }

  /** @override */
  render() {
    return html`<span
      class="tokens"
      role="application"
      aria-roledescription="text"
      tabindex=${this.tokens.length > 0 ? 0 : -1}
      aria-label=${this.label}
      @keydown=${this.#key}
      >${this.tokens.map(
        (token, k) =>
          html`<span
            class=${k === this.selected ? "token selected" : "token"}
            style="--surprise:${Math.min(1, (token.surprise_bits ?? MOST_BITS) / MOST_BITS).toFixed(2)}"
            title="${visible(token.text)}: probability ${decimal(token.probability, 3)}"
            @click=${() => this.#look(k)}
            >${shown(token.text)}${this.words ? " " : ""}</span
          >`,
      )}</span
    >`;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.tokens.length === 0) return;
    const last = this.tokens.length - 1;
    const from = this.selected < 0 ? last + 1 : this.selected;
    /** @type {Record<string, number>} */
    const moves = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last };
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.#look(Math.min(last, Math.max(0, moves[event.key])));
  }

  /** @param {number} k */
  #look(k) {
    const token = this.tokens[k];
    say(`${visible(token.text)}, probability ${decimal(token.probability, 3)}`);
    this.dispatchEvent(new CustomEvent("look", { detail: k }));
  }
}

customElements.define("unrolled-laboratory-line", Line);
