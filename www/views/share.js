import { html } from "lit";
import { write_address } from "../state/shared/address.js";
import { notify } from "../state/shared/store.js";
import { linked_experiment } from "../state/train/changes.js";
import { LONGEST_CHANGES_IN_LINK, fits_link } from "../state/shared/url.js";
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
    return html`<button
      class=${this.said ? "said" : ""}
      @click=${this.#copy}
      title="Copy link"
      aria-live="polite"
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path
          d="M6.5 9.5l3-3M7 4.5l1.6-1.6a3.2 3.2 0 014.5 4.5L11.5 9M9 11.5l-1.6 1.6a3.2 3.2 0 01-4.5-4.5L4.5 7"
        />
      </svg>
      <span class="label">${this.said || "Copy link"}</span>
    </button>`;
  }

  async #copy() {
    write_address();
    const experiment = linked_experiment.value;
    if (experiment && !fits_link(experiment)) return refuse();
    try {
      await navigator.clipboard.writeText(location.href);
      this.said = "Copied";
    } catch {
      this.said = "Copy it from the address bar";
    }
    setTimeout(() => (this.said = ""), SAID_MS);
  }
}

/** A link that cannot hold the experiment would open another one. */
function refuse() {
  const longest = LONGEST_CHANGES_IN_LINK.toLocaleString("en");
  notify({
    key: "share",
    kind: "note",
    text:
      `This experiment differs from its starting point by more than the ${longest} characters that a link ` +
      "may have. Give its file instead: dropping it on the page opens it.",
    actions: [{ label: "Download experiment", run: download }],
  });
}

async function download() {
  (await import("../state/train/document.js")).download_experiment();
}

customElements.define("unrolled-share", Share);
