import { html, nothing } from "lit";
import { bring_back } from "../../state/train/run.js";
import { clear_earlier, comparable, named, reached } from "../../state/runs/earlier.js";
import { experiment, status } from "../../state/shared/store.js";
import { View } from "../view.js";

/** The earlier runs behind the curves: what they were, what they reached, and the way back to each. */
class Earlier extends View {
  /** @override */
  render() {
    const runs = comparable(experiment.value);
    if (runs.length === 0) return nothing;
    return html`
      <p class="earlier-title">
        <span class="key earlier">earlier runs, validation</span>
        <button type="button" class="quiet" @click=${clear_earlier}>Clear</button>
      </p>
      <ul class="earlier-runs">
        ${runs.map(
          (run) => html`
            <li>
              <button
                type="button"
                class="quiet"
                title="Brings this network back"
                ?disabled=${status.value === "preparing"}
                @click=${() => bring_back(run)}
              >
                ${named(run.experiment, experiment.value)} → ${reached(run)}
              </button>
            </li>
          `,
        )}
      </ul>
    `;
  }
}

customElements.define("unrolled-earlier", Earlier);
