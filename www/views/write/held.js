import { html, nothing } from "lit";
import { decimal, signed } from "../../state/shared/format.js";
import { answer, compare_held, first_difference, value } from "../../state/write/held.js";
import { unit } from "../../state/write/symbols.js";
import * as writer from "../../state/write/writer.js";
import { View } from "../view.js";

/** A unit is held at a number, and the model writes on with and without. */
class WriteHeld extends View {
  /** @override */
  render() {
    const facts = writer.facts.value;
    if (!facts) return nothing;
    return html`
      <section aria-labelledby="write-held-title">
        <h2 id="write-held-title">Hold a unit</h2>
        ${
          facts.window
            ? html`<p class="caption">
                This model reads its last ${facts.unit}s anew for each: only in one that carries its state can
                a unit be held.
              </p>`
            : [this.#ask(), this.#answer()]
        }
      </section>
    `;
  }

  #ask() {
    return html`<div class="held-ask">
      <label>
        <span>h of unit ${unit.value} stays at</span>
        <input
          type="number"
          name="held-value"
          min="-1"
          max="1"
          step="0.1"
          .value=${String(value.value)}
          @change=${chosen_value}
        />
      </label>
      <button @click=${compare_held}>Write on with and without</button>
    </div>`;
  }

  #answer() {
    const held = answer.value;
    if (!held) return nothing;
    const from = first_difference(held.free, held.held);
    const same = from === held.free.length;
    return html`<div class="held-texts">
        <div>
          <h3>As it is</h3>
          ${shown(held.free, from)}
        </div>
        <div>
          <h3>h of unit ${held.unit} at ${signed(held.value, 2)}</h3>
          ${shown(held.held, from)}
        </div>
      </div>
      <p class="caption">
        Both go on from position ${held.at + 1} with the same random numbers, at temperature
        ${decimal(held.temperature, 2)}.
        ${same ? "They do not differ." : "Where they begin to differ, the rest is marked."}
      </p>`;
  }
}

/** @param {string[]} pieces @param {number} from where it differs */
function shown(pieces, from) {
  return html`<p class="held-text">
    <span>${pieces.slice(0, from).join("")}</span><mark>${pieces.slice(from).join("")}</mark>
  </p>`;
}

/** @param {Event} event */
function chosen_value(event) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const given = Number(input.value);
  if (input.value.trim() !== "" && !Number.isNaN(given)) value.value = Math.min(1, Math.max(-1, given));
  input.value = String(value.value);
}

customElements.define("unrolled-write-held", WriteHeld);
