/**
 * What every figure of Watch offers: its numbers as a table, and files of it.
 */
import { html } from "lit";
import { save_drawing, save_numbers, save_picture } from "../../state/watch/figure_files.js";
import { TABLE_SIGN, show_table } from "../table.js";

/** @typedef {import("../table.js").TableContent} TableContent */

/**
 * @typedef {object} Taken
 * @property {string} name in the names of files
 * @property {string} title of the figure
 * @property {() => TableContent} table what is shown
 * @property {() => TableContent} [numbers] what is saved, where that is more
 */

/** The drawing of the figure in which a button was pressed. @param {Event} event */
function drawing_of(event) {
  const figure = /** @type {Element} */ (event.currentTarget).closest("figure");
  return /** @type {SVGSVGElement} */ (figure?.querySelector("svg.drawing"));
}

/** @param {Taken} taken */
export function figure_tools({ name, title, table, numbers = table }) {
  return html`<span class="tools">
    <button
      class="quiet"
      @click=${() => show_table(table())}
      aria-label="${title} as a table"
      title="Table: the numbers of this figure"
    >
      ${TABLE_SIGN}
    </button>
    <button class="quiet" @click=${() => save_numbers(numbers(), name)} aria-label="${title} as CSV">
      CSV
    </button>
    <button
      class="quiet"
      @click=${(/** @type {Event} */ event) => save_drawing(drawing_of(event), name, title)}
      aria-label="${title} as SVG"
    >
      SVG
    </button>
    <button
      class="quiet"
      @click=${(/** @type {Event} */ event) => save_picture(drawing_of(event), name, title)}
      aria-label="${title} as PNG"
    >
      PNG
    </button>
  </span>`;
}
