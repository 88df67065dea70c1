import { html } from "lit";
import { accept_drops, download_experiment, open_file } from "../../state/train/document.js";
import { View } from "../view.js";

accept_drops(document);

/** Asks for the file of an experiment and opens it. */
export function choose_file() {
  /** @type {HTMLInputElement | null} */ (document.querySelector("unrolled-document input"))?.click();
}

/** The present experiment as a file, and one that was downloaded before. */
class ExperimentDocument extends View {
  /** @override */
  render() {
    return html`
      <p class="experiment-document">
        <button type="button" @click=${download_experiment}>Download experiment</button>
        <button type="button" @click=${choose_file}>Open experiment</button>
        <input
          type="file"
          accept=".json,.csv,.tsv,.txt,.npz,.safetensors"
          aria-label="Experiment to open"
          hidden
          @change=${this.#open}
        />
      </p>
    `;
  }

  /** @param {Event} event */
  #open(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    input.value = ""; // The same file can be opened again.
    if (file) void open_file(file);
  }
}

customElements.define("unrolled-document", ExperimentDocument);
