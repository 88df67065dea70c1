import { effect } from "@preact/signals-core";
import { html, nothing } from "lit";
import "../../figures/heatmap.js";
import "../../figures/value_lines.js";
import { count } from "../../state/shared/format.js";
import * as store from "../../state/shared/store.js";
import { answer, compute, course, line, refused, type_line } from "../../state/watch/expression.js";
import { key_of, measured, shown, timestep_called, timesteps } from "../../state/watch/shown.js";
import { View } from "../view.js";

/** @typedef {import("../../state/watch/expression.js").Answer} Answer */
/** @typedef {import("../../types/extra.js").WatchedValues} WatchedValues */

/** Least time from one computation to the next while training runs. */
const INTERVAL_MS = 250;

/** While training runs, one part in so many of the time may be spent with computing. */
const SHARE = 4;

/** Lines to begin with, where the layer has their names. @type {[string, string[]][]} */
const EXAMPLES = [
  ["np.mean(f)", ["f"]],
  ["f * c", ["f", "c"]],
  ["np.mean(z)", ["z"]],
  ["np.sum(r < 0.1)", ["r"]],
  ["np.mean(h ** 2)", ["h"]],
  ["np.sum(d_h ** 2) ** 0.5", ["d_h"]],
  ["d_h / h", ["d_h", "h"]],
];

const MOST_EXAMPLES = 4;

/** Other layers' names that are listed. */
const MOST_OTHERS = 12;

/** A line in the names of the layer, along what is shown and along training. */
class Expression extends View {
  /** @type {(() => void) | null} */
  #stop = null;
  #busy = false;
  #stale = false;

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#stop = effect(() => {
      void [line.value, shown.value, store.updates.value, store.setup.value, store.shown_layer.value?.name];
      if (["ready", "training"].includes(store.status.value)) void this.#refresh();
    });
  }

  /** @override */
  disconnectedCallback() {
    this.#stop?.();
    super.disconnectedCallback();
  }

  async #refresh() {
    this.#stale = true;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#stale && this.isConnected) {
      this.#stale = false;
      const started = performance.now();
      const typed = line.peek();
      await compute();
      const pause = Math.max(INTERVAL_MS, SHARE * (performance.now() - started));
      if (store.status.peek() === "training" && typed === line.peek())
        await new Promise((go_on) => setTimeout(go_on, pause));
    }
    this.#busy = false;
  }

  /** @override */
  render() {
    const layer = store.shown_layer.value;
    if (!layer || timesteps.value.length === 0)
      return html`<p class="hint">
        Show a text or a sample first; then a line typed here is computed at each of its
        ${timestep_called.value}s.
      </p>`;
    const found = answer.value;
    const present = found?.layer === layer.name ? found : null;
    return html`<div class="watched">
      <label class="watched-line"
        ><span>Expression in the names of ${layer.name}</span>
        <input
          type="text"
          spellcheck="false"
          autocapitalize="off"
          autocomplete="off"
          placeholder="np.mean(${layer.symbols[0].name})"
          aria-describedby="watched-names"
          aria-invalid=${present && present.watched.mistakes.length > 0 ? "true" : "false"}
          .value=${line.value}
          @input=${(/** @type {Event} */ event) =>
            type_line(/** @type {HTMLInputElement} */ (event.currentTarget).value)}
        />
      </label>
      ${present ? names(present) : nothing}
      ${refused.value ? html`<p class="trouble-text" role="alert">${refused.value}</p>` : nothing}
      ${present && present.line === line.value ? this.#result(present) : nothing}
    </div>`;
  }

  /** @param {Answer} found */
  #result(found) {
    const { watched, of } = found;
    if (watched.mistakes.length > 0) return mistakes(found);
    const { computed } = watched;
    if (!computed) return nothing;
    const words = timesteps.value;
    const fits = of === key_of(shown.value) && computed.data.length === computed.width * words.length;
    return html`${fits ? along_sequence(found.line, computed, words) : nothing} ${along_training(found)}`;
  }
}

/** Which names there are. @param {Answer} found */
function names({ watched, layer }) {
  const there = (/** @type {string} */ name) => watched.names.includes(name);
  const examples = EXAMPLES.filter(([, needed]) => needed.every(there)).slice(0, MOST_EXAMPLES);
  const others = watched.others.filter((name) => !/\.(x|W|U|b)$/.test(name));
  const listed = others.slice(0, MOST_OTHERS);
  return html`<p class="examples">
      <span>Examples:</span>
      ${examples.map(
        ([text]) => html`<button class="quiet" @click=${() => type_line(text)}><code>${text}</code></button>`,
      )}
    </p>
    <p class="caption" id="watched-names">
      Names in ${layer}:
      ${watched.names.map((name) => html`<code>${name}</code> `)}${
        listed.length > 0
          ? html`and of other layers:
            ${listed.map((name) => html`<code>${name}</code> `)}${others.length > listed.length ? "…" : ""}`
          : nothing
      }<br />
      States stand as they are after the ${timestep_called.value}; <code>d_h</code> is the gradient of
      ${measured.value.text} with respect to the state. The functions are those of listings, np.mean, and
      comparisons such as &lt; and &gt;=, which give 1 or 0.
    </p>`;
}

/** What is wrong, with the place marked. @param {Answer} found */
function mistakes({ line: text, watched }) {
  const characters = [...text];
  return html`<div class="watched-mistakes" role="alert">
    ${watched.mistakes.map(({ column, length, message }) => {
      const [from, to] = [column - 1, Math.min(characters.length, column - 1 + length)];
      const part = (/** @type {number} */ start, /** @type {number} */ end) =>
        characters.slice(start, end).join("");
      return html`<p class="trouble-text">
        <code>${part(0, from)}<mark>${part(from, to) || " "}</mark>${part(to, characters.length)}</code>
        <span>Column ${column}: ${message}.</span>
      </p>`;
    })}
  </div>`;
}

/** @param {string} text @param {WatchedValues} computed @param {string[]} words */
function along_sequence(text, { is_number, width, data }, words) {
  const called = timestep_called.value;
  if (is_number) {
    const chart = {
      file: "expression",
      title: text,
      about: `Look for the ${called}s at which the line leaves the height that it has at the others.`,
      note: `One row for each ${called}.`,
      across: called,
      words,
      lines: [{ name: "value", colour: "--state-h", dash: "", values: data }],
    };
    return html`<unrolled-value-lines .chart=${chart}></unrolled-value-lines>`;
  }
  const info = {
    symbol: text,
    name: "",
    spoken: text,
    role: "",
    colour: "--state-h",
    signed: true,
    share: false,
    own_scale: true,
    look: (/** @type {string} */ called) =>
      `Look for columns in which many rows change at once: at that ${called} the value changes as a whole.`,
  };
  return html`<unrolled-heatmap
    .info=${info}
    .field=${{ data, timesteps: words.length, units: width }}
    .file=${"expression"}
  ></unrolled-heatmap>`;
}

/** The mean over words and units after the updates so far. @param {Answer} found */
function along_training({ line: text, watched }) {
  const points = course.value;
  const reduced = watched.computed?.is_number
    ? `mean over the ${timestep_called.value}s`
    : `mean over the ${timestep_called.value}s and the vector`;
  if (points.length < 2)
    return html`<p class="hint">
      ${
        points.length === 1
          ? html`After update ${count(points[0].step)} the ${reduced} is
              <b>${points[0].mean.toPrecision(4).replace("-", "−")}</b>. `
          : nothing
      }While
      training runs with this tab open, its course is drawn here.
    </p>`;
  const chart = {
    file: "expression-along-training",
    title: `${text}, ${reduced}`,
    about: "Look for the updates at which the line bends, and whether the loss changes there too.",
    note: "One row for each update after which it was computed.",
    across: "update",
    words: points.map(({ step }) => count(step)),
    steps: points.map(({ step }) => step),
    lines: [{ name: "mean", colour: "--state-h", dash: "", values: points.map(({ mean }) => mean) }],
  };
  return html`<unrolled-value-lines .chart=${chart}></unrolled-value-lines>`;
}

customElements.define("unrolled-expression", Expression);
