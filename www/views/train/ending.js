import { html, nothing } from "lit";
import { fine } from "../../state/shared/format.js";
import { settings } from "../../state/shared/store.js";
import { broken_down, ending } from "../../state/train/ending.js";
import { start_again } from "../../state/train/training.js";
import { View } from "../view.js";

/** Where training has paused, and how the run has gone so far. */
class Ending extends View {
  /** @override */
  render() {
    return html`
      <p class="ending">
        <span role="status">${ending.value}</span>
        ${ending.value ? nothing : html`<span class="hint">A summary appears here when training pauses.</span>`}
        ${broken_down.value ? mend() : nothing}
      </p>
    `;
  }
}

/** What a broken run is begun again with: a tenth of the learning rate, where that is one number. */
function mend() {
  const rate = Number((settings.value.rate / 10).toPrecision(6));
  return Number.isFinite(rate)
    ? html`<button @click=${() => start_again(rate)}>Start again with learning rate ${fine(rate)}</button>`
    : nothing;
}

customElements.define("unrolled-ending", Ending);
