import { effect } from "@preact/signals-core";
import { html, nothing } from "lit";
import { decimal, visible } from "../../state/shared/format.js";
import { step_into, ways_in } from "../../state/write/step_into.js";
import * as writer from "../../state/write/writer.js";
import { say } from "../say.js";
import { View } from "../view.js";
import { piece_at, place_of } from "./places.js";

/** How near to its end the text must have been scrolled to follow what is written, in pixels. */
const NEAR_END = 40;

/** The text that the model writes: given at first, then its own, with the position that is looked at. */
class Written extends View {
  /** @type {(() => void)[]} */
  #stops = [];
  /** What stands in the document. */
  #shown = { first: 0, count: 0, given: 0, chosen: -2, cuts: 0 };
  #asked = 0;

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#stops = [
      effect(() => {
        void [writer.version.value, writer.chosen.value];
        // At most once a frame, however fast it writes.
        this.#asked ||= requestAnimationFrame(() => {
          this.#asked = 0;
          this.#draw();
        });
      }),
    ];
  }

  /** @override */
  disconnectedCallback() {
    this.#stops.forEach((stop) => stop());
    cancelAnimationFrame(this.#asked);
    this.#asked = 0;
    super.disconnectedCallback();
  }

  /** @override */
  render() {
    return html`
      <section aria-labelledby="written-title">
        <h2 id="written-title">The text</h2>
        <label class="beginning">
          <span>Begins with</span>
          <textarea name="beginning" rows="1" .value=${writer.beginning.value} @change=${begins}></textarea>
        </label>
        ${writer.note.value ? html`<p class="caption">${writer.note.value}</p>` : nothing}
        <div
          class="write-text"
          tabindex="0"
          role="application"
          aria-roledescription="text"
          aria-label="What the model writes; arrow keys choose a position, Escape goes back to the end"
          @click=${this.#click}
          @keydown=${this.#key}
        >
          <span class="given"></span><span class="own"></span><mark></mark><span class="rest"></span>
        </div>
        <p class="caption at-position">${this.#at()}</p>
      </section>
    `;
  }

  /** What is known of the position that is looked at. */
  #at() {
    const at = writer.chosen.value;
    if (at === null) {
      const called = writer.facts.value?.unit ?? "character";
      return `Click a ${called}, or use the arrow keys, to see how it came about.`;
    }
    const { text } = writer;
    const piece = text.pieces[at - text.first];
    if (piece === undefined) return nothing;
    const probability = text.probabilities[at - text.first];
    const said = Number.isNaN(probability)
      ? "given"
      : `drawn with probability ${decimal(probability, 3)} at the temperature that held then`;
    return html`Position ${at + 1}: <b>${visible(piece)}</b>, ${said}.
      <button class="link" @click=${() => writer.rewind(at + 1)}>Write on from here</button> ·
      ${this.#ways_in(at)}`;
  }

  /** Stepping through the cell; of several layers one chooses where to begin. @param {number} at */
  #ways_in(at) {
    const { names, why } = ways_in();
    if (names.length < 2)
      return names.length === 0
        ? why
        : html`<button class="link" @click=${() => step_into(names[0], at)}>Step into its cell</button>`;
    const called = (/** @type {number} */ k) =>
      k + 1 === names.length ? `${names[k]} alone` : `${names.slice(k, -1).join(", ")} and ${names.at(-1)}`;
    return names.map(
      (name, k) =>
        html`${k === 0 ? "Step into " : " · "}<button class="link" @click=${() => step_into(name, at)}>
            ${called(k)}
          </button>`,
    );
  }

  #draw() {
    const box = /** @type {HTMLElement | null} */ (this.querySelector(".write-text"));
    if (!box) return;
    const { text } = writer;
    const chosen = writer.chosen.peek() ?? -1;
    const { first, count, given, cuts } = text;
    const shown = this.#shown;
    const follows = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
    const [opening, before, mark, after] = /** @type {HTMLElement[]} */ ([...box.children]);
    const same = shown.first === first && shown.given === given && shown.cuts === cuts;
    const grown = same && shown.chosen === -1 && chosen === -1;
    if (grown && count >= shown.count && before.firstChild instanceof globalThis.Text) {
      before.firstChild.appendData(text.between(shown.count, count));
    } else {
      const own = Math.max(first, given);
      const cut = chosen < 0 ? count : Math.max(chosen, own);
      opening.textContent = text.between(first, given);
      const marked = chosen < 0 ? "" : shown_piece(text.between(chosen, chosen + 1));
      // The space before a word is not marked.
      const space = marked.length > 1 && marked.startsWith(" ") ? " " : "";
      before.textContent = text.between(own, cut) + (chosen >= own ? space : "");
      mark.textContent = marked.slice(space.length);
      after.textContent = chosen < 0 ? "" : text.between(Math.max(own, chosen + 1), count);
      if (chosen >= 0 && chosen < own) {
        opening.textContent = text.between(first, chosen) + space;
        before.textContent = "";
        after.textContent = text.between(chosen + 1, count);
      }
    }
    this.#shown = { first, count, given, chosen, cuts };
    if (chosen < 0 && (follows || !grown)) box.scrollTop = box.scrollHeight;
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const box = /** @type {HTMLElement} */ (event.currentTarget);
    const offset = place_of(box, event);
    if (offset === null) return;
    void this.#choose(piece_at(writer.text, offset));
  }

  /** @param {number | null} at */
  async #choose(at) {
    if (writer.playing.value) await writer.pause();
    writer.chosen.value = at;
    if (at !== null) this.querySelector("mark")?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { text } = writer;
    const last = text.count - 1;
    const from = writer.chosen.value ?? last + 1;
    /** @type {Record<string, number | null>} */
    const moves = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: text.first, End: last, Escape: null };
    if (!(event.key in moves) || last < 0) return;
    event.preventDefault();
    const to = moves[event.key];
    void this.#choose(to === null || to > last ? null : Math.max(text.first, to)).then(() => {
      const at = writer.chosen.value;
      if (at !== null) say(`${visible(text.pieces[at - text.first])}, position ${at + 1}`);
    });
  }
}

/** What would not be seen as a mark. @param {string} piece */
function shown_piece(piece) {
  return piece === "\n" ? "↵\n" : piece;
}

/** @param {Event} event */
async function begins(event) {
  writer.beginning.value = /** @type {HTMLTextAreaElement} */ (event.target).value;
  if (await writer.begin()) await writer.play();
}

customElements.define("unrolled-written", Written);
