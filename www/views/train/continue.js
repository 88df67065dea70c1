import { html, nothing } from "lit";
import { ask_own } from "../../engine/own.js";
import { failure_from } from "../../engine/rpc.js";
import { count } from "../../state/shared/format.js";
import { engine } from "../../state/shared/connection.js";
import * as store from "../../state/shared/store.js";
import { pack_of } from "../../state/train/open_network.js";
import { say } from "../say.js";
import { View, with_code } from "../view.js";

/** What the fields begin with. */
const BEGINNING = { text: "the whale ", length: 100, temperature: 0.7, seed: 0 };

/** More is too long to wait for. */
const LONGEST = 2000;

/** @typedef {"length" | "temperature" | "seed"} Field */

/** A text that the language model goes on with, as it is now. */
class Continue extends View {
  /** @override */
  static properties = { busy: { state: true }, said: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    this.busy = false;
    this.trouble = "";
    /** @type {{ text: string, added: string, updates: number } | null} */
    this.said = null;
    this.asked = { ...BEGINNING };
  }

  /** @override */
  render() {
    const { as } = store.experiment.value.document.data.reading;
    const unit = as === "characters" ? "characters" : "words";
    const able = !this.busy && store.status.value === "ready";
    return html`
      <div class="continue">
        <label class="wide">
          <span>Beginning</span>
          <textarea
            name="continue-text"
            rows="2"
            .value=${this.asked.text}
            @input=${(/** @type {Event} */ event) =>
              (this.asked.text = /** @type {HTMLTextAreaElement} */ (event.target).value)}
          ></textarea>
        </label>
        <div class="fields">
          ${this.#number("length", `${unit} to add`, { min: 1, max: LONGEST, step: 1 })}
          ${this.#number("temperature", "temperature", { min: 0, max: 2, step: 0.1 })}
          ${this.#number("seed", "seed of the draws", { min: 0, max: 999_999, step: 1 })}
          <button type="button" ?disabled=${!able} @click=${this.#go}>
            ${this.busy ? "Writing …" : "Continue the text"}
          </button>
        </div>
        <p class="caption">${as === "word_pairs" ? PAIRS : ALL} ${TEMPERATURE}</p>
        ${this.trouble ? html`<p class="problem" role="alert">${with_code(this.trouble)}</p>` : nothing}
        ${this.said ? this.#continued(this.said) : nothing}
      </div>
    `;
  }

  /** @param {{ text: string, added: string, updates: number }} said */
  #continued({ text, added, updates }) {
    return html`<p class="continued"><span>${text}</span><b>${added}</b></p>
      <p class="caption">
        Written by your network
        ${updates === 0 ? "before its first update" : `after update ${count(updates)}`}; the bold part is its
        own.
      </p>`;
  }

  /** @param {Field} name @param {string} label @param {{ min: number, max: number, step: number }} limits */
  #number(name, label, { min, max, step }) {
    const set = (/** @type {Event} */ event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      const given = Number(input.value);
      const taken = input.value.trim() === "" || Number.isNaN(given) ? this.asked[name] : given;
      this.asked[name] = Math.min(max, Math.max(min, step === 1 ? Math.round(taken) : taken));
      input.value = String(this.asked[name]);
    };
    return html`<label>
      <span>${label}</span>
      <input
        type="number"
        name=${`continue-${name}`}
        min=${min}
        max=${max}
        step=${step}
        .value=${String(this.asked[name])}
        @change=${set}
      />
    </label>`;
  }

  async #go() {
    this.busy = true;
    this.trouble = "";
    const { document } = store.experiment.value;
    const { text, length, temperature, seed } = this.asked;
    try {
      const pack = await pack_of(document);
      const { bytes, step } = await (await engine()).request("checkpoint", null);
      const argument = { experiment: document, checkpoint: bytes, pack, text, length, temperature, seed };
      const { added } = await ask_own("continue", argument);
      this.said = { text, added, updates: step };
      say(added);
    } catch (error) {
      this.trouble = `This text cannot be continued: ${failure_from(error).message}.`;
    }
    this.busy = false;
  }
}

const PAIRS =
  "The network sees one word at a time: each next word is drawn by the probabilities that it gives after the last " +
  "word alone.";
const ALL =
  "Each next character or word is drawn by the probabilities that the network gives after the text so far.";
const TEMPERATURE = "Below 1, temperature makes likely ones likelier; 0 always takes the likeliest.";

customElements.define("unrolled-continue", Continue);
