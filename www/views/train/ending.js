import { html, nothing } from "lit";
import { ending } from "../../state/train/ending.js";
import { View } from "../view.js";

/** Where training has paused, and how the run has gone so far. */
class Ending extends View {
  /** @override */
  render() {
    return html`
      <p class="ending">
        <span role="status">${ending.value}</span>
        ${ending.value ? nothing : html`<span class="hint">When training pauses, how it went is said here.</span>`}
      </p>
    `;
  }
}

customElements.define("unrolled-ending", Ending);
