import { html } from "lit";
import { ending } from "../../state/train/ending.js";
import { View } from "../view.js";

/** Where training has paused, and how the run has gone so far. */
class Ending extends View {
  /** @override */
  render() {
    return html`<p class="ending" role="status">${ending.value}</p>`;
  }
}

customElements.define("unrolled-ending", Ending);
