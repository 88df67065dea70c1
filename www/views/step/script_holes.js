/**
 * What pseudo-code leaves open: each name with what stands for it, to be chosen. A choice is written into the text.
 */
import { html } from "lit";
import { extra } from "../../engine/extra.js";
import { View } from "../view.js";

/** @typedef {import("../../types/extra.js").ScriptHole} ScriptHole */
/** @typedef {import("../../state/step/script.js").LiveScript} LiveScript */

/**
 * @typedef {object} Filled
 * @property {string} source the pseudo-code
 * @property {ScriptHole[]} open its open names
 * @property {number[]} chosen the number of a choice for each
 * @property {string} text the script with them
 */

document.head.append(
  Object.assign(document.createElement("link"), {
    rel: "stylesheet",
    href: new URL("../../styles/step-holes.css", import.meta.url).href,
  }),
);

/**
 * What stands for the open names of a script; of one in which they were filled here what was open before.
 * @param {LiveScript} live @param {Filled | null} before @returns {Filled | null}
 */
export function filled_of({ source, facts: { open } }, before) {
  if (open.length > 0) return { source, open, chosen: open.map(() => 0), text: source };
  return before?.text === source ? before : null;
}

class ScriptHoles extends View {
  /** @override */
  static properties = { filled: { attribute: false }, write: { attribute: false } };

  constructor() {
    super();
    /** @type {Filled | null} */
    this.filled = null;
    /** @type {(filled: Filled) => void} */
    this.write = () => {};
  }

  /** @override */
  render() {
    const { filled } = this;
    if (!filled) return html``;
    const { open, chosen, source, text } = filled;
    return html`<h3>Left open in the text</h3>
      <ul class="open-names">
        ${open.map((hole, k) => html`<li>${this.#hole(hole, k, chosen[k])}</li>`)}
      </ul>
      <p class="hint">
        ${
          text === source
            ? "These stand there now. A choice is written into the text, with all the others."
            : "The choices are written into the text."
        }
      </p>`;
  }

  /** @param {ScriptHole} hole @param {number} k @param {number} chosen */
  #hole({ name, needs, choices }, k, chosen) {
    if (choices.length === 1)
      return html`<span><code>${name}</code>, ${needs}</span
        ><code class="only">${value_of(choices[0])}</code>`;
    return html`<label
      ><span><code>${name}</code>, ${needs}</span>
      <select
        @change=${(/** @type {Event} */ event) =>
          void this.#choose(k, /** @type {HTMLSelectElement} */ (event.target).selectedIndex)}
      >
        ${choices.map((choice, n) => html`<option ?selected=${n === chosen}>${value_of(choice)}</option>`)}
      </select></label
    >`;
  }

  /** @param {number} k @param {number} number */
  async #choose(k, number) {
    const { filled } = this;
    if (!filled) return;
    const { script_filled } = await extra();
    const chosen = filled.chosen.map((before, n) => (n === k ? number : before));
    this.write({ ...filled, chosen, text: script_filled(filled.source, Uint32Array.from(chosen)) });
  }
}

/** What its last line gives: `np.tanh` of `f = np.tanh`. @param {string} choice */
function value_of(choice) {
  const last = choice.split("\n").at(-1) ?? "";
  return last.replace(/^def \w+\([^)]*\): return /, "").replace(/^\w+ = /, "");
}

customElements.define("unrolled-script-holes", ScriptHoles);
