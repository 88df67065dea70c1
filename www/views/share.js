import { html } from "lit";
import { View } from "./view.js";

/** How long the button says that it has copied. */
const SAID_MS = 2000;

/** Copies the link that opens exactly this state. */
class Share extends View {
  /** @override */
  static properties = { said: { state: true } };

  constructor() {
    super();
    this.said = "";
  }

  /** @override */
  render() {
    return html`<button @click=${this.#copy} aria-live="polite">${this.said || "Copy link"}</button>`;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.said = "Copied";
    } catch {
      this.said = "Copy it from the address bar";
    }
    setTimeout(() => (this.said = ""), SAID_MS);
  }
}

customElements.define("unrolled-share", Share);
