import { effect, signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import "../../figures/heatmap.js";
import { decimal } from "../../state/shared/format.js";
import * as store from "../../state/shared/store.js";
import { key_of, shown, timestep_called, timesteps } from "../../state/watch/shown.js";
import {
  all_back,
  begin_anew,
  can_undo,
  change_words,
  done,
  operate,
  operated,
  set,
  take_back,
  trouble,
  undo,
} from "../../state/watch/surgery.js";
import { View, with_code } from "../view.js";
import { answer, course } from "./surgery_answer.js";

/** @typedef {import("../../types/extra.js").Change} Change */

/** What is offered at a click, where the layer has the symbol. @type {[string, number, string][]} */
const OFFERED = [
  ["f", 1, "keeps everything"],
  ["f", 0, "forgets everything"],
  ["i", 0, "writes nothing"],
  ["o", 0, "shows nothing"],
  ["z", 1, "keeps everything"],
  ["r", 0, "the candidate does not see the past"],
];

/** The symbol that the form sets. */
const symbol = signal("h");
/** "all" or the number of a unit. */
const unit = signal("all");
/** "every", "before" or the number of a timestep. */
const when = signal("every");
const value = signal(0);

/** Numbers that are set by hand, and what becomes of the answer. */
class Surgery extends View {
  /** @type {(() => void)[]} */
  #stops = [];
  #busy = false;
  #stale = false;
  #subject = "";

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#stops = [
      effect(() => {
        const subject = `${key_of(shown.value)} ${store.shown_layer.value?.name}`;
        if (subject === this.#subject) return;
        if (this.#subject !== "") begin_anew();
        this.#subject = subject;
      }),
      effect(() => {
        void [shown.value, done.value, store.updates.value, store.setup.value, store.shown_layer.value?.name];
        if (["ready", "training"].includes(store.status.value)) void this.#refresh();
      }),
      // A place that is chosen in a figure is the one that the form sets.
      effect(() => {
        const place = store.selected.value;
        if (!place) return;
        unit.value = String(place.u);
        when.value = String(place.t);
      }),
    ];
  }

  /** @override */
  disconnectedCallback() {
    this.#stops.forEach((stop) => stop());
    super.disconnectedCallback();
  }

  async #refresh() {
    this.#stale = true;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#stale && this.isConnected) {
      this.#stale = false;
      await operate();
      if (store.status.peek() === "training") await new Promise((go_on) => setTimeout(go_on, 300));
    }
    this.#busy = false;
  }

  /** @override */
  render() {
    const layer = store.shown_layer.value;
    if (!layer || timesteps.value.length === 0)
      return html`<p class="hint">
        Show a text or a sample first; then numbers inside the layer can be set here.
      </p>`;
    const found = operated.value;
    return html`<div class="surgery">
      <p class="caption">
        Set numbers inside ${layer.name} at the ${timestep_called.value}s shown: all that depends on them is
        computed again, and the states and the answer are compared with those without the change.
      </p>
      ${this.#form(layer)} ${this.#words()} ${this.#made()}
      ${trouble.value ? html`<p class="trouble-text" role="alert">${with_code(trouble.value)}</p>` : nothing}
      ${found ? html`${answer(found)}${course(found)}${this.#differences(found)}` : nothing}
    </div>`;
  }

  /** @param {import("../../types/extra.js").LayerTrace} layer */
  #form({ symbols, units }) {
    const words = timesteps.value;
    const names = symbols.map(({ name }) => name);
    const has_before = ["h", "c"].includes(symbol.value);
    if (!names.includes(symbol.value)) symbol.value = names[names.length - 1];
    const data = symbols.find(({ name }) => name === symbol.value)?.data ?? new Float32Array();
    const width = data.length / words.length || units;
    const reach = Math.max(1, Math.ceil(data.reduce((most, one) => Math.max(most, Math.abs(one)), 0)));
    const offered = OFFERED.filter(([name]) => names.includes(name));
    return html`
      <div class="offered" role="group" aria-label="Frequent changes">
        ${offered.map(
          ([name, to, about]) =>
            html`<button
              title=${about}
              @click=${() => set({ symbol: name, when: { kind: "every" }, value: to })}
            >
              <b class="of-${name}">${name}</b> = ${to}
            </button>`,
        )}
        <button @click=${() => set({ symbol: "h", unit: here().u, when: { kind: "every" }, value: 0 })}>
          silence unit ${here().u}
        </button>
      </div>
      <form class="set-number" @submit=${this.#submit}>
        <label
          ><span>set</span>${select(
            symbol,
            names.map((name) => [name, name]),
            "symbol",
          )}</label
        >
        <label><span>unit</span>${select(unit, [["all", "all"], ...numbered(width)], "unit")}</label>
        <label
          ><span>at</span>${select(
            when,
            [
              ["every", `every ${timestep_called.value}`],
              ...(has_before ? [["before", "before its first step"]] : []),
              ...words.map((word, t) => [String(t), `${t + 1} ${word}`]),
            ],
            "when",
          )}</label
        >
        <label
          ><span>to</span
          ><input
            type="number"
            name="value"
            step="any"
            required
            .value=${String(value.value)}
            @change=${(/** @type {Event} */ event) => this.#to(event, false)}
        /></label>
        <input
          type="range"
          min=${-reach}
          max=${reach}
          step="0.01"
          aria-label="Value, dragged"
          .value=${String(value.value)}
          @input=${(/** @type {Event} */ event) => this.#to(event, true)}
        />
        <button type="submit">Set</button>
      </form>
    `;
  }

  /** @param {Event} event @param {boolean} sets at once */
  #to(event, sets) {
    const typed = /** @type {HTMLInputElement} */ (event.currentTarget).valueAsNumber;
    if (!Number.isFinite(typed)) return;
    value.value = typed;
    if (sets) set(formed());
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    set(formed());
  }

  #words() {
    const one = shown.value;
    if (one.kind !== "text") return nothing;
    return html`<label class="other-words"
      ><span>with the words</span
      ><input
        type="text"
        .value=${done.value.text ?? one.text}
        @change=${(/** @type {Event} */ event) =>
          change_words(/** @type {HTMLInputElement} */ (event.currentTarget).value)}
    /></label>`;
  }

  #made() {
    const { changes, text } = done.value;
    const words = timesteps.value;
    return html`<div class="made">
      <ul aria-label="Changes">
        ${changes.map(
          (change) =>
            html`<li>
              <b class="of-${change.symbol}">${change.symbol}</b><span>${in_words(change, words)}</span>
              <button
                class="quiet"
                aria-label="Take back ${change.symbol} ${in_words(change, words)}"
                @click=${() => take_back(change)}
              >
                ×
              </button>
            </li>`,
        )}
        ${text === null ? nothing : html`<li>other words</li>`}
        ${changes.length === 0 && text === null ? html`<li class="hint">Nothing is changed.</li>` : nothing}
      </ul>
      <button class="quiet" ?disabled=${!can_undo.value} @click=${undo}>Undo</button>
      <button class="quiet" ?disabled=${changes.length === 0 && text === null} @click=${all_back}>
        All back
      </button>
    </div>`;
  }

  /** @param {import("../../types/extra.js").Operated} found */
  #differences({ difference }) {
    const count = timesteps.value.length;
    if (difference.length === 0)
      return html`<p class="caption">
        The sequences differ in length, so that their states are not compared one by one.
      </p>`;
    const shown_ones = difference.filter(({ name }) => ["h", "c", symbol.value].includes(name)).reverse();
    return html`<div class="figures">
      ${shown_ones.map(({ name, data }) => {
        const info = {
          symbol: `Δ${name}`,
          name: `change of ${name}`,
          role: "with changes minus without",
          colour: "--state-h",
          signed: true,
          share: false,
          own_scale: true,
          look: (/** @type {string} */ called) =>
            `Look for the ${called}s at which the colours fade: where a column has none, ${name} is as without the ` +
            "changes.",
        };
        const field = { data, timesteps: count, units: data.length / count };
        return html`<unrolled-heatmap
          .info=${info}
          .field=${field}
          .file=${`surgery-change-of-${name}`}
        ></unrolled-heatmap>`;
      })}
    </div>`;
  }
}

/** The place that is chosen in the figures, else the first. */
function here() {
  return store.selected.value ?? { t: 0, u: 0 };
}

/** @returns {Change} what the form says */
function formed() {
  /** @type {Change["when"]} */
  const at =
    when.value === "every" || when.value === "before"
      ? { kind: when.value }
      : { kind: "step", t: Number(when.value) };
  const one = unit.value === "all" ? {} : { unit: Number(unit.value) };
  return { symbol: symbol.value, ...one, when: at, value: value.value };
}

/** @param {number} width @returns {string[][]} */
function numbered(width) {
  return Array.from({ length: Math.round(width) }, (_, u) => [String(u), String(u)]);
}

/**
 * @param {import("@preact/signals-core").Signal<string>} chosen @param {string[][]} options @param {string} name
 */
function select(chosen, options, name) {
  return html`<select
    name=${name}
    @change=${(/** @type {Event} */ event) =>
      (chosen.value = /** @type {HTMLSelectElement} */ (event.currentTarget).value)}
  >
    ${options.map(
      ([key, title]) => html`<option value=${key} .selected=${key === chosen.value}>${title}</option>`,
    )}
  </select>`;
}

/** @param {Change} change @param {string[]} words */
function in_words({ unit: one, when: at, value: to }, words) {
  const where = one === undefined ? "" : `of unit ${one} `;
  const time =
    at.kind === "every"
      ? `at every ${timestep_called.value}`
      : at.kind === "before"
        ? "before its first step"
        : `at “${words[at.t] ?? at.t}”`;
  return `${where}= ${decimal(to, 2)} ${time}`;
}

customElements.define("unrolled-surgery", Surgery);
