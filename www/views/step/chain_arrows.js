import { html, nothing } from "lit";
import { swatch } from "../../figures/color.js";
import { decimal, fine } from "../../state/shared/format.js";
import * as step from "../../state/step/step.js";
import { BACKWARD } from "../../state/step/walk.js";
import * as facts from "./chain_facts.js";
import { hue, hues_of } from "./hues.js";
import { read_state, state_scale } from "./scales.js";
import { label_of } from "./words.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/walk.js").Position} Position */

/** Thickness of an arrow in pixels: when it carries next to nothing, and at full colour or the largest norm. */
const THICKNESS = { least: 1.5, most: 10 };

/** So many decades below the largest norm an arrow is as thin as it gets. */
const DECADES = 4;

/** @param {number} share 0 to 1 */
const thickness = (share) =>
  (THICKNESS.least + (THICKNESS.most - THICKNESS.least) * Math.max(0, Math.min(1, share))).toFixed(1);

/**
 * The exponent of ten at or above the largest gradient of a state; null where nothing is known or all is zero.
 * @param {Stepping} stepping
 */
export function top_decade(stepping) {
  const norms = stepping.gradient_norms();
  const most = norms ? norms.reduce((most, norm) => Math.max(most, norm), 0) : 0;
  return most > 0 && Number.isFinite(most) ? Math.ceil(Math.log10(most)) : null;
}

/** @param {number} norm @param {number} top */
const share_of_norm = (norm, top) => 1 - (top - Math.log10(norm)) / DECADES;

/**
 * What flows between two boxes: into word `t`, or behind the last word into the output; on the way back the gradient
 * that leaves there.
 * @param {Stepping} stepping
 * @param {Position} position
 * @param {number} t
 */
export function arrows(stepping, position, t) {
  const { labels, cell } = stepping.description;
  const behind = t === labels.length;
  const names = behind
    ? [read_state(stepping)]
    : facts.state_names(stepping).filter((name) => !cell.outputs.includes(name));
  const back = position.pass === BACKWARD;
  return html`<div class="arrows ${back ? "back" : ""}">
    ${names.map((name) => (back ? gradient(stepping, position, name, t) : state(stepping, position, name, t)))}
  </div>`;
}

/** A longer name has no room above an arrow; its column is called so too. */
const SHORT_NAME = 3;

/**
 * The first arrows say which is which.
 * @param {Stepping} stepping @param {string} name of a state @param {number} t
 * @param {string} [carried] the name of what the arrow carries, where that is not the state itself
 */
function name_at_first(stepping, name, t, carried = name) {
  const color = hue(hues_of(stepping), name);
  return t === 0 && carried.length <= SHORT_NAME
    ? html`<b style=${color ? `color:var(${color})` : nothing}>${carried}</b>`
    : nothing;
}

/** @param {unknown} name */
const idle = (name) => html`<i class="arrow idle">${name}</i>`;

/** @param {Stepping} stepping @param {Position} position @param {string} name @param {number} t */
function state(stepping, position, name, t) {
  const flows = !facts.reads_on(position) || t <= position.timestep;
  const data = t === 0 ? facts.first_state(stepping, name) : facts.states_over_time(stepping, name);
  if (!flows || !data) return idle(name_at_first(stepping, name, t));
  const units = t === 0 ? data.length : data.length / stepping.description.labels.length;
  const unit = Math.min(step.unit.value, units - 1);
  const value = data[t === 0 ? unit : (t - 1) * units + unit];
  const scale = state_scale(stepping);
  const after = t === 0 ? `before ${label_of(stepping, 0)}` : `after ${label_of(stepping, t - 1)}`;
  return html`<i
    class="arrow"
    style="--thick:${thickness(Math.abs(value) / scale)}px;--flow:${swatch(value / scale).background}"
    title="${name}[${unit}] ${after}: ${decimal(value)}"
    >${name_at_first(stepping, name, t)}</i
  >`;
}

/** @param {Stepping} stepping @param {Position} position @param {string} name @param {number} t */
function gradient(stepping, position, name, t) {
  const norm = t > 0 ? norm_after(stepping, name, t - 1) : null;
  const top = top_decade(stepping);
  if (norm === null || top === null || !facts.has_come_back(position, t - 1))
    return idle(name_at_first(stepping, name, t, `d_${name}`));
  return html`<i
    class="arrow"
    style="--thick:${thickness(norm > 0 ? share_of_norm(norm, top) : 0)}px;--flow:var(--ink-2)"
    title="‖d_${name}‖ after ${label_of(stepping, t - 1)}: ${fine(norm)}"
  ></i>`;
}

/**
 * The size of the gradient that arrives at a state after a word.
 * @param {Stepping} stepping
 * @param {string} name
 * @param {number} t
 * @returns {number | null}
 */
export function norm_after(stepping, name, t) {
  const norms = stepping.gradient_norms();
  const state = facts.state_names(stepping).indexOf(name);
  return norms?.[state * stepping.description.labels.length + t] ?? null;
}

/** How thick an arrow is for each power of ten. @param {Stepping} stepping */
export function ruler(stepping) {
  const top = top_decade(stepping);
  if (top === null) return nothing;
  return html`<dl class="ruler" aria-label="Thickness of the arrows">
    ${Array.from({ length: DECADES }, (_, k) => {
      const norm = 10 ** (top - k);
      return html`<dt><i style="height:${thickness(share_of_norm(norm, top))}px"></i></dt>
        <dd>
          ${top - k > -4 && top - k < 4 ? String(Number(norm.toPrecision(1))) : html`10<sup>${top - k}</sup>`}
        </dd>`;
    })}
  </dl>`;
}
