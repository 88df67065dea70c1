import { html, nothing } from "lit";
import "../../../figures/value_lines.js";
import { count, percent } from "../../../state/shared/format.js";
import * as run from "../../../state/write/encoder_decoder.js";
import { View, with_code } from "../../view.js";
import "./alignment.js";
import "./answers.js";
import "./course.js";

/** What is said of each kind of attention. */
const ATTENTION = {
  none: "none: only the last state",
  multiplicative: "multiplicative (Luong et al. 2015)",
  additive: "additive (Bahdanau et al. 2014)",
};
const CELLS = { gru: "GRU", lstm: "LSTM" };

/** One network reads a source, a second one writes the answer: trained here, with its answers and where it looks. */
class EncoderDecoder extends View {
  #near = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting || run.status.peek() !== "closed" || run.trouble.peek() !== "") return;
    void run.open();
  });

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#near.observe(this);
  }

  /** @override */
  disconnectedCallback() {
    this.#near.disconnect();
    super.disconnectedCallback();
  }

  /** @override */
  render() {
    return html`
      <section aria-labelledby="encoder-decoder-title">
        <h2 id="encoder-decoder-title">Encoder and decoder</h2>
        <p class="hint">
          Where the answer is another sequence than the source, and of another length, two networks share the
          work. The <b>encoder</b> reads the source, character by character. The <b>decoder</b> starts from
          the encoder’s last state and writes the answer: it reads the character before, first a mark, and
          says how likely each character is to be the next, until it writes the mark.
        </p>
        ${this.#choices()} ${this.#bar()}
        ${
          run.trouble.value
            ? html`<p class="problem" role="alert">${with_code(run.trouble.value)}</p>`
            : nothing
        }
        ${run.facts.value === null ? nothing : this.#figures()}
      </section>
    `;
  }

  #choices() {
    const { task, attention, cell, units, seed } = run.settings.value;
    return html`
      <div class="write-kinds" role="group" aria-label="What is learned">
        ${run.TASKS.map(
          ({ name, title, about }) => html`
            <button aria-pressed=${name === task} @click=${() => run.choose({ task: name })}>
              <b>${title}</b><span>${about}</span>
            </button>
          `,
        )}
      </div>
      <div class="encoder-decoder-bar">
        ${select("Attention", "attention", ATTENTION, attention)} ${select("Cell", "cell", CELLS, cell)}
        ${number("Units", "units", units, run.LIMITS.units)} ${number("Seed", "seed", seed, run.LIMITS.seed)}
      </div>
    `;
  }

  #bar() {
    const training = run.status.value === "training";
    const opening = run.status.value === "opening";
    return html`
      <div class="encoder-decoder-bar">
        <button class="primary" ?disabled=${opening} @click=${run.toggle}>
          ${training ? "Pause training" : "Train"}
        </button>
        <button ?disabled=${opening || run.updates.value === 0} @click=${run.restart}>Start anew</button>
        <p class="caption" role="status" aria-live=${training ? "off" : "polite"}>
          ${opening ? "Opening …" : this.#standing()}
        </p>
      </div>
    `;
  }

  #standing() {
    const { facts, standing } = run;
    if (facts.value === null) return nothing;
    const { update } = standing.value;
    return html`Update ${count(run.updates.value)}.
      ${update === 0 ? "Before the first one" : `After ${count(update)} of them`}
      <b>${percent(standing.value.right, 1)}</b> of ${facts.value.held_out} answers were right, all to sources
      that it is never trained on.
      ${
        run.keeps.value
          ? "The run is kept on this machine every few seconds; a reload goes on from there."
          : "This browser keeps nothing: a reload loses the run."
      }`;
  }

  #figures() {
    return html`
      <div class="encoder-decoder">
        <unrolled-pair-answers></unrolled-pair-answers>
        <unrolled-alignment></unrolled-alignment>
      </div>
      <unrolled-pair-course></unrolled-pair-course>
      <p class="caption">
        An update learns from ${run.facts.value?.batch} pairs that are drawn anew. While it is trained, the
        decoder reads the right character before each one, whatever it would have written itself:
        <b>teacher forcing</b>. The answers here are written without it: the decoder reads what it wrote, and
        of all characters it always takes the likeliest. One pair in 20 is held out, always the same ones: no
        right answer above can have been learned by heart.
      </p>
    `;
  }
}

/**
 * @param {string} label @param {"attention" | "cell"} name @param {Record<string, string>} all
 * @param {string} chosen
 */
function select(label, name, all, chosen) {
  return html`<label>
    <span>${label}</span>
    <select
      name="pairs-${name}"
      @change=${(/** @type {Event} */ event) =>
        run.choose({ [name]: /** @type {HTMLSelectElement} */ (event.target).value })}
    >
      ${Object.entries(all).map(
        ([value, title]) => html`<option value=${value} ?selected=${value === chosen}>${title}</option>`,
      )}
    </select>
  </label>`;
}

/**
 * @param {string} label @param {"units" | "seed"} name @param {number} value
 * @param {{ minimum: number, maximum: number }} limits
 */
function number(label, name, value, { minimum, maximum }) {
  return html`<label>
    <span>${label}</span>
    <input
      type="number"
      name="pairs-${name}"
      min=${minimum}
      max=${maximum}
      .value=${String(value)}
      @change=${(/** @type {Event} */ event) => {
        const input = /** @type {HTMLInputElement} */ (event.target);
        const given = Math.round(Number(input.value));
        const fits = input.value.trim() !== "" && given >= minimum && given <= maximum;
        if (fits && given !== value) void run.choose({ [name]: given });
        else input.value = String(value);
      }}
    />
  </label>`;
}

const styles = document.createElement("link");
styles.rel = "stylesheet";
styles.href = new URL("../../../styles/write-encoder-decoder.css", import.meta.url).href;
document.head.append(styles);

customElements.define("unrolled-encoder-decoder", EncoderDecoder);
