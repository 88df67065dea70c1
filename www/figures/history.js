import { computed, effect, signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { token } from "./color.js";
import { answer_called, capital, count, decimal, percent } from "../state/shared/format.js";
import { history_plotter } from "../engine/plots.js";
import * as store from "../state/shared/store.js";
import { TABLE_SIGN, show_table } from "../views/table.js";
import { say } from "../views/say.js";
import { View } from "../views/view.js";
import { has_accuracy } from "../state/train/experiment.js";
import { baseline_lines } from "../state/train/insight.js";
import { comparable, earlier } from "../state/runs/earlier.js";
import {
  batch_of,
  has_answer_each_timestep,
  loss_is,
  pronounced,
  texts_called,
} from "../state/train/made_of.js";

/** Least time between two drawings of a chart while training runs. */
const DRAW_INTERVAL_MS = 100;

/** Rows of the table behind a chart, at most; updates between are left out. */
const TABLE_ROWS = 400;

/** The update that stays marked after a click, until Escape. */
const pinned = signal(/** @type {number | null} */ (null));

/** Whether an average is drawn over both training curves; how the charts are looked at is no part of a link. */
const smoothed = signal(false);

/** Whether the loss stands on a logarithmic axis. */
const logarithmic = signal(false);

/** The update that both charts mark. */
const pointed = computed(() => store.hovered_update.value ?? pinned.value);

/** @typedef {"loss" | "accuracy"} Kind */
/** @typedef {import("../types/engine.js").PlotArea} PlotArea */

/** Loss or accuracy over the updates of the run, drawn by the engine's own plotting code. */
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
      void [
        earlier.value,
        baseline_lines.value,
        store.reports.value,
        store.updates.value,
        store.setup.value,
        pointed.value,
        store.history.value,
        smoothed.value,
        logarithmic.value,
      ];
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
    if (this.kind === "accuracy" && !has_accuracy(store.experiment.value.document)) return nothing;
    const title = this.kind === "loss" ? "Loss" : "Accuracy";
    return html`
      <figure>
        <figcaption>
          <b data-explain=${this.kind}>${title}</b>
          <span class="key training">training</span><span class="key validation">validation</span>
          ${this.kind === "loss" ? looks() : nothing}
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
          @click=${this.#pin}
          @keydown=${this.#key}
        >
          <canvas aria-hidden="true"></canvas>
        </div>
        <p class="caption reading-of-update" data-room=${what_it_is(this.kind)}>
          <span>${this.trouble || this.#reading()}</span>
        </p>
      </figure>
    `;
  }

  #description() {
    void store.reports.value;
    const last = store.history.value.last_validation;
    const updates = store.updates.value;
    if (updates === 0) return `${this.kind} over the updates: no update yet`;
    const value = last
      ? `, validation ${this.kind} ${decimal(last[this.kind])} after update ${last.step}`
      : "";
    return `${this.kind} over ${updates} updates${value}; arrow keys read single updates`;
  }

  /** The numbers at the marked update and what they are made of, else what the chart shows. */
  #reading() {
    const at = pointed.value;
    const history = store.history.value;
    void [store.updates.value, store.reports.value];
    if (at === null || at < 0 || at >= history.length) return what_it_is(this.kind);
    const training = this.kind === "loss" ? history.losses[at] : history.accuracies[at];
    const validation = history.validation.findLast((known) => known.step <= at + 1);
    const batch = batch_of(at);
    const made = this.kind === "accuracy" ? "share right of" : error_of(store.experiment.value.document);
    return `Update ${count(at + 1)}: ${decimal(training)}, ${made} the ${batch.here} of its batch${
      validation
        ? `; validation ${decimal(validation[this.kind])}, the same over ${batch.validation}, after update ` +
          count(validation.step)
        : ""
    }.`;
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
      earlier: comparable(store.experiment.value).map((run) => run.validation),
      baseline: setup.baseline?.accuracy,
      guessing_loss: setup.guessing_loss ?? undefined,
      baselines: baseline_lines.value,
      steps_per_epoch: setup.steps_per_epoch,
    };
  }

  /** What the chart shows, for a file of it. */
  plotted() {
    const setup = store.setup.value;
    const title = this.kind === "loss" ? "Loss" : "Accuracy";
    const keys = [
      { name: "training", color: token("--ink-2") },
      { name: "validation", color: token("--validation") },
    ];
    return setup && { name: this.kind, title, keys, history: this.#content(setup), style: this.#style() };
  }

  /** @returns {import("../types/engine.js").PlotStyle} */
  #style() {
    const height = Math.round(Math.max(130, Math.min(170, this.#width * 0.45)));
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
      hovered_update: pointed.value === null ? undefined : pointed.value + 1,
      smoothed: smoothed.value,
      logarithmic: logarithmic.value,
    };
  }

  /** @param {PointerEvent | MouseEvent} event @returns {number | null} the update under the pointer, from 0 */
  #update_at(event) {
    const area = this.#area;
    if (!area) return null;
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    const share = (event.clientX - box.left - area.left) / area.width;
    const update = Math.round(area.first_update + share * (area.last_update - area.first_update)) - 1;
    const length = store.history.value.length;
    return length > 0 && share >= 0 && share <= 1 ? Math.min(length - 1, Math.max(0, update)) : null;
  }

  /** @param {PointerEvent} event */
  #point(event) {
    store.hovered_update.value = this.#update_at(event);
  }

  /** @param {MouseEvent} event */
  #pin(event) {
    pinned.value = this.#update_at(event);
    if (pinned.value !== null) say(pronounced(this.#reading()));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const length = store.history.value.length;
    if (event.key === "Escape") {
      store.hovered_update.value = null;
      pinned.value = null;
    }
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0 || length === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const from = pointed.value ?? length - (by > 0 ? 1 : 0);
    const stride = event.shiftKey ? 10 : 1;
    store.hovered_update.value = null;
    pinned.value = Math.min(length - 1, Math.max(0, from + by * stride));
    say(pronounced(this.#reading()));
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
      note: stride > 1 ? `Every ${stride}th update, and every one with a validation.` : "Every update.",
      head: ["update", "loss", "accuracy", "validation loss", "validation accuracy"],
      rows,
    });
  }
}

/** How the charts are drawn. */
function looks() {
  const toggle = (
    /** @type {string} */ name,
    /** @type {typeof smoothed} */ chosen,
    /** @type {string} */ about,
  ) =>
    html`<label class="look" title=${about}>
      <input
        type="checkbox"
        .checked=${chosen.value}
        @change=${(/** @type {Event} */ event) =>
          (chosen.value = /** @type {HTMLInputElement} */ (event.target).checked)}
      />${name}</label
    >`;
  return html`<span class="looks">
    ${toggle("smooth", smoothed, "Draws an exponential moving average over the training curves of loss and accuracy")}
    ${toggle("log axis", logarithmic, "Draws the loss on a logarithmic axis")}
  </span>`;
}

/** What a chart shows, and what the dashed lines reach. @param {Kind} kind */
function what_it_is(kind) {
  const setup = store.setup.value;
  const guess = setup?.guessing_loss;
  const most = setup?.baseline;
  const lines = baseline_lines.value.flatMap((line) => {
    const value = line[kind];
    if (value === null) return [];
    return kind === "loss"
      ? [`${line.name} (${line.about}) ${decimal(value, 2)}`]
      : [`${line.name} ${percent(value, 1)}`];
  });
  if (kind === "loss") {
    if (guess) lines.unshift(`guessing, ln ${count(Math.exp(guess))} = ${decimal(guess, 2)}`);
    const about = guess ? "Lower is better." : capital(`${loss_is(texts_called())}; lower is better.`);
    return lines.length === 0 ? about : `${about} Dashed: ${lines.join("; ")}.`;
  }
  if (most) lines.unshift(`always answering ${answer_called(most.label)}, ${percent(most.accuracy, 1)}`);
  const about = has_answer_each_timestep()
    ? "Share of right answers, one at each timestep."
    : "Share of right answers.";
  return lines.length === 0 ? about : `${about} Dashed: ${lines.join("; ")}.`;
}

/** What a loss is the mean of, in short. @param {import("../types/engine.js").Experiment} document */
function error_of(document) {
  return has_accuracy(document) ? "mean of −log p over" : "mean error over";
}

customElements.define("unrolled-history", HistoryChart);
