import { html, nothing } from "lit";
import { page_instance } from "../../engine/page.js";
import { linked_experiment } from "../../state/train/changes.js";
import { changes_of, menu, open_cut } from "../../state/train/cuts.js";
import { open_preset } from "../../state/train/open.js";
import { set_speed } from "../../state/train/training.js";
import { duration, quoted } from "../../state/shared/format.js";
import { experiment } from "../../state/shared/store.js";
import { View } from "../view.js";
import { choose_file, show_take_away } from "./document.js";

/** @typedef {import("../../types/engine.js").MenuGroup} MenuGroup */

/** As `set_speed` has it. */
const FULL_SPEED = 0;

/** The menu of experiments: each is opened by one click, a file by its own entry. */
class Experiments extends View {
  /** @override */
  static properties = { groups: { state: true } };

  constructor() {
    super();
    /** @type {MenuGroup[]} */
    this.groups = [];
  }

  /** @override */
  render() {
    const { document, from } = experiment.value;
    const cut = open_cut.value;
    const changed = Object.keys(linked_experiment.value?.changes ?? {}).length > 0;
    return html`
      <button
        type="button"
        class="menu-button"
        popovertarget="experiment-menu"
        title=${`${document.title}${changed ? ", changed" : ""}. Choose another experiment`}
      >
        <span class="unseen">Experiment: </span><span class="menu-title">${document.title}</span>${
          changed ? html`<span class="menu-changed">${cut ? cut.cut.title : "changed"}</span>` : nothing
        }<i aria-hidden="true">▾</i>
      </button>
      <div id="experiment-menu" popover class="experiment-menu" @toggle=${this.#toggled}>
        <p class="menu-files">
          <button type="button" class="open-file" @click=${this.#file}>Open a file…</button>
          <button type="button" class="open-file" @click=${this.#save}>Save as…</button>
          <button type="button" class="compare" ?disabled=${this.groups.length === 0} @click=${this.#compare}>
            What a class sees after 20, 60 and 180 seconds…
          </button>
        </p>
        <div class="menu-groups">
          ${this.groups.map((group) => this.#group(group, changed && !cut ? "" : from))}
        </div>
      </div>
    `;
  }

  /** @param {MenuGroup} group @param {string} shown */
  #group({ title, entries, at_full_speed }, shown) {
    return html`
      <section>
        <h3>${title}</h3>
        <ul>
          ${entries.map(
            (entry) =>
              html`<li>
                <button
                  type="button"
                  data-experiment=${entry.name}
                  aria-current=${entry.name === shown ? "true" : nothing}
                  @click=${() => this.#open(entry, at_full_speed)}
                >
                  <b>${entry.title}</b
                  ><span
                    >${quoted(entry.about)}
                    ${
                      entry.seconds === null
                        ? nothing
                        : html`<i>About ${duration(entry.seconds)} on two cores at full speed.</i>`
                    }
                    ${entry.cut ? html`<i>Opens as a smaller cut: ${entry.cut.title}.</i>` : nothing}</span
                  >
                </button>
              </li>`,
          )}
        </ul>
      </section>
    `;
  }

  /** The list comes from the engine, when it is first looked at. */
  async #toggled(/** @type {ToggleEvent} */ event) {
    if (event.newState !== "open") return;
    if (this.groups.length === 0) {
      const there = await page_instance().catch(() => null);
      if (there) this.groups = menu();
    }
    await this.updateComplete;
    this.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  /** @param {MenuGroup["entries"][number]} entry @param {boolean} at_full_speed */
  async #open({ name, cut }, at_full_speed) {
    this.#close();
    await open_preset(name, changes_of(cut));
    if (at_full_speed) await set_speed(FULL_SPEED);
  }

  #file() {
    this.#close();
    choose_file();
  }

  #save() {
    this.#close();
    show_take_away();
  }

  /** Beside each other: what the networks reach while a class waits. */
  async #compare() {
    this.#close();
    const { show_classroom } = await import("./classroom.js");
    const entries = this.groups.flatMap((group) => group.entries);
    await show_classroom(entries, (entry) => this.#open(entry, true));
  }

  #close() {
    /** @type {HTMLElement | null} */ (this.querySelector("[popover]"))?.hidePopover();
  }
}

customElements.define("unrolled-experiments", Experiments);
