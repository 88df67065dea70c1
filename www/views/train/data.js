import { html, nothing } from "lit";
import { experiment_menu } from "../../pkg/unrolled.js";
import { page_instance } from "../../engine/page.js";
import { file_at_hand } from "../../state/data/own_files.js";
import { choose_columns, open_own, open_pasted } from "../../state/data/own.js";
import * as reading from "../../state/data/reading.js";
import { class_counts } from "../../state/data/counts.js";
import { answer_called, capital, count, percent } from "../../state/shared/format.js";
import { dataset, experiment, status } from "../../state/shared/store.js";
import { set_of } from "../../state/train/experiment.js";
import { View } from "../view.js";

/** The document that is opened where a packed set is chosen, and what the menu calls the set. */
const SETS = /** @type {[string, string, string][]} */ ([
  ["imdb-small", "imdb-small", "Film reviews, 4,000"],
  ["imdb", "imdb", "Film reviews, 20,000"],
  ["reuters-r52", "reuters", "Newswires, 10,000 words"],
  ["reuters-r52-all-words", "reuters-lstm", "Newswires, all words"],
  ["moby-dick", "moby-dick", "Moby Dick, one long text"],
  ["digits", "digits", "Handwritten digits"],
]);

/** The set of a reader's own file, and of generated data, as documents call them. */
const OWN = "own";
const TASK = "task";

/** Classes that are listed until the others are asked for. */
const FIRST_CLASSES = 8;

/** Words of a vocabulary that is not known before the data are there. */
const LARGEST_VOCABULARY = 65_535;

/** What the network learns from: which data, how they are read, how many there are of each class. */
class Data extends View {
  /** @override */
  static properties = { tasks: { state: true }, all_classes: { state: true }, pasted: { state: true } };

  constructor() {
    super();
    /** @type {import("../../types/engine.js").MenuEntry[]} */
    this.tasks = [];
    this.all_classes = false;
    this.pasted = "";
  }

  /** @override */
  firstUpdated() {
    page_instance().then(
      () => (this.tasks = experiment_menu().find(({ title }) => title.startsWith("Tasks"))?.entries ?? []),
      () => null, // Why it is not there is said by the run.
    );
  }

  /** @override */
  render() {
    const { document } = experiment.value;
    return html`
      <div class="data">
        ${this.#set(document)} ${this.#columns(document)} ${this.#reading(document)} ${this.#counts()}
        ${this.#own()}
      </div>
    `;
  }

  get #busy() {
    return status.value === "preparing";
  }

  /** @param {import("../../types/engine.js").Experiment} document */
  #set({ data }) {
    const present = chosen_set(data);
    const option = (/** @type {string} */ value, /** @type {string} */ label) =>
      html`<option value=${value} ?selected=${value === present}>${label}</option>`;
    return html`<label class="wide">
      <span>Data set</span>
      <select name="set" ?disabled=${this.#busy} @change=${this.#choose_set}>
        <optgroup label="Data sets">${SETS.map(([set, , label]) => option(set, label))}</optgroup>
        <optgroup label="Tasks, generated from the seed">
          ${this.tasks.map(({ name, title }) => option(`task ${name.replaceAll("-", "_")}`, title))}
        </optgroup>
        ${data.set === OWN ? html`<option value=${OWN} selected>Your own: ${data.file?.name}</option>` : nothing}
      </select>
    </label>`;
  }

  /** @param {Event} event */
  #choose_set(event) {
    void this.#take(/** @type {HTMLSelectElement} */ (event.target));
  }

  /** @param {HTMLSelectElement} select */
  async #take(select) {
    const { value } = select;
    const [, name] = SETS.find(([set]) => set === value) ?? [];
    const { choose_other_data } = await import("../../state/train/other_data.js");
    const taken = await choose_other_data(name ?? value.replace("task ", "").replaceAll("_", "-"));
    if (!taken) select.value = chosen_set(experiment.value.document.data);
  }

  /** The columns of a table that was brought. @param {import("../../types/engine.js").Experiment} document */
  #columns({ data }) {
    const file = file_at_hand(data.file?.hash);
    if (!dataset.value || !file || file.info.columns.length === 0) return this.#notes(file);
    const { columns, text, label } = file.info;
    const choice = (/** @type {"text" | "label"} */ name, /** @type {string | null} */ chosen) =>
      html`<label>
        <span>${name === "text" ? "Texts" : "Labels"}</span>
        <select
          name=${`column-${name}`}
          ?disabled=${this.#busy}
          @change=${(/** @type {Event} */ event) =>
            choose_columns({ [name]: /** @type {HTMLSelectElement} */ (event.target).value })}
        >
          ${columns.map(
            (column) =>
              html`<option value=${column.name} ?selected=${column.name === chosen}>
                ${column.name} · ${count(column.distinct)}
              </option>`,
          )}
        </select>
      </label>`;
    return html`<div class="fields">${choice("text", text)} ${choice("label", label)}</div>
      ${this.#notes(file)}`;
  }

  /** @param {import("../../state/data/own_files.js").OwnFile | null} file */
  #notes(file) {
    return file?.info.notes.map((note) => html`<p class="caption">${note}</p>`) ?? nothing;
  }

  /** @param {import("../../types/engine.js").Experiment} document */
  #reading(document) {
    const { data } = document;
    const read = data.reading;
    const vocabulary = read.as === "words" ? set_of(document)?.vocabulary : undefined;
    const masks = reading.mask_of(document);
    const numbers = reading.number_options(document, vocabulary ?? LARGEST_VOCABULARY);
    const short = numbers.map(({ name, value }) => `${name} ${count(value)}`).join(", ");
    return html`<details class="how-read">
      <summary>
        How they are read${short === "" ? nothing : html`: <span class="keras">${short}</span>`}
      </summary>
      <div class="fields">
        ${numbers.map((option) => this.#number(option, (value) => reading.choose_number(option.name, value)))}
        ${read.as === "words" ? this.#sides(read) : nothing} ${masks === null ? nothing : this.#mask(masks)}
        ${this.#validation(data.validation)} ${this.#limit(data.limit)}
      </div>
    </details>`;
  }

  /** @param {reading.NumberOption} option @param {(value: number) => void} choose */
  #number({ name, value, minimum, maximum }, choose) {
    const set = (/** @type {Event} */ event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      const given = Math.round(Number(input.value));
      const taken = input.value.trim() === "" || Number.isNaN(given) ? value : given;
      const within = Math.min(maximum, Math.max(minimum, taken));
      input.value = String(within);
      if (within !== value) choose(within);
    };
    return html`<label
      data-explain=${name}
      data-explain-more=${`From ${count(minimum)} to ${count(maximum)}.`}
    >
      <span class="keras">${name}</span>
      <input
        type="number"
        name=${`data-${name}`}
        min=${minimum}
        max=${maximum}
        inputmode="numeric"
        ?disabled=${this.#busy}
        .value=${String(value)}
        @change=${set}
      />
    </label>`;
  }

  /** @param {{ padding: "pre" | "post", truncating: "pre" | "post" }} read */
  #sides({ padding, truncating }) {
    return [this.#side("padding", padding), this.#side("truncating", truncating)];
  }

  /** @param {"padding" | "truncating"} name @param {"pre" | "post"} side */
  #side(name, side) {
    return html`<label data-explain=${name}>
      <span class="keras">${name}</span>
      <select
        name=${`data-${name}`}
        ?disabled=${this.#busy}
        @change=${(/** @type {Event} */ event) =>
          reading.choose_side(
            name,
            /** @type {"pre" | "post"} */ (/** @type {HTMLSelectElement} */ (event.target).value),
          )}
      >
        <option value="pre" ?selected=${side === "pre"}>pre</option>
        <option value="post" ?selected=${side === "post"}>post</option>
      </select>
    </label>`;
  }

  /** @param {boolean} masks */
  #mask(masks) {
    return html`<label class="check" data-explain="mask_zero">
      <input
        type="checkbox"
        name="data-mask_zero"
        .checked=${masks}
        ?disabled=${this.#busy}
        @change=${(/** @type {Event} */ event) =>
          reading.choose_mask(/** @type {HTMLInputElement} */ (event.target).checked)}
      /><span class="keras">mask_zero</span>
    </label>`;
  }

  /** @param {"test" | number} validation */
  #validation(validation) {
    const shares = [0.1, 0.2, 0.3, 0.5];
    const share = typeof validation === "number" ? validation : null;
    if (share !== null && !shares.includes(share)) shares.push(share);
    const set = (/** @type {Event} */ event) => {
      const { value } = /** @type {HTMLSelectElement} */ (event.target);
      void reading.choose_validation(value === "test" ? "test" : Number(value));
    };
    const own = experiment.value.document.data.set === OWN;
    return html`<label data-explain=${own ? "validation_split_own" : "validation_split"}>
      <span class="keras">validation_split</span>
      <select name="data-validation" ?disabled=${this.#busy} @change=${set}>
        <option value="test" ?selected=${share === null}>test part</option>
        ${shares.map(
          (value) => html`<option value=${value} ?selected=${value === share}>${percent(value)}</option>`,
        )}
      </select>
    </label>`;
  }

  /** @param {number | null} limit */
  #limit(limit) {
    const set = (/** @type {Event} */ event) => {
      const { value } = /** @type {HTMLInputElement} */ (event.target);
      const given = Math.round(Number(value));
      void reading.choose_limit(value.trim() === "" || !(given >= 1) ? null : given);
    };
    return html`<label data-explain="limit" data-explain-more="Empty: all.">
      <span>limit</span>
      <input
        type="number"
        name="data-limit"
        min="1"
        placeholder="all"
        inputmode="numeric"
        ?disabled=${this.#busy}
        .value=${limit === null || limit === undefined ? "" : String(limit)}
        @change=${set}
      />
    </label>`;
  }

  /** How often each class is the answer, and what always giving the most frequent one achieves. */
  #counts() {
    const counts = class_counts.value;
    if (!counts || counts.classes.length === 0) return nothing;
    const { classes, others, train, validation, baseline } = counts;
    const listed = this.all_classes ? classes : classes.slice(0, FIRST_CLASSES);
    const most = Math.max(...classes.map((one) => one.train));
    const more = classes.length - listed.length;
    return html`<table class="class-counts">
        <caption class="unseen">
          How often each class is the answer
        </caption>
        <thead>
          <tr>
            <th scope="col">class</th>
            <th scope="col" aria-hidden="true"></th>
            <th scope="col">train</th>
            <th scope="col">validation</th>
          </tr>
        </thead>
        <tbody>
          ${listed.map(
            (one) =>
              html`<tr>
                <th scope="row" title=${`class ${one.id}`}>${shown_name(one.name)}</th>
                <td class="bar" aria-hidden="true"><i style=${`width:${(100 * one.train) / most}%`}></i></td>
                <td>${count(one.train)}</td>
                <td>${count(one.validation)}</td>
              </tr>`,
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">all</th>
            <td aria-hidden="true"></td>
            <td>${count(train)}</td>
            <td>${count(validation)}</td>
          </tr>
        </tfoot>
      </table>
      ${
        more > 0
          ? html`<button type="button" class="quiet" @click=${() => (this.all_classes = true)}>
              ${count(more)} more classes
            </button>`
          : nothing
      }
      ${others > 0 ? html`<p class="caption">and ${count(others)} rarer ones</p>` : nothing}
      ${
        baseline
          ? html`<p class="caption majority">
              ${capital(answer_called(baseline.label))}, the most frequent answer in training, is right in
              <b>${percent(baseline.accuracy, 1)}</b> of the ${validation > 0 ? "validation" : "training"}
              samples.
            </p>`
          : nothing
      }`;
  }

  /** A file or a text of the reader's own. */
  #own() {
    return html`<details class="own-data">
      <summary>Your own data</summary>
      <p class="caption">
        Drop a file anywhere on this page, choose one, or paste. Tables (CSV) need a column of texts and one
        of labels; a plain text (.txt) teaches a language model; arrays <code>x</code> and <code>y</code> come
        as .npz or .safetensors; Keras’ imdb.npz and reuters.npz are read as they are. At most 50 MB. The file
        stays on this machine.
      </p>
      <p class="own-buttons">
        <button type="button" ?disabled=${this.#busy} @click=${this.#pick}>Choose a file…</button>
        <input
          type="file"
          name="own-file"
          accept=".csv,.tsv,.txt,.md,.npz,.safetensors"
          aria-label="Your own data"
          hidden
          @change=${this.#picked}
        />
      </p>
      <label class="wide">
        <span>Paste a table or a text</span>
        <textarea
          name="own-text"
          rows="4"
          placeholder="text,label"
          .value=${this.pasted}
          @input=${(/** @type {Event} */ event) =>
            (this.pasted = /** @type {HTMLTextAreaElement} */ (event.target).value)}
        ></textarea>
      </label>
      <button
        type="button"
        ?disabled=${this.#busy || this.pasted.trim() === ""}
        @click=${() => open_pasted(this.pasted)}
      >
        Use this text
      </button>
    </details>`;
  }

  #pick() {
    /** @type {HTMLInputElement | null} */ (this.querySelector("input[name=own-file]"))?.click();
  }

  /** @param {Event} event */
  #picked(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    if (file) void open_own(file).then(() => (input.value = "")); // The same file can be chosen again.
  }
}

/** The value of the menu. @param {import("../../types/engine.js").Experiment["data"]} data */
function chosen_set({ set, task }) {
  return set === TASK ? `task ${task}` : set;
}

/** White space that is a class of its own. @param {string} name */
function shown_name(name) {
  return name === " " ? "space" : name === "\n" ? "line break" : name;
}

const style = Object.assign(document.createElement("link"), {
  rel: "stylesheet",
  href: new URL("../../styles/data.css", import.meta.url).href,
});
document.head.append(style);
customElements.define("unrolled-data", Data);
