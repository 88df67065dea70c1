import { html, nothing } from "lit";
import { count } from "../../state/shared/format.js";
import { title_of } from "../../state/shared/listing_cell.js";
import { layers_in_words, reads_words, samples_called } from "../../state/train/experiment.js";
import { page_settings } from "../../state/train/settings.js";
import * as store from "../../state/shared/store.js";
import { View } from "../view.js";

/** One line that says what is on the page: the data, the network, the seed. */
class Standing extends View {
  /** @override */
  render() {
    const { document } = store.experiment.value;
    const setup = store.setup.value;
    const called = page_settings(document) ? "texts" : samples_called(document);
    return html`
      ${
        setup
          ? html`<span class="detail"
              >Learns from <b>${count(setup.train)}</b> ${called}, tested on
              <b>${count(setup.validation)}</b> others</span
            >`
          : nothing
      }
      <span>${this.#layers()}</span>
      ${setup ? html`<span><b>${count(setup.summary.total)}</b> parameters</span>` : nothing}
      <span class="detail">Seed <b>${document.fit.seed}</b></span>
      ${this.#origin()}
    `;
  }

  #layers() {
    const { document } = store.experiment.value;
    if (!page_settings(document)) return layers_in_words(document);
    const { units, embedding } = store.settings.value;
    return html`Embedding <b>${embedding}</b> → ${title_of(store.settings.value)} <b>${units} units</b> →
      Dense`;
  }

  #origin() {
    const words = reads_words(store.experiment.value.document);
    // Where no text is read, there is nothing of a recording to look at.
    /** @type {typeof store.origin.value} */
    const origin = words ? store.origin.value : { from: "network", updates: store.updates.value };
    if (!origin || !(words ? store.trace.value : store.setup.value)) return nothing;
    if (origin.from === "recording")
      return html`<span class="origin recorded">You are looking at: ${origin.title}</span>`;
    // What is read is not asked for again while it is out of sight, as on a phone.
    const is_behind = origin.updates < 0.5 * store.updates.value;
    if (store.status.value === "training" && is_behind)
      return html`<span class="origin">You are looking at: <b>your network, as it learns</b></span>`;
    const { weights } = store.experiment.value.document;
    const fresh = weights ? `with the weights of ${weights.name}, at update 0` : "untrained";
    const age = origin.updates === 0 ? fresh : `after update ${count(origin.updates)}`;
    return html`<span class="origin">You are looking at: <b>your network, ${age}</b></span>`;
  }
}

customElements.define("unrolled-standing", Standing);
