import { effect, signal } from "@preact/signals-core";
import { html } from "lit";
import { lines_plotter } from "../../engine/plots.js";
import { token } from "../../figures/color.js";
import { count, fine } from "../../state/shared/format.js";
import * as store from "../../state/shared/store.js";
import { say } from "../say.js";
import { TABLE_SIGN, show_table } from "../table.js";
import { View } from "../view.js";

/** @typedef {"gradient" | "ratio"} Kind */
/** @typedef {import("../../types/engine.js").PlotArea} PlotArea */

/** Least time between two drawings of a chart while training runs. */
const DRAW_INTERVAL_MS = 150;

/** A rule of thumb: an update changes about a thousandth of the weights. */
const USUAL_RATIO = 1e-3;

/** The colours of layers, from the input on. */
const COLORS = ["--ink-2", "--gate-f", "--validation", "--gate-o", "--gate-g", "--gate-i"];

/** What each chart shows. */
const TEXTS = {
  gradient: {
    title: "Gradient norm",
    about:
      "Norm of the gradient of the loss with respect to each layer’s weights, before clipping. Where it stays near 0 " +
      "while the loss is high, it vanishes; where it jumps by a factor of 100 or more, it explodes.",
  },
  ratio: {
    title: "Update ÷ weight",
    about:
      "How much an update changes the weights of each layer, as a share of their norm. A rule of thumb: about 0.001 " +
      "(dashed); small networks with Adam lie higher.",
  },
};

/** The entry that both charts mark, by its place in the list. */
const pointed = signal(/** @type {number | null} */ (null));

/** Norms over the updates of the run, one line for each layer, on a logarithmic axis. */
class NormsChart extends View {
  /** @override */
  static properties = { kind: { type: String }, trouble: { state: true } };

  /** @type {Awaited<ReturnType<typeof lines_plotter>> | null} */
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
    this.kind = "gradient";
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
      void [store.reports.value, store.updates.value, store.setup.value, store.history.value, pointed.value];
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
    const { title } = TEXTS[this.kind];
    const layers = store.setup.value?.norms.layers ?? [];
    return html`
      <figure>
        <figcaption>
          <b>${title}</b>
          <span class="keys">${layers.map((layer, k) => key_of(layer, k))}</span>
          <button class="quiet" @click=${this.#table} aria-label="${title} as a table" title="Table">
            ${TABLE_SIGN}
          </button>
        </figcaption>
        <div
          class="plot"
          tabindex="0"
          role="img"
          aria-label="${title} of each layer over the updates; arrow keys read single updates"
          @pointermove=${this.#point}
          @pointerleave=${() => (pointed.value = null)}
          @keydown=${this.#key}
        >
          <canvas aria-hidden="true"></canvas>
        </div>
        <p class="caption reading-of-update" data-room="${TEXTS[this.kind].about} ${LONGEST_MEASURED}">
          <span>${this.trouble || this.#reading()}</span>
        </p>
      </figure>
    `;
  }

  /** The numbers at the marked update, else what the chart shows. */
  #reading() {
    void [store.reports.value, store.updates.value];
    const entry = store.history.value.norms[pointed.value ?? -1];
    if (!entry) return `${TEXTS[this.kind].about} ${measured()}`;
    const names = store.setup.value?.norms.layers ?? [];
    const values = names.map((name, k) => `${name} ${fine(entry.layers[k]?.[this.kind] ?? NaN)}`);
    return `Update ${count(entry.step)}: ${values.join(", ")}.`;
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
        this.#plot ??= await lines_plotter();
        this.#area = this.#plot(canvas, this.#content(setup), this.#style());
        this.trouble = "";
      } catch (error) {
        this.trouble = `The chart could not be drawn: ${error instanceof Error ? error.message : String(error)}`;
      }
    }
    this.#last_drawn = performance.now();
    this.#scheduled = false;
  }

  /** @param {import("../../types/engine.js").SetUp} setup */
  #content(setup) {
    const { norms, length } = store.history.value;
    return {
      updates: norms.map(({ step }) => step),
      values: setup.norms.layers.map((_, k) => norms.map(({ layers }) => layers[k]?.[this.kind] ?? NaN)),
      colors: setup.norms.layers.map((_, k) => token(color_of(k))),
      mark: this.kind === "ratio" ? USUAL_RATIO : null,
      length,
      steps_per_epoch: setup.steps_per_epoch,
    };
  }

  /** What the chart shows, for a file of it. */
  plotted() {
    const setup = store.setup.value;
    const name = this.kind === "gradient" ? "gradient-norm" : "update-to-weight";
    const { title } = TEXTS[this.kind];
    const keys = setup?.norms.layers.map((layer, k) => ({ name: layer, color: token(color_of(k)) })) ?? [];
    return setup && { name, title, keys, lines: this.#content(setup), style: this.#style() };
  }

  /** @returns {import("../../types/engine.js").PlotStyle} */
  #style() {
    const entry = store.history.value.norms[pointed.value ?? -1];
    return {
      width: Math.round(this.#width),
      height: Math.round(Math.max(110, Math.min(160, this.#width * 0.32))),
      pixel_ratio: globalThis.devicePixelRatio || 1,
      quantity: "loss",
      text_color: token("--ink-2"),
      line_color: token("--line"),
      training_color: token("--ink-2"),
      validation_color: token("--validation"),
      baseline_color: token("--ink-2"),
      background_color: token("--surface"),
      hovered_update: entry?.step,
    };
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const area = this.#area;
    const { norms } = store.history.value;
    if (!area || norms.length === 0) return;
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    const share = (event.clientX - box.left - area.left) / area.width;
    const update = area.first_update + share * (area.last_update - area.first_update);
    const behind = norms.findIndex(({ step }) => step >= update);
    pointed.value = share < 0 || share > 1 ? null : behind === -1 ? norms.length - 1 : behind;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { length } = store.history.value.norms;
    if (event.key === "Escape") pointed.value = null;
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0 || length === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const from = pointed.value ?? length - (by > 0 ? 1 : 0);
    pointed.value = Math.min(length - 1, Math.max(0, from + by * (event.shiftKey ? 10 : 1)));
    say(this.#reading());
    event.preventDefault();
  }

  #table() {
    const names = store.setup.value?.norms.weights ?? [];
    const { norms } = store.history.value;
    show_table({
      title: TEXTS[this.kind].title,
      note: "Of each weight, for the updates that were measured.",
      head: ["update", ...names],
      rows: norms.map(({ step, weights }) => [
        count(step),
        ...weights.map((weight) => weight[this.kind].toPrecision(4)),
      ]),
    });
  }
}

/** What takes most room of what `measured` says: nothing moves when it is said. */
const LONGEST_MEASURED = "Measured at 00,000 of 00,000 updates, with lines between them.";

/** At which updates there are norms. */
function measured() {
  const { norms, length } = store.history.value;
  if (norms.length === 0) return "";
  return norms.length === length
    ? "Measured at every update."
    : `Measured at ${count(norms.length)} of ${count(length)} updates, with lines between them.`;
}

/** @param {string} layer @param {number} k */
function key_of(layer, k) {
  return html`<span class="key" style="--key:var(${color_of(k)})">${layer}</span>`;
}

/** @param {number} layer */
function color_of(layer) {
  return COLORS[layer % COLORS.length];
}

customElements.define("unrolled-norms", NormsChart);
