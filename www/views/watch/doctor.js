import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { count } from "../../state/shared/format.js";
import { examine_now, examined, looking, refused, try_remedy } from "../../state/watch/doctor.js";
import { status, updates } from "../../state/shared/store.js";
import { View } from "../view.js";

/** @typedef {import("../../types/extra.js").Finding} Finding */

/** The rule whose finding is open. */
const open = signal("");

/**
 * What the rules found in the run, with the numbers they saw and the experiment that tests it. They read the run when
 * training pauses: what they find fills a line that is there before, so that nothing moves.
 */
class Doctor extends View {
  /** @override */
  render() {
    const findings = examined.value?.findings ?? [];
    const shown = findings.find(({ rule }) => rule === open.value);
    return html`
      <section aria-labelledby="doctor-title">
        <h2 id="doctor-title">Doctor <span class="hint">${this.#standing()}</span></h2>
        <div class="findings">${findings.map((finding) => chip(finding, finding === shown))}</div>
        ${shown ? card(shown) : nothing}
        ${
          refused.value
            ? html`<p class="problem" role="alert">The run could not be examined: ${refused.value}.</p>`
            : nothing
        }
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

/** @param {Finding} finding @param {boolean} is_open */
function chip({ rule, title }, is_open) {
  return html`<button
    type="button"
    data-rule=${rule}
    aria-expanded=${is_open}
    @click=${() => (open.value = is_open ? "" : rule)}
  >
    ${title}
  </button>`;
}

/** @param {Finding} finding */
function card({ title, sentence, evidence, remedy }) {
  return html`<article class="finding">
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
  </article>`;
}

customElements.define("unrolled-doctor", Doctor);
