import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { swatch } from "../../figures/color.js";
import { count, signed } from "../../state/shared/format.js";
import * as store from "../../state/shared/store.js";
import { samples_called } from "../../state/train/experiment.js";
import { choose_place } from "../../state/train/pointer.js";
import { cancel_search, contexts, search, search_problem } from "../../state/watch/contexts.js";
import { choose_sample, timestep_called } from "../../state/watch/shown.js";
import { show_table } from "../table.js";
import { View } from "../view.js";

/** @typedef {import("../../types/extra.js").Context} Context */
/** @typedef {import("../../types/engine.js").Subset} Subset */
/** @typedef {{ layer: string, symbol: string, unit: number, name: string }} Meant */

/** The samples that are searched. */
const subset = signal(/** @type {Subset} */ ("train"));

/** Where else a unit fires: the strongest contexts of the data set. */
class Contexts extends View {
  /** @override */
  static properties = { of: { attribute: false } };

  constructor() {
    super();
    /** @type {Meant | null} */
    this.of = null;
  }

  /** @override */
  disconnectedCallback() {
    cancel_search();
    super.disconnectedCallback();
  }

  /** @override */
  render() {
    const meant = this.of;
    if (!meant) return nothing;
    const { layer, symbol, unit } = meant;
    const found = contexts.value;
    const running = found?.running ?? false;
    const called = samples_called(store.experiment.value.document);
    return html`<div class="contexts" role="group" aria-label="Where else does this unit fire?">
      <h3>Where else does this unit fire?</h3>
      <div class="unit-choice">
        <label
          ><span>Search the</span>
          <select
            @change=${(/** @type {Event} */ event) =>
              (subset.value = /** @type {Subset} */ (/** @type {HTMLSelectElement} */ (event.target).value))}
          >
            <option value="train" .selected=${subset.value === "train"}>training ${called}</option>
            <option value="validation" .selected=${subset.value === "validation"}>
              validation ${called}
            </option>
          </select></label
        >
        ${
          running
            ? html`<button type="button" @click=${cancel_search}>Cancel</button>`
            : html`<button
                type="button"
                ?disabled=${!["ready", "training"].includes(store.status.value)}
                @click=${() => search({ layer, symbol, unit, subset: subset.value })}
              >
                Find where ${symbol} of unit ${unit} is largest and smallest
              </button>`
        }
        ${
          running && found
            ? html`<progress
                  max=${found.progress.all}
                  value=${found.progress.done}
                  aria-label="Searched"
                ></progress>
                <span>${count(found.progress.done)} of ${count(found.progress.all)}</span>`
            : nothing
        }
        ${search_problem.value === "" ? nothing : html`<span role="status">${search_problem.value}</span>`}
      </div>
      ${found ? this.#found(found) : nothing}
    </div>`;
  }

  /** @param {import("../../state/watch/contexts.js").Found} found */
  #found({ wanted, step, progress }) {
    const { done, all, highest, lowest } = progress;
    const where = done < all ? `the first ${count(done)} of ${count(all)}` : `all ${count(all)}`;
    const called = samples_called(store.experiment.value.document);
    const reach = Math.max(0.05, ...[...highest, ...lowest].map(({ value }) => Math.abs(value)));
    const which = wanted.subset === "train" ? "training" : "validation";
    return html`
      <p class="caption">
        Look for what the marked ${timestep_called.value}s have in common: at each of them ${wanted.symbol} of
        unit ${wanted.unit} is the largest or the smallest of its sample, among ${where} ${which} ${called},
        after update ${count(step)}. A click shows the sample in all figures.
        <span class="tools"
          ><button
            class="quiet"
            @click=${() => table(wanted, highest, lowest)}
            aria-label="Contexts as a table"
            title="Table: the contexts"
          >
            Table
          </button></span
        >
      </p>
      <div class="context-lists">
        ${list("Largest", highest, wanted, reach)} ${list("Smallest", lowest, wanted, reach)}
      </div>
    `;
  }
}

/**
 * @param {string} title @param {Context[]} found @param {import("../../types/extra.js").Wanted} wanted
 * @param {number} reach
 */
function list(title, found, wanted, reach) {
  return html`<div>
    <h4>${title} ${wanted.symbol}</h4>
    <ol>
      ${found.map((context) => {
        const { background, color } = swatch(context.value / reach);
        return html`<li>
          <button type="button" @click=${() => show(context, wanted)}>
            <b>${signed(context.value, 2)}</b>
            <span class="around"
              >${context.words.slice(0, context.at).join(" ")}
              <mark style="background:${background};color:${color}">${context.words[context.at]}</mark>
              ${context.words.slice(context.at + 1).join(" ")}</span
            >
            <i>${context.answer}</i>
          </button>
        </li>`;
      })}
    </ol>
  </div>`;
}

/** @param {Context} context @param {import("../../types/extra.js").Wanted} wanted */
function show({ index, t }, { subset, unit }) {
  choose_sample({ subset, index });
  choose_place({ t, u: unit });
}

/** @param {import("../../types/extra.js").Wanted} wanted @param {Context[]} highest @param {Context[]} lowest */
function table({ symbol, unit, subset }, highest, lowest) {
  const row = (/** @type {Context} */ { index, t, value, words, at, answer }) => [
    String(index + 1),
    String(t + 1),
    signed(value),
    words[at],
    words.join(" "),
    answer,
  ];
  show_table({
    title: `Where ${symbol} of unit ${unit} is largest and smallest`,
    note: `In the ${subset === "train" ? "training" : "validation"} samples.`,
    head: ["sample", timestep_called.value, symbol, "there", "around", "wanted answer"],
    rows: [...highest, ...lowest].map(row),
  });
}

customElements.define("unrolled-contexts", Contexts);
