/**
 * One option of a layer or an optimizer as a field, by what the engine says of it.
 */
import { html, nothing } from "lit";
import { too_large } from "../../state/shared/format.js";
import { dismiss, notify } from "../../state/shared/store.js";

/** @typedef {import("../../types/engine.js").OptionFacts} OptionFacts */

/** Longer names need the whole width. */
const LONGEST_IN_HALF = 12;

/** The largest share that is still below one. */
const LARGEST_SHARE = 0.95;

/**
 * @param {OptionFacts} facts
 * @param {any} value the present one
 * @param {(value: any) => void} set
 * @param {string} of what it belongs to: the class, for its explanation and for assistive technology
 */
export function field(facts, value, set, of) {
  const { name, kind, choices } = facts;
  const called = `${name} of ${of}`;
  const wide = name.length > LONGEST_IN_HALF ? "wide" : "";
  if (kind === "flag")
    return html`<label class="option flag ${wide}" data-explain=${`${of}/${name}`}>
      <input
        type="checkbox"
        aria-label=${called}
        .checked=${Boolean(value)}
        @change=${(/** @type {Event} */ event) => set(input_of(event).checked)}
      /><code>${name}</code></label
    >`;
  if (kind === "choice")
    return html`<label
      class="option ${wide}"
      data-explain=${`${of}/${name}`}
      data-explain-choice=${`${name}/${snake_case(text_of(value))}`}
    >
      <code>${name}</code>
      <select aria-label=${called} @change=${(/** @type {Event} */ event) => set(input_of(event).value)}>
        ${with_present(choices, text_of(value)).map(
          (choice) => html`<option ?selected=${choice === text_of(value)}>${choice}</option>`,
        )}
      </select></label
    >`;
  return html`<label class="option ${wide}" data-explain=${`${of}/${name}`}>
    <code>${name}</code>
    <input
      type="text"
      inputmode=${kind === "text" || kind === "numbers" ? nothing : "decimal"}
      aria-label=${called}
      placeholder=${facts.default === null ? "none" : nothing}
      .value=${written(value)}
      @change=${(/** @type {Event} */ event) => {
        const input = input_of(event);
        const given = read(facts, input.value);
        const problem = too_large(Number(input.value.trim()));
        if (problem)
          notify({ key: "number", kind: "trouble", text: `${called}: ${input.value.trim()}. ${problem}` });
        else dismiss("number");
        if (given === undefined || problem) input.value = written(value);
        else if (given !== value) set(given);
      }}
  /></label>`;
}

/** @param {Event} event */
function input_of(event) {
  return /** @type {HTMLInputElement} */ (event.target);
}

/** “GlorotUniform” is “glorot_uniform”. @param {string} name */
function snake_case(name) {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
}

/** Keras writes some names as objects. @param {any} value @returns {string} */
function text_of(value) {
  return typeof value === "object" && value !== null ? String(value.class_name) : String(value);
}

/**
 * What a document says is shown, whether it is in the list or not.
 * @param {string[]} choices @param {string} present
 */
function with_present(choices, present) {
  return choices.includes(present) ? choices : [present, ...choices];
}

/** @param {any} value */
function written(value) {
  if (value === null || value === undefined) return "";
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** @param {OptionFacts} facts @param {string} text @returns {any} undefined for what is no such value */
function read({ kind, default: usual }, text) {
  const said = text.trim();
  if (kind === "text") return said;
  if (kind === "numbers") {
    const numbers = said.split(/[\s,]+/).map(Number);
    return said !== "" && numbers.every(Number.isFinite) ? numbers : undefined;
  }
  if (said === "") return usual === null ? null : undefined;
  const number = Number(said);
  if (!Number.isFinite(number)) return undefined;
  if (kind === "size") return Math.max(1, Math.round(number));
  if (kind === "share") return Math.min(LARGEST_SHARE, Math.max(0, number));
  return number;
}
