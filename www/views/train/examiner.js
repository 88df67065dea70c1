import { html, nothing } from "lit";
import { ticks } from "../../state/train/insight.js";
import { experiment, status } from "../../state/shared/store.js";
import { View } from "../view.js";

/** How each state is shown and said. */
const STATES = {
  agrees: { sign: "✓", means: "the same" },
  band: { sign: "✓", means: "as expected on these data" },
  differs: { sign: "≠", means: "different" },
  not_yet: { sign: "○", means: "not known yet" },
};

/** What the tutorial printed, and what it is here. */
class Examiner extends View {
  /** @override */
  render() {
    const found = ticks.value;
    if (found.length === 0 || status.value === "preparing") return nothing; // Not those of the network before.
    return html`
      <section aria-labelledby="examiner-title">
        <h2 id="examiner-title">What tutorial ${experiment.value.document.tutorial} printed</h2>
        <ul class="ticks">
          ${found.map(
            ({ what, printed, here, state, exact, why }) => html`
              <li class=${state} data-exact=${exact}>
                <span class="sign" aria-hidden="true">${STATES[state].sign}</span>
                <div>
                  <p>
                    <b>${what}</b> <code>${printed}</code> <span class="unseen">${STATES[state].means}</span>
                  </p>
                  ${state === "agrees" || here === null ? nothing : html`<p class="here">Here: ${here}</p>`}
                  ${
                    why
                      ? html`<details>
                          <summary>
                            ${state === "agrees" ? "About this figure" : "Why they may differ"}
                          </summary>
                          ${why}
                        </details>`
                      : nothing
                  }
                </div>
              </li>
            `,
          )}
        </ul>
      </section>
    `;
  }
}

customElements.define("unrolled-examiner", Examiner);
