import { html } from "lit";
import { dismiss, notices } from "../state/shared/store.js";
import { View, with_code } from "./view.js";

/** What happened and what to do, in sentences, above the work. */
class Notices extends View {
  /** @override */
  render() {
    return notices.value.map(
      (notice) => html`
        <div class="notice ${notice.kind}" role=${notice.kind === "trouble" ? "alert" : "status"}>
          <p>${with_code(notice.text)}</p>
          ${(notice.actions ?? []).map((action) => html`<button @click=${action.run}>${action.label}</button>`)}
          <button class="quiet" aria-label="Dismiss" @click=${() => dismiss(notice.key)}>Close</button>
        </div>
      `,
    );
  }
}

customElements.define("unrolled-notices", Notices);
