/**
 * What is said beside the sentence: where the numbers come from, what cannot be done, what was changed.
 */
import { html, nothing } from "lit";
import { capital, percent } from "../../state/shared/format.js";
import * as step from "../../state/step/step.js";
import { FORWARD } from "../../state/step/walk.js";
import { View, with_code } from "../view.js";
import { read_state } from "./scales.js";
import { label_of } from "./words.js";

/** Share of saturated states from which a note says so. */
const SATURATED = 0.2;

/** Where the numbers come from. */
class Origin extends View {
  /** @override */
  render() {
    const origin = step.provenance.value;
    // The command that made a recorded network has no room beside the sentence; it is in the title.
    return origin
      ? html`<p title="You are looking at: ${origin}.">
          You are looking at: ${origin.replace(/ \(unrolled .*\)$/, "")}.
        </p>`
      : nothing;
  }
}

/** What cannot be done, what is saturated, what was changed. */
class Notes extends View {
  /** @override */
  render() {
    step.version.value;
    // Before anything has been computed there is nothing to see of it.
    const position = step.position.value;
    const begun = position && (position.timestep > 0 || position.line > (step.side.value?.head ?? 0));
    const saturation = begun ? (step.stepping.value?.outcome.saturation ?? 0) : 0;
    const edits = step.stepping.value?.outcome.edits ?? [];
    const last = edits[edits.length - 1];
    const changed = new Set(edits.map((edit) => [edit.part, edit.name, edit.timestep, edit.index].join()))
      .size;
    return html`
      ${
        step.trouble.value
          ? html`<p class="note wrong" role="alert">
              ${with_code(sentence_of(step.trouble.value))} ${still_shown()}
            </p>`
          : nothing
      }
      ${
        saturation >= SATURATED
          ? html`<p class="note">
              <b>${percent(saturation)} of all |${read_name()}| are 1</b>: tanh is saturated there, and hardly
              any gradient gets through.
            </p>`
          : nothing
      }
      ${
        last
          ? html`<p class="note changed">
              <span
                >${changed === 1 ? "1 number" : `${changed} numbers`} changed, last ${written(last)}.</span
              >
              <button
                class="quiet"
                aria-pressed=${step.difference.value}
                @click=${() => (step.difference.value = !step.difference.value)}
              >
                ${step.difference.value ? "Show the values" : "Show the difference"}
              </button>
              <button class="quiet" @click=${step.undo_change}>Undo</button>
            </p>`
          : nothing
      }
    `;
  }
}

/** The state that the output layer reads. */
const read_name = () => (step.stepping.value ? read_state(step.stepping.value) : "h");

/** A message as a sentence. @param {string} message */
const sentence_of = (message) => `${capital(message)}${message.endsWith(".") ? "" : "."}`;

/** As many words, and letters, of a text are named. */
const NAMED_WORDS = 5;
const NAMED_LETTERS = 40;

/** What stands in the chain and the panels while the present choice cannot be taken. */
function still_shown() {
  const description = step.stepping.value?.description;
  if (!step.outdated.value || !description) return "";
  const { words, labels } = description;
  if (!words) return "What is shown is the sequence before.";
  const text = labels.join(" ");
  const named = labels.slice(0, NAMED_WORDS).join(" ").slice(0, NAMED_LETTERS);
  return `What is shown is still “${named}${text.length > named.length ? " …" : ""}”.`;
}

/** `W_f[3, 5]`, `x[2] at “bad”`. @param {import("../../state/step/stepping.js").Edit} edit */
function written({ part, name, index, timestep }) {
  const stepping = step.stepping.value;
  if (!stepping) return name;
  const { parameters, forward } = stepping.description[part];
  const role = parameters.find((known) => known.name === name)?.role;
  const address = { part, pass: FORWARD, timestep, line: forward.head, name, index };
  const label = stepping.explain(address)?.label ?? `${name}[${index}]`;
  return role === "weight" ? label : `${label} at ${label_of(stepping, timestep)}`;
}

customElements.define("unrolled-step-origin", Origin);
customElements.define("unrolled-step-notes", Notes);
