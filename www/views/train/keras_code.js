import { html, nothing } from "lit";
import { extra } from "../../engine/extra.js";
import { failure_from } from "../../engine/rpc.js";
import { choose_experiment } from "../../state/train/choices.js";
import { opened } from "../../state/train/experiment.js";
import { dropped_code } from "../../state/train/open_code.js";
import { dismiss, experiment, notify, status } from "../../state/shared/store.js";
import { View } from "../view.js";

/** @typedef {import("../../types/extra.js").Note} Note */
/** @typedef {import("../../engine/extra.js").Extra} Extra */
/** @typedef {{ notes: Note[], passed_over: number[] }} Remarks */

/** The Keras code of the present experiment, live; code that is typed or pasted becomes the experiment. */
class KerasCode extends View {
  /** @override */
  static properties = {
    engine: { state: true },
    typed: { state: true },
    mistake: { state: true },
    remarks: { state: true },
  };

  constructor() {
    super();
    /** The module that knows Keras code, from the first opening of the panel on. @type {Extra | null} */
    this.engine = null;
    /** What the reader edits; null while the present code is shown. @type {string | null} */
    this.typed = null;
    /** Why the code cannot be read. @type {Note | null} */
    this.mistake = null;
    /** What was made of the code that was read last. @type {Remarks | null} */
    this.remarks = null;
  }

  /** @override */
  render() {
    const { document } = experiment.value;
    void dropped_code.value;
    const shown = this.typed === null ? (this.engine?.keras_code(document) ?? "") : "";
    return html`
      <details class="keras-code" @toggle=${this.#toggled}>
        <summary>The model as Keras code</summary>
        ${this.typed === null ? this.#code(shown) : this.#editor(this.typed)} ${this.#said()}
      </details>
    `;
  }

  /** @override */
  updated() {
    const code = dropped_code.value;
    if (code === "") return;
    dropped_code.value = "";
    void this.#take(code);
  }

  /** Code that was dropped is used at once. @param {string} code */
  async #take(code) {
    const panel = /** @type {HTMLDetailsElement | null} */ (this.querySelector(".keras-code"));
    if (panel) panel.open = true;
    await this.#load();
    await this.#edit(code);
    await this.#use();
    panel?.scrollIntoView({ block: "nearest" });
  }

  /** @param {string} code */
  #code(code) {
    return html`
      <pre
        class="cell-text"
        tabindex="0"
        role="region"
        aria-label="Keras code of the model"
      ><code>${code.trimEnd()}</code></pre>
      <p class="keras-buttons">
        <button type="button" ?disabled=${!this.engine} @click=${() => this.#edit(code)}>
          Edit or paste
        </button>
      </p>
    `;
  }

  /** @param {string} typed */
  #editor(typed) {
    const too_early = status.value === "preparing";
    return html`
      <textarea
        class="cell-text"
        rows=${Math.min(Math.max(typed.split("\n").length + 1, 8), 24)}
        spellcheck="false"
        autocapitalize="off"
        aria-label="Keras code, or Keras’ JSON of a model"
        aria-invalid=${this.mistake ? "true" : "false"}
        .value=${typed}
        @input=${this.#typed}
      ></textarea>
      <p class="caption">
        Sequential, compile and fit in the words of Keras 1, 2 or 3, or JSON. The code is read, not run; other
        lines are ignored.
      </p>
      <p class="keras-buttons">
        <button type="button" ?disabled=${too_early || typed.trim() === ""} @click=${this.#use}>
          Use this model
        </button>
        <button type="button" @click=${() => this.#edit(null)}>Cancel</button>
      </p>
    `;
  }

  #said() {
    const { mistake, remarks } = this;
    if (mistake) return html`<p role="alert">Line ${mistake.line}: ${quoted(mistake.text)}.</p>`;
    if (!remarks) return nothing;
    const { notes, passed_over } = remarks;
    return html`<div role="status">
      ${
        notes.length === 0
          ? nothing
          : html`<ul class="keras-notes">
              ${notes.map(({ line, text }) => html`<li>Line ${line}: ${quoted(text)}.</li>`)}
            </ul>`
      }
      ${
        passed_over.length === 0
          ? nothing
          : html`<p class="caption">${ranges(passed_over)} of the code do not describe the model.</p>`
      }
    </div>`;
  }

  /** The code comes from the engine, when it is first looked at. */
  async #toggled(/** @type {ToggleEvent} */ event) {
    if (event.newState === "open") await this.#load();
  }

  async #load() {
    if (this.engine) return;
    try {
      this.engine = await extra();
      dismiss("keras");
    } catch (error) {
      const reason = failure_from(error).message;
      const text = `The Keras code cannot be shown (${reason}). Close the panel and open it again.`;
      notify({ key: "keras", kind: "trouble", text });
    }
  }

  /** @param {string | null} code */
  async #edit(code) {
    this.typed = code;
    this.mistake = null;
    this.remarks = null;
    await this.updateComplete;
    const area = this.querySelector("textarea");
    area?.focus();
    area?.select();
  }

  #typed(/** @type {Event} */ event) {
    this.typed = /** @type {HTMLTextAreaElement} */ (event.target).value;
    this.mistake = null;
  }

  async #use() {
    const { document, from } = experiment.value;
    const text = this.typed ?? "";
    if (!this.engine) return;
    try {
      const { experiment: read, notes, passed_over } = this.engine.read_keras_code(text, document);
      this.typed = null;
      this.remarks = { notes, passed_over };
      await choose_experiment(opened(read, from));
    } catch (error) {
      const { message, diagnostics } = /** @type {import("../../types/extra.js").Failure} */ (error);
      this.mistake = { line: diagnostics?.[0]?.line ?? 1, text: message };
      this.#mark(this.mistake.line);
    }
  }

  /** Selects a line of the code. @param {number} line */
  #mark(line) {
    const area = this.querySelector("textarea");
    const lines = (this.typed ?? "").split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    area?.focus();
    area?.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  }
}

/** With quotation marks for code. @param {string} text */
function quoted(text) {
  return text.replaceAll(/`([^`]*)`/g, "“$1”");
}

/** “Lines 1–3, 7”. @param {number[]} lines in their order */
function ranges(lines) {
  /** @type {[number, number][]} */
  const runs = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last && line - last[1] <= 1) last[1] = line;
    else runs.push([line, line]);
  }
  const shown = runs.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
  return `${lines.length === 1 ? "Line" : "Lines"} ${shown.join(", ")}`;
}

customElements.define("unrolled-keras-code", KerasCode);
