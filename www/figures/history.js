import { effect } from "@preact/signals-core";
import { html } from "lit";
import { token } from "./color.js";
import { count, decimal, percent } from "../state/shared/format.js";
import { history_plotter } from "../engine/plots.js";
import * as store from "../state/shared/store.js";
import { TABLE_SIGN, show_table } from "../views/table.js";
import { View } from "../views/view.js";

/** Least time between two drawings of a chart while training runs. */
const DRAW_INTERVAL_MS = 100;

/** Rows of the table behind a chart, at most; steps between are left out. */
const TABLE_ROWS = 400;

/** @typedef {"loss" | "accuracy"} Kind */
/** @typedef {import("../types/engine.js").PlotArea} PlotArea */

/** Loss or accuracy over the steps of the run, drawn by the engine's own plotting code. */
class HistoryChart extends View {
  /** @override */
  static properties = { kind: { type: String }, trouble: { state: true } };

  /** @type {Awaited<ReturnType<typeof history_plotter>> | null} */
  #plot = null;
  /** @type {PlotArea | null} */
  #area = null;
  #width = 0;
  #scheduled = false;
  #last_drawn = 0;
  /** @type {ResizeObserver | null} */
  #observer = null;
  /** @type {(() => void) | null} */
  #stop = null;

  constructor() {
    super();
    /** @type {Kind} */
    this.kind = "loss";
    this.trouble = "";
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#observer = new ResizeObserver(([entry]) => {
      this.#width = entry.contentRect.width;
      this.#schedule();
    });
    this.#observer.observe(this);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.#schedule);
    this.#stop = effect(() => {
      void [store.updates.value, store.setup.value, store.hovered_update.value, store.history.value];
      this.#schedule();
    });
  }

  /** @override */
  disconnectedCallback() {
    this.#observer?.disconnect();
    this.#stop?.();
    matchMedia("(prefers-color-scheme: dark)").removeEventListener("change", this.#schedule);
    super.disconnectedCallback();
  }

  /** @override */
  render() {
    const title = this.kind === "loss" ? "Loss" : "Accuracy";
    return html`
      <figure>
        <figcaption>
          <b>${title}</b>
          ${
            this.kind === "accuracy"
              ? html`<span class="key baseline">${this.#baseline()}</span>`
              : html`<span class="key training">training</span><span class="key validation">validation</span>`
          }
          <button class="quiet" @click=${this.#table} aria-label="${title} as a table" title="Table">
            ${TABLE_SIGN}
          </button>
        </figcaption>
        <div
          class="plot"
          tabindex="0"
          role="img"
          aria-label=${this.#description()}
          @pointermove=${this.#point}
          @pointerleave=${() => (store.hovered_update.value = null)}
          @keydown=${this.#key}
        >
          <canvas aria-hidden="true"></canvas>
        </div>
        <p class="caption" aria-live="off">${this.trouble || this.#reading()}</p>
      </figure>
    `;
  }

  #baseline() {
    const baseline = store.setup.value?.baseline;
    return baseline ? `always “${baseline.label}”, ${percent(baseline.accuracy, 1)}` : "most frequent class";
  }

  #description() {
    const last = store.history.value.last_validation;
    const step = store.updates.value;
    if (step === 0) return `${this.kind} over the steps: no step yet`;
    const value = last ? `, validation ${this.kind} ${decimal(last[this.kind])} at step ${last.step}` : "";
    return `${this.kind} over ${step} steps${value}`;
  }

  /** The numbers at the hovered step, else what the chart shows. */
  #reading() {
    const at = store.hovered_update.value;
    const history = store.history.value;
    void store.updates.value;
    if (at === null || at < 0 || at >= history.length) {
      return this.kind === "loss"
        ? "Cross-entropy; an untrained network pays ln(classes). Lower is better."
        : "Share of right answers; the dashed line is what guessing the most frequent class gets.";
    }
    const training = this.kind === "loss" ? history.losses[at] : history.accuracies[at];
    const validation = history.validation.findLast((known) => known.step <= at + 1);
    return `Step ${count(at + 1)}: training batch ${decimal(training)}${
      validation ? `, validation ${decimal(validation[this.kind])} (step ${count(validation.step)})` : ""
    }`;
  }

  #schedule = () => {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const wait = Math.max(0, this.#last_drawn + DRAW_INTERVAL_MS - performance.now());
    setTimeout(() => requestAnimationFrame(() => this.#draw()), wait);
  };

  async #draw() {
    const setup = store.setup.value;
    const canvas = this.querySelector("canvas");
    if (setup && canvas && this.#width > 0) {
      try {
        this.#plot ??= await history_plotter();
        this.#area = this.#plot(canvas, this.#content(setup), this.#style());
        this.trouble = "";
      } catch (error) {
        this.trouble = `The chart could not be drawn: ${error instanceof Error ? error.message : String(error)}`;
      }
    }
    this.#last_drawn = performance.now();
    this.#scheduled = false;
  }

  /** @param {import("../types/engine.js").SetUp} setup */
  #content(setup) {
    const { losses, accuracies, validation } = store.history.value;
    return {
      losses,
      accuracies,
      validation,
      baseline: setup.baseline?.accuracy,
      steps_per_epoch: setup.steps_per_epoch,
    };
  }

  #style() {
    const height = Math.round(Math.max(130, Math.min(220, this.#width * 0.45)));
    return {
      width: Math.round(this.#width),
      height,
      pixel_ratio: globalThis.devicePixelRatio || 1,
      quantity: this.kind,
      text_color: token("--ink-2"),
      line_color: token("--line"),
      training_color: token("--ink-2"),
      validation_color: token("--validation"),
      baseline_color: token("--ink-2"),
      background_color: token("--surface"),
      hovered_update: store.hovered_update.value ?? undefined,
    };
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const area = this.#area;
    if (!area) return;
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    const share = (event.clientX - box.left - area.left) / area.width;
    const step = Math.round(area.first_step + share * (area.last_step - area.first_step));
    const length = store.history.value.length;
    store.hovered_update.value =
      length > 0 && share >= 0 && share <= 1 ? Math.min(length - 1, Math.max(0, step)) : null;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const length = store.history.value.length;
    if (event.key === "Escape") store.hovered_update.value = null;
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0 || length === 0) return;
    const from = store.hovered_update.value ?? length - 1;
    const stride = event.shiftKey ? 10 : 1;
    store.hovered_update.value = Math.min(length - 1, Math.max(0, from + by * stride));
    event.preventDefault();
  }

  #table() {
    const history = store.history.value;
    const stride = Math.max(1, Math.ceil(history.length / TABLE_ROWS));
    const validation = new Map(history.validation.map((known) => [known.step, known]));
    const rows = [];
    for (let k = 0; k < history.length; k++) {
      const known = validation.get(k + 1);
      if (k % stride !== 0 && !known) continue;
      rows.push([
        String(k + 1),
        decimal(history.losses[k], 4),
        decimal(history.accuracies[k], 4),
        known ? decimal(known.loss, 4) : "",
        known ? decimal(known.accuracy, 4) : "",
      ]);
    }
    show_table({
      title: "The run so far",
      note: stride > 1 ? `Every ${stride}th step, and every step with a validation.` : "Every step.",
      head: ["step", "loss", "accuracy", "validation loss", "validation accuracy"],
      rows,
    });
  }
}

customElements.define("unrolled-history", HistoryChart);
