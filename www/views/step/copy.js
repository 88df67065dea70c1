import { html } from "lit";
import * as step from "../../state/step/step.js";
import { BACKWARD, FORWARD } from "../../state/step/walk.js";
import { View } from "../view.js";

/** How long a button says that it has copied. */
const SAID_MS = 2000;

/** The whole stepping as Python with numpy, inputs and weights included. */
class Copy extends View {
  /** @override */
  static properties = { said: { state: true } };

  constructor() {
    super();
    this.said = "";
  }

  /** @override */
  render() {
    const able = step.stepping.value?.live ?? false;
    return html`
      <button ?disabled=${!able} @click=${() => this.#copy(FORWARD)}>Copy the listing as numpy</button>
      <button ?disabled=${!able} @click=${() => this.#copy(BACKWARD)}>Copy with its gradients</button>
      <span role="status">${this.said}</span>
    `;
  }

  /** @param {import("../../types/engine.js").Pass} pass */
  async #copy(pass) {
    try {
      await navigator.clipboard.writeText(step.stepping.value?.as_numpy(pass) ?? "");
      this.said = "Copied with inputs and weights: it runs in Python with numpy.";
    } catch {
      this.said = "The browser does not allow copying.";
    }
    setTimeout(() => (this.said = ""), SAID_MS);
  }
}

customElements.define("unrolled-step-copy", Copy);
