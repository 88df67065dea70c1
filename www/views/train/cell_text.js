import { html, nothing } from "lit";
import { TOKENS, assign_hues, lines_of } from "../../figures/hues.js";
import { outline } from "../../state/train/outline.js";
import { View } from "../view.js";

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
    ><code>${lines_of(known.source.trimEnd()).map((line) => html`${this.#line(line, hues)} `)}</code></pre>`;
  }

  /** @param {ReturnType<typeof lines_of>[number]} line @param {Map<string, string>} hues */
  #line({ code, comment, inside }, hues) {
    const parts = [...code.matchAll(TOKENS)].map(([token, name]) => {
      const color = inside ? null : hues.get(name);
      return color ? html`<b style="color:var(${color})">${token}</b>` : token;
    });
    return html`${parts}<i>${comment}</i>`;
  }
}

customElements.define("unrolled-cell-text", CellText);
