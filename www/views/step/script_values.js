import { html, nothing } from "lit";
import { round_scale } from "../../figures/field.js";
import { brief, fine } from "../../state/shared/format.js";
import * as state from "../../state/step/script.js";
import { View } from "../view.js";
import "../../figures/cells.js";

/** @typedef {import("../../state/step/script.js").LiveScript} LiveScript */
/** @typedef {import("../../state/step/script.js").ScriptValue} ScriptValue */

/** So many numbers are written out. */
const WRITTEN = 64;

/** What the line gives, what is collected, what has been printed. */
class ScriptValues extends View {
  /** The question whose answer was brought into sight. */
  #answered = "";

  /** @override */
  static properties = { picked: { state: true }, asked: { state: true }, numbers: { state: true } };

  constructor() {
    super();
    /** The number that was clicked. @type {{ name: string, array: number, index: number, shape: number[] } | null} */
    this.picked = null;
    /** The question whose answer is shown. */
    this.asked = "";
    /** Whether numbers are written out. */
    this.numbers = false;
  }

  /** @override */
  render() {
    const live = state.live.value;
    if (!live) return nothing;
    const at = state.at.value;
    const { gives, question } = live.moment(at);
    const values = gives.filter(({ length }) => !length);
    const kept = live.names(at).filter(({ length }) => length !== null);
    return html`
      <div class="heading">
        <h2>${heading(values.length, gives.length)}</h2>
        <button class="quiet" aria-pressed=${this.numbers} @click=${() => (this.numbers = !this.numbers)}>
          Numbers
        </button>
      </div>
      <div class="given">
        ${values.map((value) => this.#value(live, value))}
        ${values.some(({ array }) => array !== null) ? this.#readout(live) : nothing}
        ${question && live.printed(at).at(-1)?.at !== at ? this.#question(question) : nothing}
      </div>
      ${kept.map((value) => this.#list(live, value, at))} ${this.#output(live, at)} ${this.#others(live, at)}
    `;
  }

  /** The newest entries, and what was printed last, are in sight. @override */
  updated() {
    for (const list of this.querySelectorAll(".entries, .output pre")) list.scrollTop = list.scrollHeight;
    if (this.asked !== this.#answered)
      this.querySelector(".question p")?.scrollIntoView({ block: "nearest" });
    this.#answered = this.asked;
  }

  /** @param {LiveScript} live @param {ScriptValue} value */
  #value(live, value) {
    const { name, said, shape, array } = value;
    if (array === null) return html`<p class="plain"><b>${name}</b> <span>${said}</span></p>`;
    const data = live.numbers(array);
    const scale = round_scale(data);
    const { rows, columns } = laid_out(data.length, shape);
    const here = this.picked?.array === array && this.picked.name === name ? this.picked.index : -1;
    return html`<figure class="array ${rows > 1 ? "matrix" : ""}" style="--rows:${rows}">
      <figcaption>
        <b>${name}</b> <span>${sizes(shape)}</span> <i>full colour is ±${brief(scale)}</i>
      </figcaption>
      ${
        data.length > 0
          ? html`<unrolled-cells
              role="img"
              aria-label="${name}, ${said}"
              .data=${data}
              .rows=${rows}
              .columns=${columns}
              .scale=${scale}
              .mark=${here}
              .pick=${(/** @type {number} */ index) => (this.picked = { name, array, index, shape })}
            ></unrolled-cells>`
          : nothing
      }
      ${this.numbers ? written(data) : nothing}
    </figure>`;
  }

  /** @param {LiveScript} live */
  #readout(live) {
    const { picked } = this;
    if (!picked) return html`<p class="hint">Click a number to read it.</p>`;
    const { name, array, index, shape } = picked;
    return html`<p class="picked" role="status">
      <code>${name}[${place(index, shape)}]</code> = <b>${live.number(array, index)}</b>
    </p>`;
  }

  /** @param {{ asked: string, answer: string }} question */
  #question({ asked, answer }) {
    const open = this.asked === asked;
    return html`<div class="question">
      <button aria-expanded=${open ? "true" : "false"} @click=${() => (this.asked = open ? "" : asked)}>
        ${asked}
      </button>
      ${open ? html`<p>${answer}</p>` : nothing}
    </div>`;
  }

  /**
   * A list with its entries, the newest in sight.
   * @param {LiveScript} live @param {ScriptValue} value @param {number} at
   */
  #list(live, value, at) {
    const { name, length, entries } = value;
    if (length === null || (entries.length > 0 && entries.every(({ array }) => array === null)))
      return nothing;
    const left_out = length - entries.length;
    const fresh = value.at === at;
    return html`<section class="collected ${fresh ? "fresh" : ""}">
      <h2>${name} <span>${length} ${length === 1 ? "entry" : "entries"}</span></h2>
      ${length === 0 ? html`<p class="hint">Still empty: [ ]</p>` : nothing}
      <ol class="entries" tabindex="0" aria-label="Entries of ${name}">
        ${left_out > 0 ? html`<li class="hint">${left_out} before these</li>` : nothing}
        ${entries.map((entry, k) => this.#entry(live, entry, fresh && k === entries.length - 1))}
      </ol>
    </section>`;
  }

  /** @param {LiveScript} live @param {ScriptValue} entry @param {boolean} fresh */
  #entry(live, { name, said, shape, array }, fresh) {
    const data = array === null ? null : live.numbers(array);
    const { rows, columns } = laid_out(data?.length ?? 0, shape);
    return html`<li class=${fresh ? "now" : ""}>
      <code>[${name}]</code> <span>${array === null ? said : sizes(shape)}</span>
      ${
        data && data.length > 0
          ? html`<unrolled-cells
              role="img"
              aria-label="entry ${name}, ${said}"
              .data=${data}
              .rows=${rows}
              .columns=${columns}
              .scale=${round_scale(data)}
            ></unrolled-cells>`
          : nothing
      }
    </li>`;
  }

  /** @param {LiveScript} live @param {number} at */
  #output(live, at) {
    const printed = live.printed(at);
    if (live.facts.printed === "") return nothing;
    const last = printed[printed.length - 1];
    return html`<section class="output">
      <h2>Output</h2>
      ${
        last
          ? html`<pre tabindex="0" role="region" aria-label="Output">
${printed.map(({ text, at: k }) => html`<span class=${k === at ? "now" : ""}>${text}</span>`)}</pre>`
          : html`<p class="hint">Nothing has been printed yet.</p>`
      }
      ${printed.map(({ question }) => (question ? this.#question(question) : nothing))}
    </section>`;
  }

  /** All other names that can be read. @param {LiveScript} live @param {number} at */
  #others(live, at) {
    const others = live.names(at).filter((value) => value.length === null);
    if (others.length === 0) return nothing;
    return html`<details class="all-names">
      <summary>All ${others.length} names so far</summary>
      <table>
        <tbody>
          ${others.map(
            ({ name, said, at: given }) =>
              html`<tr>
                <th scope="row"><code>${name}</code></th>
                <td>${said}</td>
                <td>
                  <button class="quiet" @click=${() => state.scrub(given)}>
                    line ${live.position(given).line}
                  </button>
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </details>`;
  }
}

/** @param {number} values of the line that are no lists @param {number} all that it gives */
function heading(values, all) {
  if (values > 0) return "What the line gives";
  return all > 0 ? "Collected" : "No name gets a new value here";
}

/**
 * How many numbers of an array stand below and beside each other; a column vector is shown as a row, as other vectors.
 * @param {number} length @param {number[]} shape
 */
export function laid_out(length, shape) {
  const last = shape[shape.length - 1] || 1;
  const columns = shape.length === 2 && last === 1 ? Math.max(1, length) : last;
  return { rows: Math.max(1, length / columns), columns };
}

/** As Python writes a shape. @param {number[]} shape */
const sizes = (shape) => (shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`);

/** An index along every axis. @param {number} index @param {number[]} shape */
function place(index, shape) {
  let rest = index;
  const along = [];
  for (const size of [...shape].reverse()) {
    along.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return along.join(", ");
}

/** @param {Float32Array} data */
function written(data) {
  return html`<p class="numbers">
    ${[...data.subarray(0, WRITTEN)].map((value) => html`<span>${fine(value)}</span>`)}
    ${data.length > WRITTEN ? html`<span>… ${data.length} numbers</span>` : nothing}
  </p>`;
}

customElements.define("unrolled-script-values", ScriptValues);
