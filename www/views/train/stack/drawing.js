/**
 * The model as a drawing, unrolled over a few timesteps. A layer is opened in the list by its row; while an update is
 * shown in slow motion, the layers and arrows of its phase are marked.
 */
import { html, nothing, svg } from "lit";
import { count } from "../../../state/shared/format.js";
import { texts_given } from "../../../state/shared/listing_source.js";
import * as store from "../../../state/shared/store.js";
import { layer_in_words } from "../../../state/train/experiment.js";
import * as model from "../../../state/train/model.js";
import { layers_of } from "../../../state/train/places.js";
import { survey_experiment } from "../../../pkg/unrolled.js";
import { View } from "../../view.js";
import { layout } from "./layout.js";
import { arrow_path } from "./paths.js";
import { mark_of, spoken, sentence, TIMESTEPS } from "./said.js";

/** @typedef {import("../../../types/engine.js").Survey} Survey */
/** @typedef {import("../../../types/engine.js").Experiment} Experiment */
/** @typedef {import("./grid.js").Row} Row */

/** Room for the norms at the right edge, in slow motion. */
const NORMS = 104;

class StackDrawing extends View {
  /** @override */
  static properties = { slow: { type: Boolean }, pointed: { state: true }, width: { state: true } };

  /** @type {ResizeObserver | null} */
  #observer = null;

  constructor() {
    super();
    /** Whether it shows the phases of an update, with their norms. */
    this.slow = false;
    /** The row that the reader points at. @type {number | null} */
    this.pointed = null;
    this.width = 0;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#observer = new ResizeObserver(([entry]) => (this.width = Math.floor(entry.contentRect.width)));
    this.#observer.observe(this);
  }

  /** @override */
  disconnectedCallback() {
    this.#observer?.disconnect();
    super.disconnectedCallback();
  }

  /** @override */
  render() {
    const document = this.slow ? store.experiment.value.document : model.edited.value;
    const survey = this.slow ? surveyed(document) : model.survey.value;
    if (!survey || this.width === 0) return nothing;
    const listed = layers_of(document);
    const layers = listed.flatMap((layer, at) => {
      if (layer.class_name === "InputLayer") return [];
      const row = survey.rows[at];
      return [
        {
          at,
          name: row?.name ?? layer.config.name ?? "",
          title: layer_in_words(layer),
          params: row && row.params > 0 ? count(row.params) : "",
          shape: row?.output_shape ?? null,
          flow: survey.flows[at] ?? null,
        },
      ];
    });
    const input = { shape: survey.input, sequence: survey.sequence, title: "Input" };
    const right = this.slow ? NORMS : 0;
    const end = this.slow ? "Loss" : "";
    const width = Math.min(this.width, this.slow ? 620 : 420);
    const drawn = layout(input, layers, { width, right, end });
    return html`
      <div class="stack-scroll">
        <svg
          width=${drawn.width}
          height=${drawn.height}
          viewBox="0 0 ${drawn.width} ${drawn.height}"
          role="group"
          aria-label="The model, unrolled over its timesteps: input below, time to the right"
          @pointerleave=${() => (this.pointed = null)}
        >
          ${drawn.rows.map((row) => this.#row(row, drawn, survey, layers))}
        </svg>
      </div>
      ${
        this.slow
          ? nothing
          : html`<p class="caption stack-about" aria-live="polite">
              ${this.#about(survey, layers, document)}
            </p>`
      }
    `;
  }

  /**
   * @param {Row} row @param {import("./grid.js").Layout} drawn @param {Survey} survey
   * @param {import("./grid.js").DrawnLayer[]} layers
   */
  #row(row, drawn, survey, layers) {
    const mark = mark_of(row, survey.rows[row.at]?.params ?? 0);
    const layer = layers.find(({ at }) => at === row.at);
    const parts = svg`
      ${row.windows.map((path) => svg`<path class="covers" d=${path} />`)}
      ${row.arrows.map((arrow) => svg`<path class="arrow ${arrow.kind}" d=${arrow_path(arrow, mark.turned)} />`)}
      ${row.boxes.map(box_of)}
      ${row.labels.map(({ x, y, text, kind }) => svg`<text class=${kind} x=${x} y=${y}>${text}</text>`)}
      ${this.slow ? norms(mark.norms, drawn.width, (row.top + row.bottom) / 2) : nothing}
    `;
    if (!layer) {
      const name = row.at === -1 ? "input" : "loss";
      const current = mark.current ? "step" : nothing;
      return svg`<g class="row ${mark.classes}" data-row=${name} aria-current=${current}>${parts}</g>`;
    }
    const open = () => model.open_layer(row.at);
    return svg`
      <g
        class="row layer ${mark.classes} ${this.pointed === row.at ? "pointed" : ""}"
        data-row=${layer.name}
        role="button"
        tabindex="0"
        aria-label=${spoken(layer, survey)}
        aria-current=${mark.current ? "step" : nothing}
        @click=${open}
        @keydown=${(/** @type {KeyboardEvent} */ event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          open();
        }}
        @pointerenter=${() => (this.pointed = row.at)}
        @focus=${() => (this.pointed = row.at)}
        @blur=${() => (this.pointed = null)}
      >
        <rect class="hit" x="-6" y=${row.top - 5} width=${drawn.width + 6} height=${row.bottom - row.top + 10} rx="6" />
        ${parts}
      </g>
    `;
  }

  /** What is said of the row that is pointed at. @param {Survey} survey
   * @param {import("./grid.js").DrawnLayer[]} layers @param {Experiment} document */
  #about(survey, layers, document) {
    const layer = layers.find(({ at }) => at === this.pointed);
    if (layer) return sentence(layer, survey);
    const { as } = document.data.reading;
    const each = as === "sequences" && survey.input.length === 2 ? "an id" : TIMESTEPS[as];
    const single = survey.sequence && survey.input[1] === 1;
    if (!survey.sequence) return "One vector is read, without timesteps.";
    return single
      ? `There is one timestep: ${each}.`
      : `Time runs to the right: ${each} at each timestep. All boxes of a row share their weights.`;
  }
}

/** @param {Experiment} document @returns {Survey | null} */
function surveyed(document) {
  if (!model.catalogue.value) return null;
  void texts_given.value;
  try {
    return survey_experiment(document);
  } catch {
    return null; // A document behind a run can be read.
  }
}

/** @param {string[]} texts @param {number} right @param {number} middle */
function norms(texts, right, middle) {
  const first = middle - (texts.length - 1) * 7 + 4;
  return texts.map((text, k) => svg`<text class="norm" x=${right} y=${first + k * 14}>${text}</text>`);
}

/** @param {import("./grid.js").Box} box */
function box_of({ kind, x, y, width, height }) {
  return svg`<rect class="box ${kind}" x=${x} y=${y} width=${width} height=${height} rx="3" />`;
}

customElements.define("unrolled-stack", StackDrawing);

const styles = document.createElement("link");
styles.rel = "stylesheet";
styles.href = new URL("../../../styles/stack.css", import.meta.url).href;
document.head.append(styles);
