import { html, nothing } from "lit";
import { assign_hues } from "../../figures/hues.js";
import { outline } from "../../state/train/outline.js";
import { View } from "../view.js";

const NAMES = /([A-Za-z_][A-Za-z0-9_]*)/g;

/** The listing that is trained, as it was written. */
class CellText extends View {
  /** @override */
  render() {
    const known = outline.value;
    if (!known) return nothing;
    const hues = assign_hues(known.names, known.states);
    return html`<pre
      class="cell-text"
      tabindex="0"
      role="region"
      aria-label="The listing of the cell"
    ><code>${known.source
      .trimEnd()
      .split("\n")
      .map((line) => html`${this.#line(line, hues)} `)}</code></pre>`;
  }

  /** @param {string} line @param {Map<string, string>} hues */
  #line(line, hues) {
    const [code] = line.split("#");
    const parts = code.split(NAMES).map((part) => {
      const token = hues.get(part);
      return token ? html`<b style="color:var(${token})">${part}</b>` : part;
    });
    return html`${parts}<i>${line.slice(code.length)}</i>`;
  }
}

customElements.define("unrolled-cell-text", CellText);
