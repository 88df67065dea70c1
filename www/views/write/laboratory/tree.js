import { html, nothing } from "lit";
import * as laboratory from "../../../state/write/laboratory.js";
import { View } from "../../view.js";

/** Deeper branches stand no further to the right. */
const DEEPEST = 8;

/** Characters of a branch that are shown. */
const SHOWN = 60;

/** Every text that was written, as a tree: what two of them share stands once. */
class Tree extends View {
  /** The node that was brought into sight last. */
  #present = -1;

  /** The present line stays in sight inside of the list; the page does not move. @override */
  updated() {
    const list = this.querySelector(".laboratory-tree");
    const present = list?.querySelector("[aria-current=true]");
    if (!list || !present || this.#present === laboratory.node.value) return;
    this.#present = laboratory.node.value;
    const [around, own] = [list.getBoundingClientRect(), present.getBoundingClientRect()];
    if (own.top < around.top) list.scrollTop -= around.top - own.top;
    else if (own.bottom > around.bottom) list.scrollTop += own.bottom - around.bottom;
  }

  /** @override */
  render() {
    const branches = laboratory.branches.value;
    if (branches.length === 0) return nothing;
    const present = laboratory.present_branch.value;
    return html`
      <h3>The tree of texts</h3>
      <p class="caption">
        Each line goes on from the one above it that stands further to the left. A click goes to its end; ←
        and → above walk through it.
      </p>
      <ul class="laboratory-tree">
        <li>
          <button
            aria-current=${laboratory.node.value === 0 ? "true" : "false"}
            @click=${() => laboratory.walk(0)}
          >
            <i>the beginning</i>
          </button>
        </li>
        ${branches.map(
          ({ level, nodes, text }, k) =>
            html`<li style="--level:${Math.min(level, DEEPEST) + 1}">
              <button
                aria-current=${k === present ? "true" : "false"}
                aria-label="Branch ${k + 1} at level ${level + 1}: ${text.slice(0, SHOWN)}"
                @click=${() => laboratory.walk(nodes[nodes.length - 1])}
              >
                ${seen(text)}
              </button>
            </li>`,
        )}
      </ul>
    `;
  }
}

/** @param {string} text */
function seen(text) {
  const cut = text.length > SHOWN ? `${text.slice(0, SHOWN)} …` : text;
  return cut.replaceAll("\n", "↵").replace(/^ | $/g, "␣");
}

customElements.define("unrolled-laboratory-tree", Tree);
