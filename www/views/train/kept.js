import { html, nothing } from "lit";
import { WEIGHTS_KEPT } from "../../state/data/first_weights.js";
import { forget, kept, look_at_kept } from "../../state/data/kept.js";
import { FILES_KEPT } from "../../state/data/own_files.js";
import { RUNS_KEPT } from "../../state/runs/run_storage.js";
import { reports } from "../../state/shared/store.js";
import { View } from "../view.js";

/** @typedef {import("../../state/data/kept.js").Kept} Kept */

const KINDS = { data: "data", weights: "first weights", run: "run" };

/** What is kept on this machine, with its size and the way to be rid of it. */
class KeptFiles extends View {
  /** @override */
  static properties = { asked: { state: true } };

  constructor() {
    super();
    /** What the reader is asked about. @type {Kept | null} */
    this.asked = null;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    void look_at_kept();
  }

  /** @override */
  render() {
    void reports.value;
    const all = kept.value;
    if (!all) return nothing;
    if (all.length === 0)
      return html`<p class="caption">
        Nothing is kept yet. Runs, your data and weights stay on this machine.
      </p>`;
    const total = all.reduce((sum, { bytes }) => sum + bytes, 0);
    return html`
      <ul class="kept-files">
        ${all.map((one) => this.#entry(one))}
      </ul>
      <p class="caption">
        ${size(total)} in this browser, on this machine alone. The newest ${FILES_KEPT} data files,
        ${WEIGHTS_KEPT} files of weights and ${RUNS_KEPT} runs are kept.
      </p>
    `;
  }

  /** @param {Kept} one */
  #entry(one) {
    const asked = this.asked?.kind === one.kind && this.asked.key === one.key;
    return html`<li>
      <p>
        <b>${one.name}</b>
        <span class="caption">${KINDS[one.kind]}, ${size(one.bytes)}${needed(one)}</span>
      </p>
      ${
        asked
          ? html`<p class="kept-question" role="alert">
              Delete it from this machine? It cannot be brought back.
              <button type="button" @click=${() => this.#forget(one)}>Delete</button>
              <button type="button" @click=${() => (this.asked = null)}>Keep</button>
            </p>`
          : html`<button type="button" aria-label=${`Delete ${one.name}`} @click=${() => (this.asked = one)}>
              Delete…
            </button>`
      }
    </li>`;
  }

  /** @param {Kept} one */
  async #forget(one) {
    this.asked = null;
    await forget(one);
  }
}

/** @param {Kept} one */
function needed({ needed_by }) {
  return needed_by.length === 0 ? "" : `; needed by ${needed_by.join(", ")}`;
}

/** @param {number} bytes */
function size(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

customElements.define("unrolled-kept", KeptFiles);
