import { html, nothing } from "lit";
import { failure_from } from "../../engine/rpc.js";
import { count, quoted } from "../../state/shared/format.js";
import { dismiss, experiment, notify, setup, updates } from "../../state/shared/store.js";
import { download_experiment } from "../../state/train/document.js";
import { save_png, save_svg } from "../../state/train/figure_files.js";
import { save_history, save_keras_archive, save_network } from "../../state/train/take_away.js";
import { View } from "../view.js";

/** @typedef {import("../../state/train/figure_files.js").Chart} Chart */
/** @typedef {{ plotted(): Chart | null }} Plotted a chart of the page */

/** What a network is written as. */
const NETWORKS = /** @type {const} */ ([
  ["keras", "Opens in Keras 3 with keras.saving.load_model"],
  ["weights.h5", "Weights alone, for load_weights in Keras"],
  ["safetensors", "Weights by their names, for the package safetensors"],
  ["npz", "Weights by their names, for numpy.load"],
]);

/** The present run as files: one line for each thing that can be taken. */
class TakeAway extends View {
  /** @override */
  static properties = { busy: { state: true } };

  constructor() {
    super();
    /** What is being written. */
    this.busy = "";
  }

  /** @override */
  render() {
    const made = updates.value;
    const { weights } = experiment.value.document;
    const age =
      made > 0 ? `after update ${count(made)}` : weights ? `weights of ${weights.name}` : "untrained";
    return html`
      <dl class="take-away">
        ${this.#row(
          "Experiment",
          "Data, model, training and seed in one file; it opens here and on the command line.",
          this.#button("Download experiment", "experiment", download_experiment, ".json"),
        )}
        ${this.#row(
          "The same run in Keras 3",
          "Script and notebook with the same data, first weights and order of the samples; the first losses agree. " +
            "They need pip install keras jax numpy.",
          this.#button("Download for Keras", "keras", save_keras_archive, ".py and .ipynb"),
        )}
        ${this.#row(
          "Network",
          `As it is now: ${age}.`,
          NETWORKS.map(([ending, title]) =>
            this.#button(
              `Download network as ${ending}`,
              ending,
              () => this.#network(ending),
              `.${ending}`,
              title,
            ),
          ),
        )}
        ${this.#row(
          "History",
          made > 0 ? "Loss and accuracy of every update." : "There is none before the first update.",
          this.#button("Download history", "history", save_history, ".csv", "", made === 0),
        )}
        ${this.#charts(made === 0)}
      </dl>
      <p class="caption" role="status">${this.busy === "" ? nothing : "Writing the file …"}</p>
    `;
  }

  /** @param {string} name @param {string} about @param {unknown} buttons */
  #row(name, about, buttons) {
    return html`<div class=${Array.isArray(buttons) ? "" : "single"}>
      <dt>${name}</dt>
      <dd class="caption">${about}</dd>
      <dd class="take-buttons">${buttons}</dd>
    </div>`;
  }

  /**
   * @param {string} label @param {string} what @param {() => unknown} save @param {string} shown
   * @param {string} [title] @param {boolean} [off]
   */
  #button(label, what, save, shown, title = "", off = false) {
    return html`<button
      type="button"
      aria-label=${label}
      title=${title || nothing}
      ?disabled=${off || this.busy !== "" || !setup.value}
      @click=${() => this.#save(what, save)}
    >
      ${shown}
    </button>`;
  }

  /** @param {boolean} off */
  #charts(off) {
    const shown = /** @type {[string, string][]} */ ([
      ["unrolled-history[kind=loss]", "Loss"],
      ["unrolled-history[kind=accuracy]", "Accuracy"],
      ["unrolled-norms[kind=gradient]", "Gradient norm"],
      ["unrolled-norms[kind=ratio]", "Update ÷ weight"],
    ]).filter(([selector]) => document.querySelector(`${selector} canvas`));
    const buttons = shown.map(
      ([selector, name]) =>
        html`<span class="take-chart"
          ><span>${name}</span>${this.#button(
            `Download chart ${name} as SVG`,
            `${name} svg`,
            () => this.#chart(selector, save_svg),
            ".svg",
            "",
            off,
          )}${this.#button(
            `Download chart ${name} as PNG`,
            `${name} png`,
            () => this.#chart(selector, save_png),
            ".png",
            "",
            off,
          )}</span
        >`,
    );
    return this.#row("Charts", "On white, in a size for a text.", buttons);
  }

  /** @param {string} selector @param {(chart: Chart) => Promise<void>} save */
  async #chart(selector, save) {
    const chart = /** @type {Plotted | null} */ (/** @type {unknown} */ (document.querySelector(selector)));
    const plotted = chart?.plotted();
    if (plotted) await save(plotted);
  }

  /** @param {import("../../state/train/take_away.js").Ending} ending */
  async #network(ending) {
    const remarks = await save_network(ending);
    if (remarks.length > 0) notify({ key: "take-away", kind: "note", text: remarks.map(quoted).join(" ") });
  }

  /** @param {string} what @param {() => unknown} save */
  async #save(what, save) {
    dismiss("take-away");
    this.busy = what;
    try {
      await save();
    } catch (error) {
      const text = `The file could not be written: ${quoted(failure_from(error).message)}.`;
      notify({ key: "take-away", kind: "trouble", text });
    } finally {
      this.busy = "";
    }
  }
}

const style = Object.assign(document.createElement("link"), {
  rel: "stylesheet",
  href: new URL("../../styles/take-away.css", import.meta.url).href,
});
document.head.append(style);
customElements.define("unrolled-take-away", TakeAway);
