import { html, nothing } from "lit";
import { count } from "../../state/shared/format.js";
import { examine_now, examined, looking, refused, try_remedy } from "../../state/watch/doctor.js";
import { status, updates } from "../../state/shared/store.js";
import { View } from "../view.js";

/** @typedef {import("../../types/extra.js").Finding} Finding */

/** What the rules found in the run, with the numbers they saw and the experiment that tests it. */
class Doctor extends View {
  /** @override */
  render() {
    return html`
      <section aria-labelledby="doctor-title">
        <h2 id="doctor-title">Doctor <span class="hint">${this.#standing()}</span></h2>
        ${
          refused.value
            ? html`<p class="problem" role="alert">The run could not be examined: ${refused.value}.</p>`
            : nothing
        }
        <ul class="findings">
          ${examined.value?.findings.map(card) ?? nothing}
        </ul>
      </section>
    `;
  }

  #standing() {
    if (looking.value) return "looks at the run …";
    const found = examined.value;
    const again = html`<button
      type="button"
      class="quiet"
      ?disabled=${status.value !== "ready" || updates.value === 0}
      @click=${() => examine_now()}
    >
      Examine the run now
    </button>`;
    if (!found) return html`reads the run when training pauses, and says what may be wrong. ${again}`;
    const { findings, step } = found;
    const what =
      findings.length === 0
        ? "no rule has found anything wrong"
        : `${count(findings.length)} ${findings.length === 1 ? "rule has" : "rules have"} found something`;
    return html`after update ${count(step)}: ${what}. ${updates.value === step ? nothing : again}`;
  }
}

/** @param {Finding} finding */
function card({ rule, title, sentence, evidence, remedy }) {
  return html`<li data-rule=${rule}>
    <h3>${title}</h3>
    <p>${sentence}</p>
    <dl>
      ${evidence.map(
        ({ name, value }) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    ${
      remedy
        ? html`<p class="remedy">
            <button
              type="button"
              ?disabled=${status.value === "preparing"}
              @click=${() => try_remedy(remedy)}
            >
              ${remedy.label}
            </button>
            <span class="hint">same seed; the present run is kept and drawn behind the new one</span>
          </p>`
        : nothing
    }
  </li>`;
}

customElements.define("unrolled-doctor", Doctor);
