import { html, nothing } from "lit";
import { cancel_rebuilding, awaited } from "../state/runs/rebuild.js";
import { count } from "../state/shared/format.js";
import * as store from "../state/shared/store.js";
import { View } from "./view.js";

/** While a link's network is trained anew: how far it is, and a way out. */
class Rebuild extends View {
  /** @override */
  render() {
    const trained = awaited.value;
    if (!trained || store.status.value === "failed") return nothing;
    const begun = store.status.value === "rebuilding";
    const made = begun ? store.updates.value : 0;
    return html`<div class="rebuild" role="status" aria-live="off">
      <p>
        <b>Rebuilding this network: update ${count(made)} of ${count(trained.updates)}</b>
        The link describes a trained network; the same training is repeated here. Its numbers appear when it
        is there.
      </p>
      <progress max=${trained.updates} value=${made} aria-label="Updates made"></progress>
      <button ?disabled=${!begun} @click=${cancel_rebuilding}>Cancel</button>
    </div>`;
  }
}

customElements.define("unrolled-rebuild", Rebuild);
document.head.append(
  Object.assign(document.createElement("link"), {
    rel: "stylesheet",
    href: new URL("../styles/rebuild.css", import.meta.url).href,
  }),
);
document.body.append(document.createElement("unrolled-rebuild"));
