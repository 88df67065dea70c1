import { html, nothing } from "lit";
import { accept_drops, open_file } from "../../state/train/document.js";
import { notify } from "../../state/shared/store.js";
import { View } from "../view.js";

accept_drops(document);

/** Asks for a file and opens it. */
export function choose_file() {
  /** @type {HTMLInputElement | null} */ (document.querySelector("unrolled-document input"))?.click();
}

/** Shows what can be taken along. */
export function show_take_away() {
  const panel = /** @type {HTMLDetailsElement | null} */ (document.querySelector("unrolled-document .files"));
  if (!panel) return;
  panel.open = true;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  panel.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  panel.querySelector("summary")?.focus({ preventScroll: true });
}

/** What can be opened: experiments, models and weights, tables, texts and arrays. */
const ENDINGS = ".json,.keras,.h5,.hdf5,.py,.csv,.tsv,.txt,.md,.npz,.safetensors";

/** Files that are opened, files that are taken along, and what is kept: the latter two are loaded when asked for. */
class ExperimentDocument extends View {
  /** @override */
  static properties = { taking: { state: true }, keeping: { state: true } };

  constructor() {
    super();
    this.taking = false;
    this.keeping = false;
  }

  /** @override */
  render() {
    return html`
      <p class="experiment-document">
        <button type="button" @click=${choose_file}>Open a file…</button>
        <input type="file" accept=${ENDINGS} aria-label="File to open" hidden @change=${this.#open} />
      </p>
      <p class="caption">
        An experiment, a model or weights of Keras (.keras, .h5, .weights.h5), Keras code or a listing (.py),
        or data of your own; dropping it on the page does the same.
      </p>
      <details class="files" @toggle=${this.#take}>
        <summary>Take it with you</summary>
        ${this.taking ? html`<unrolled-take-away></unrolled-take-away>` : nothing}
      </details>
      <details class="files" @toggle=${this.#keep}>
        <summary>Kept on this machine</summary>
        ${this.keeping ? html`<unrolled-kept></unrolled-kept>` : nothing}
      </details>
    `;
  }

  /** @param {ToggleEvent} event */
  async #take({ newState }) {
    if (newState === "open") this.taking = await loaded(() => import("./take_away.js"));
  }

  /** @param {ToggleEvent} event */
  async #keep({ newState }) {
    // What is kept changes while the panel is closed.
    this.keeping = newState === "open" && (await loaded(() => import("./kept.js")));
  }

  /** @param {Event} event */
  #open(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    input.value = ""; // The same file can be opened again.
    if (file) void open_file(file);
  }
}

/** @param {() => Promise<unknown>} load */
async function loaded(load) {
  try {
    await load();
    return true;
  } catch {
    const text = "This part of the page could not be loaded. Check the connection, then open it again.";
    notify({ key: "files", kind: "trouble", text });
    return false;
  }
}

customElements.define("unrolled-document", ExperimentDocument);
