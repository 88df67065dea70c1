import { html, nothing, svg } from "lit";
import { View } from "./view.js";

/**
 * @typedef {object} TableContent
 * @property {string} title
 * @property {string} note
 * @property {string[]} head
 * @property {string[][]} rows the first cell names the row
 */

/** The numbers behind a figure, as they were when the table was opened. */
class TableDialog extends View {
  /** @override */
  static properties = { content: { attribute: false }, copied: { state: true } };

  constructor() {
    super();
    /** @type {TableContent | null} */
    this.content = null;
    this.copied = "";
  }

  /** @override */
  render() {
    const { content } = this;
    return html`
      <dialog aria-labelledby="table-title" @close=${() => (this.content = null)}>
        ${
          content
            ? html`
                <header>
                  <h2 id="table-title">${content.title}</h2>
                  <p>${content.note}</p>
                  <button @click=${this.#copy}>${this.copied || "Copy as CSV"}</button>
                  <button @click=${() => this.querySelector("dialog")?.close()}>Close</button>
                </header>
                <div class="scroll" tabindex="0">
                  <table>
                    <thead>
                      <tr>
                        ${content.head.map((name) => html`<th scope="col">${name}</th>`)}
                      </tr>
                    </thead>
                    <tbody>
                      ${content.rows.map(
                        ([name, ...cells]) =>
                          html`<tr>
                            <th scope="row">${name}</th>
                            ${cells.map((cell) => html`<td>${cell}</td>`)}
                          </tr>`,
                      )}
                    </tbody>
                  </table>
                </div>
              `
            : nothing
        }
      </dialog>
    `;
  }

  async #copy() {
    const { content } = this;
    if (!content) return;
    const quoted = (/** @type {string} */ cell) => `"${cell.replaceAll('"', '""').replaceAll("−", "-")}"`;
    const lines = [content.head, ...content.rows].map((row) => row.map(quoted).join(","));
    try {
      await navigator.clipboard.writeText(lines.join("\n"));
      this.copied = "Copied";
    } catch {
      this.copied = "The browser does not allow copying";
    }
    setTimeout(() => (this.copied = ""), 2000);
  }

  /** @param {TableContent} content */
  async open(content) {
    this.content = content;
    await this.updateComplete;
    this.querySelector("dialog")?.showModal();
  }
}

customElements.define("unrolled-table", TableDialog);

/** The icon of a table, for figures without room for the word. */
export const TABLE_SIGN = svg`<svg viewBox="0 0 14 12" width="14" height="12" aria-hidden="true"
  ><path d="M.5.5h13v11H.5zM.5 4h13M.5 7.8h13M5 .5v11" /></svg>`;

/** @param {TableContent} content */
export function show_table(content) {
  const dialog = /** @type {TableDialog | null} */ (document.querySelector("unrolled-table"));
  void dialog?.open(content);
}
