import { html, nothing } from "lit";
import * as laboratory from "../../../state/write/laboratory.js";
import * as writer from "../../../state/write/writer.js";
import { View, with_code } from "../../view.js";
import "./choice.js";
import "./columns.js";
import "./line.js";
import "./tree.js";
import "./units.js";

/** How the next token is chosen: the stages of one choice, three temperatures side by side, a tree of texts. */
class Laboratory extends View {
  /** @override */
  render() {
    const unit = writer.facts.value?.unit ?? "character";
    return html`
      <section class="laboratory" aria-labelledby="laboratory-title">
        <h2 id="laboratory-title">How the next ${unit} is chosen</h2>
        ${this.#begins(unit)}
        ${
          laboratory.trouble.value
            ? html`<p class="problem" role="alert">${with_code(laboratory.trouble.value)}</p>`
            : nothing
        }
        ${laboratory.begun.value ? this.#opened(laboratory.begun.value) : nothing}
      </section>
      <unrolled-laboratory-units></unrolled-laboratory-units>
    `;
  }

  /** @param {string} unit */
  #begins(unit) {
    const able = writer.facts.value !== null && !laboratory.busy.value;
    const at = writer.chosen.value;
    const up_to = () => writer.text.between(writer.text.first, at ?? writer.text.count);
    return html`
      <p class="caption">
        For each ${unit} that can come next the model gives a logit, or a probability, whose logarithm serves
        as one. Below they become probabilities, and a random number picks one. It follows from the seed above
        and from how many ${unit}s were written since the beginning: so temperatures can be compared, and at
        the temperature of the text above the same text is written.
      </p>
      <div class="laboratory-bar">
        <button class="primary" ?disabled=${!able} @click=${() => laboratory.begin(writer.beginning.value)}>
          Begin with the beginning of the text
        </button>
        <button ?disabled=${!able} @click=${() => laboratory.begin(up_to())}>
          Begin with the text above, up to ${at === null ? "its end" : `position ${at}`}
        </button>
        <span role="status">${laboratory.busy.value ? "Computing …" : ""}</span>
      </div>
    `;
  }

  /** @param {import("../../../types/extra.js").Beginning} begun */
  #opened(begun) {
    const able = !laboratory.busy.value;
    const path = laboratory.path.value;
    const next = laboratory.successors(laboratory.node.value);
    return html`
      ${
        begun.left_out > 0
          ? html`<p class="caption">
              The model does not know ${begun.left_out} of the ${begun.characters ? "characters" : "words"} of
              this beginning: left out.
            </p>`
          : nothing
      }
      <div class="laboratory-text">
        <span class="given">${begun.text.slice(-GIVEN_SHOWN)}</span>
        <unrolled-laboratory-line
          .tokens=${path}
          .words=${!begun.characters}
          .label=${"What has been written behind the beginning; arrow keys look at the choice of each"}
          @look=${(/** @type {CustomEvent<number>} */ event) => laboratory.walk(path[event.detail].parent)}
        ></unrolled-laboratory-line>
      </div>
      <div class="laboratory-bar">
        <button ?disabled=${!able || path.length === 0} @click=${laboratory.back}>← Back</button>
        <button ?disabled=${!able || next.length === 0} @click=${laboratory.forth}>Forth →</button>
        <button ?disabled=${!able} @click=${() => laboratory.write(1)}>Write one</button>
        <button ?disabled=${!able} @click=${() => laboratory.write(laboratory.LIMITS.write)}>
          Write ${laboratory.LIMITS.write}
        </button>
      </div>
      <unrolled-laboratory-choice></unrolled-laboratory-choice>
      <unrolled-laboratory-tree></unrolled-laboratory-tree>
      <unrolled-laboratory-columns></unrolled-laboratory-columns>
    `;
  }
}

/** Characters of the beginning that are shown. */
const GIVEN_SHOWN = 120;

const styles = document.createElement("link");
styles.rel = "stylesheet";
styles.href = new URL("../../../styles/write-laboratory.css", import.meta.url).href;
document.head.append(styles);

customElements.define("unrolled-write-laboratory", Laboratory);
