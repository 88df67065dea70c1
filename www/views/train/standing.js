import { html, nothing } from "lit";
import { count } from "../../state/shared/format.js";
import { title_of } from "../../state/shared/listing_cell.js";
import * as store from "../../state/shared/store.js";
import { View } from "../view.js";

/** One line that says what is on the page: the data, the network, the seed. */
class Standing extends View {
  /** @override */
  render() {
    const { units, embedding, seed } = store.settings.value;
    const setup = store.setup.value;
    const dataset = store.dataset.value;
    return html`
      ${
        dataset && setup
          ? html`<span class="detail"
              >Learns from <b>${count(setup.train)}</b> texts, tested on
              <b>${count(setup.validation)}</b> others</span
            >`
          : nothing
      }
      <span
        >Embedding <b>${embedding}</b> → ${title_of(store.settings.value)} <b>${units} units</b> → Dense</span
      >
      ${setup ? html`<span><b>${count(setup.summary.total)}</b> parameters</span>` : nothing}
      <span class="detail">Seed <b>${seed}</b></span>
      ${this.#origin()}
    `;
  }

  #origin() {
    const origin = store.origin.value;
    if (!origin || !store.trace.value) return nothing;
    if (origin.from === "recording")
      return html`<span class="origin recorded">You are looking at: ${origin.title}</span>`;
    const age = origin.updates === 0 ? "untrained" : `after update ${count(origin.updates)}`;
    return html`<span class="origin">You are looking at: <b>your network, ${age}</b></span>`;
  }
}

customElements.define("unrolled-standing", Standing);
