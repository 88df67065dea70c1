import { computed, effect } from "@preact/signals-core";
import { html, nothing } from "lit";
import { count, decimal } from "../../state/shared/format.js";
import { experiment } from "../../state/shared/store.js";
import { reads_words, samples_called } from "../../state/train/experiment.js";
import { sample, sample_problem, sample_wanted, show_sample } from "../../state/train/sample.js";
import { View, with_code } from "../view.js";

/** @typedef {import("../../types/engine.js").Sample} Sample */
/** @typedef {import("../../types/engine.js").SampleToken} SampleToken */
/** @typedef {import("../../types/engine.js").Appearance} Appearance */

/** What becomes of a word that is not read. @type {Record<SampleToken["place"], string>} */
const NOT_READ = {
  read: "",
  cut_before: "cut off: the text is longer than the network reads",
  cut_after: "cut off: the text is longer than the network reads",
  left_out: "left out",
};

/** More words than this at a cut end are counted. */
const CUT_SHOWN = 12;

/** More rows of a table, ids or numbers than this are behind a scroll bar in any case, and cost time to draw. */
const ROWS_SHOWN = 200;

/** One sample: what it is, what the network receives of it, and the wanted answer. */
class SamplePanel extends View {
  /** @type {(() => void) | null} */
  #stop = null;

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    // Where no text can be typed, the sample is what there is to see.
    const words = computed(() => reads_words(experiment.value.document));
    this.#stop = effect(() => {
      sample_wanted.value = !words.value;
    });
  }

  /** @override */
  disconnectedCallback() {
    this.#stop?.();
    super.disconnectedCallback();
  }

  /** @override */
  render() {
    return html`
      <details
        class="sample"
        .open=${sample_wanted.value}
        @toggle=${(/** @type {Event} */ event) =>
          (sample_wanted.value = /** @type {HTMLDetailsElement} */ (event.target).open)}
      >
        <summary><h2>One sample, as the network receives it</h2></summary>
        ${sample_wanted.value ? this.#sample() : nothing}
      </details>
    `;
  }

  #sample() {
    if (sample_problem.value !== "") return html`<p class="hint">${with_code(sample_problem.value)}</p>`;
    const shown = sample.value;
    if (!shown) return html`<p class="hint">The sample appears with the network.</p>`;
    return html`
      ${this.#which(shown)}
      <div class="sample-shown">${as_it_is(shown.shown)}</div>
      ${answer_of(shown)} ${received_of(shown)}
    `;
  }

  /** Which sample it is, and the way to others. @param {Sample} shown */
  #which({ subset, index, count: all }) {
    const called = samples_called(experiment.value.document);
    return html`
      <div class="sample-which">
        <fieldset class="choice small">
          <legend class="unseen">Samples of</legend>
          ${
            /** @type {const} */ (["train", "validation"]).map(
              (name) =>
                html`<label
                  ><input
                    type="radio"
                    name="subset"
                    .checked=${name === subset}
                    @change=${() => show_sample(name, 0)}
                  /><span>${name === "train" ? "training" : "validation"}</span></label
                >`,
            )
          }
        </fieldset>
        <button type="button" ?disabled=${index === 0} @click=${() => show_sample(subset, index - 1)}>
          Previous
        </button>
        <button type="button" ?disabled=${index >= all - 1} @click=${() => show_sample(subset, index + 1)}>
          Next
        </button>
        <button type="button" @click=${() => show_sample(subset, Math.floor(Math.random() * all))}>
          Any
        </button>
        <span>${count(index + 1)} of ${count(all)} ${called}</span>
      </div>
    `;
  }
}

/** @param {Appearance} shown */
function as_it_is(shown) {
  if (shown.kind === "text") return text_of(shown.tokens, shown.characters);
  if (shown.kind === "image") return image_of(shown);
  return table_of(shown);
}

/** @param {SampleToken[]} tokens @param {boolean} characters */
function text_of(tokens, characters) {
  const first = tokens.findIndex(({ place }) => place === "read");
  const last = tokens.findLastIndex(({ place }) => place === "read");
  const before = Math.max(0, first - CUT_SHOWN);
  const behind = Math.max(0, tokens.length - last - 1 - CUT_SHOWN);
  const near = tokens.slice(before, tokens.length - behind);
  return html`<p class="sample-text ${characters ? "of-characters" : ""}" tabindex="0">
      ${more(before)}${near.map((token) => html`${word_of(token)}${characters ? "" : " "}`)}${more(behind)}
    </p>
    <p class="caption">
      ${
        characters
          ? "The network reads these characters, one at each timestep; the wanted answer is each time the next one."
          : html`Grey words are not read; <u>dotted</u> ones are outside of the vocabulary and read as
              “unknown”.`
      }
    </p>`;
}

/** @param {number} number of words */
function more(number) {
  return number > 0 ? html`<i>${count(number)} more, cut off</i> ` : nothing;
}

/** @param {SampleToken} token */
function word_of({ text, id, is, place, timestep }) {
  if (is === "start") return html`<i title="id ${id}, the start of every text">start</i>`;
  const said =
    place === "read" ? `id ${id}, timestep ${(timestep ?? 0) + 1}` : `id ${id}, ${NOT_READ[place]}`;
  return html`<span
    class="${place === "read" ? "" : "unread"} ${is === "unknown" ? "unknown" : ""}"
    title=${said}
    >${text}</span
  >`;
}

/** Rows of pixels, one a timestep. @param {Extract<Appearance, { kind: "image" }>} image */
function image_of({ rows, columns, pixels }) {
  const cells = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const brightness = pixels[row * columns + column];
      if (brightness > 0)
        cells.push(
          `<rect x="${column}" y="${row}" width="1" height="1" opacity="${brightness.toFixed(2)}"/>`,
        );
    }
  const source = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${columns} ${rows}">${cells.join("")}</svg>`;
  return html`<div class="sample-image">
      <img alt="The image of the sample" src="data:image/svg+xml,${encodeURIComponent(source)}" />
    </div>
    <p class="caption">
      ${rows} rows of ${columns} pixels: the network reads one row at each timestep, from top to bottom.
    </p>`;
}

/** @param {Extract<Appearance, { kind: "table" }>} table */
function table_of({ columns, rows }) {
  return html`<div class="sample-table" tabindex="0">
    <table>
      <thead>
        <tr>
          <th>timestep</th>
          ${columns.map(({ name, is_answer }) => html`<th class=${is_answer ? "answer" : ""}>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.slice(0, ROWS_SHOWN).map(
          (row, t) =>
            html`<tr>
              <th scope="row">${t + 1}</th>
              ${row.map((cell, k) => html`<td class=${columns[k].is_answer ? "answer" : ""}>${cell_of(cell)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** @param {number | string | null} cell */
function cell_of(cell) {
  if (typeof cell === "number") return Number.isInteger(cell) ? String(cell) : decimal(cell);
  return cell ?? "";
}

/** The wanted answer, where there is one for the whole sample. @param {Sample} sample */
function answer_of({ answer }) {
  if (answer.at_each_timestep) return nothing;
  const said =
    answer.classes.length > 0 ? answer.classes.map(({ name }) => name) : answer.values.map((x) => decimal(x));
  return html`<p class="sample-answer">Wanted answer: <b>${said.join(", ")}</b></p>`;
}

/** Ids or numbers, and what stands at each timestep. @param {Sample} sample */
function received_of({ received, shown }) {
  const { shape, ids, values, roles } = received;
  const padding = roles.filter((role) => role === "padding").length;
  const masked = roles.filter((role) => role === "masked").length;
  const numbers =
    ids.length > 0 ? ids.map(String) : shape[1] === 1 ? values.map((value) => String(value)) : [];
  return html`
    <p class="caption">
      The network receives an array of shape <code>(${shape.join(", ")})</code>${
        padding > 0 ? `, of which ${count(padding)} timesteps are padding that it computes with` : ""
      }${masked > 0 ? `, of which ${count(masked)} timesteps are masked and skipped` : ""}.
    </p>
    ${
      numbers.length === 0 || shown.kind === "table"
        ? nothing
        : html`<p class="sample-ids" tabindex="0">
            ${numbers.map((number, t) => html`<span class=${roles[t]}>${number}</span> `)}
          </p>`
    }
  `;
}

customElements.define("unrolled-sample", SamplePanel);
