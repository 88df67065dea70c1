/**
 * A whole script that is stepped through: its text with the line that ran, what the line gives, the lists that grow,
 * what is printed.
 */
import { html, nothing } from "lit";
import { keep_draft, kept_draft, script, show_script } from "../../state/step/draft.js";
import { offer_back } from "../../state/step/set_aside.js";
import * as state from "../../state/step/script.js";
import { OWN } from "../../state/step/choice.js";
import * as step from "../../state/step/step.js";
import { to_cell } from "../../state/step/script_numbers.js";
import { View } from "../view.js";
import "./script_code.js";
import "./script_values.js";
import "./transport.js";

/** @typedef {import("../../state/step/script.js").LiveScript} LiveScript */

document.head.append(
  Object.assign(document.createElement("link"), {
    rel: "stylesheet",
    href: new URL("../../styles/step-script.css", import.meta.url).href,
  }),
);

/** @type {import("./track.js").Walk} */
const WALK = {
  place: () => ({ at: state.at.value, last: state.live.value?.last ?? 0 }),
  stretches: () => (state.live.value ? stretches_of(state.live.value, state.at.value) : []),
  said: () => standing(),
  scrub: state.scrub,
  word: () => "timestep",
  standing,
  is_playing: () => state.playing.value,
  toggle_play: state.toggle_play,
  move_line: state.move_line,
  move_timestep: state.move_timestep,
};

/** @param {LiveScript} live @param {number} at @returns {import("./track.js").Stretch[]} */
function stretches_of(live, at) {
  const is_loop = (/** @type {number} */ k) => live.position(k).timestep >= 0;
  /** @type {{ from: number, count: number, is_loop: boolean }[]} */
  const parts = [];
  for (let k = 0; k <= live.last; k++) {
    const last = parts[parts.length - 1];
    if (last && last.is_loop === is_loop(k)) last.count += 1;
    else parts.push({ from: k, count: 1, is_loop: is_loop(k) });
  }
  const loop = parts.findIndex((part) => part.is_loop);
  const title = (/** @type {number} */ k) =>
    loop < 0
      ? "the script"
      : k === loop
        ? "the loop over time"
        : k < loop
          ? "before the loop"
          : "after the loop";
  return parts.map(({ from, count }, k) => ({
    from,
    count,
    names: [{ title: title(k), is_here: at >= from && at < from + count, go: () => state.scrub(from) }],
  }));
}

/** Where the cursor stands, in words. */
function standing() {
  const live = state.live.value;
  if (!live) return "";
  const { line, timestep } = live.position(state.at.value);
  return `line ${line}${timestep < 0 ? "" : ` · timestep ${timestep + 1} of ${live.facts.timesteps}`}`;
}

class ScriptView extends View {
  /** @type {(() => void) | null} */
  #unfollow = null;

  /** @override */
  render() {
    const live = state.live.value;
    return html`<div class="step script">
      ${this.#head(live)}
      <div class="saying">
        <p class="narration" role="status">${live ? live.moment(state.at.value).sentence : ""}</p>
        <div class="aside"><p>${live ? origin(live) : nothing}</p></div>
      </div>
      <div class="columns">
        <section class="text" aria-label="Script"><unrolled-script-code></unrolled-script-code></section>
        <section class="values" aria-label="Values">
          <unrolled-script-values></unrolled-script-values>
        </section>
      </div>
      <unrolled-step-transport .walk=${WALK}></unrolled-step-transport>
    </div>`;
  }

  /** @param {LiveScript | null} live */
  #head(live) {
    const found = live?.facts.step;
    const timestep = live ? Math.max(0, live.position(state.at.value).timestep) : 0;
    return html`<div class="script-head">
      <h2>Your script</h2>
      <button
        class="primary"
        ?disabled=${!found}
        title="What the loop does at one timestep: its diagram, its adjoint, its training"
        @click=${() => live && void leave(() => to_cell(live, timestep))}
      >
        This step as a cell
      </button>
      <button @click=${edit}>Edit the script</button>
      <button @click=${() => void leave(async () => show_script(false))}>To the cell</button>
      ${live && !found ? html`<p class="hint">No cell can be made of its loop: ${live.facts.no_step}.</p>` : nothing}
    </div>`;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#unfollow = state.follow_script();
    addEventListener("keydown", this.#key, { capture: true });
  }

  /** @override */
  disconnectedCallback() {
    this.#unfollow?.();
    state.stop_playing();
    removeEventListener("keydown", this.#key, { capture: true });
    super.disconnectedCallback();
  }

  /** The keys of the walk through a cell mean the same here. @param {KeyboardEvent} event */
  #key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (this.closest("[hidden]") || target.closest("input, textarea, select, dialog")) return;
    if (event.key === " " && target.closest("button, a, summary")) return;
    if (act(event)) event.preventDefault();
    // The cell behind it does not move.
    if (MEANT.has(event.key)) event.stopPropagation();
  };
}

/** Keys that move in the walk through a cell. */
const MEANT = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", " ", "Escape"]);

/** @param {KeyboardEvent} event @returns {boolean} whether the key meant something */
function act(event) {
  const { key, shiftKey } = event;
  if (key === "ArrowRight") shiftKey ? state.move_timestep(1) : state.move_line(1);
  else if (key === "ArrowLeft") shiftKey ? state.move_timestep(-1) : state.move_line(-1);
  else if (key === "Home") state.scrub(0);
  else if (key === "End") state.scrub(state.live.value?.last ?? 0);
  else if (key === " ") state.toggle_play();
  else if (key === "Escape") state.stop_playing();
  else return false;
  return true;
}

/** @param {() => Promise<void>} go */
async function leave(go) {
  state.stop_playing();
  await go();
}

/** Opens the editor with the script. */
function edit() {
  const source = script.value?.source ?? "";
  const kept = kept_draft();
  const { accepted = step.choice.value.code, typed = "" } = kept ?? {};
  if (kept && typed !== source && typed !== accepted) offer_back(typed, accepted, "Your script");
  state.stop_playing();
  keep_draft({ typed: source, accepted: step.choice.value.code });
  step.editing.value = true;
  step.panel.value = "code";
  if (step.level.value === 0) step.level.value = 1;
  show_script(false);
  step.choose_step({ cell: OWN });
}

/** Whose numbers these are, and what was left out. @param {LiveScript} live */
function origin({ facts: { draws_unseeded, left_out, open } }) {
  const drawn = draws_unseeded
    ? "It seeds nothing: its random numbers are those of np.random.seed(0)."
    : "Its numbers are those that Python gives.";
  const names = open.map(({ name }) => name).join(", ");
  const filled =
    open.length > 0 ? ` It leaves ${names} open: “Edit the script” shows what stands there.` : "";
  return html`You are looking at: your script. ${drawn}${filled} ${left_out}`;
}

customElements.define("unrolled-script", ScriptView);
