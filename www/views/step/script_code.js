import { html, nothing } from "lit";
import { round_scale } from "../../figures/field.js";
import { script } from "../../state/step/draft.js";
import * as state from "../../state/step/script.js";
import { View } from "../view.js";
import "../../figures/cells.js";
import { bring_into_sight } from "./in_sight.js";
import { breakable, with_breaks } from "./listing.js";
import { laid_out } from "./script_values.js";

/** @typedef {import("../../state/step/script.js").LiveScript} LiveScript */

/** Words of Python, and names, texts and comments. */
const TOKENS = /(#.*$)|("[^"]*"|'[^']*')|([A-Za-z_]\w*)/g;

const KEYWORDS = new Set(
  "and as assert break class continue def del elif else for from if import in is lambda not or pass return while".split(
    " ",
  ),
);

/** The text of a script as it is, line by line, with what every line gave last. */
class ScriptCode extends View {
  /** @override */
  render() {
    const source = script.value?.source ?? "";
    const live = state.live.value;
    const lines = source.split("\n");
    const here = live?.position(state.at.value);
    const latest = live?.latest(state.at.value) ?? [];
    return html`${mistakes(lines)}
      <ol class="code" aria-label="The script">
        ${lines.map((text, k) => line(live, text, k + 1, here ?? null, latest[k] ?? -1))}
      </ol>`;
  }

  /** The line that ran stays in sight. @override */
  updated() {
    const now = /** @type {HTMLElement | null} */ (this.querySelector(".now"));
    if (now) bring_into_sight(now);
  }
}

/** What is wrong with a script that does not run. @param {string[]} lines */
function mistakes(lines) {
  const found = state.mistakes.value;
  if (state.live.value) return nothing;
  if (found.length === 0)
    return html`<p class="hint" role="status">The script of ${lines.length} lines runs …</p>`;
  return html`<div role="status">
    <ul class="mistakes">
      ${found.slice(0, 4).map(({ line, message }) => html`<li><b>Line ${line}</b> ${message}.</li>`)}
    </ul>
  </div>`;
}

/**
 * @param {LiveScript | null} live
 * @param {string} text
 * @param {number} number
 * @param {import("../../state/step/script.js").Position | null} here
 * @param {number} latest the position of its last run
 */
function line(live, text, number, here, latest) {
  const now = here !== null && here.line <= number && number <= here.until;
  return html`<li class=${now ? "now" : ""} aria-current=${now ? "step" : nothing}>
    <button
      class="row"
      tabindex="-1"
      ?disabled=${!live}
      @click=${() => live && go(live, number)}
      aria-label="Line ${number}"
    >
      <i>${number}</i><span class="written"><code>${colored(text)}</code></span>
    </button>
    ${live && latest >= 0 ? strip(live, latest) : nothing}
  </li>`;
}

/** The next run of a line, or else its last one. @param {LiveScript} live @param {number} line */
function go(live, line) {
  const from = state.at.value;
  const is_it = (/** @type {number} */ k) => {
    const position = live.position(k);
    return position.line <= line && line <= position.until;
  };
  for (let k = from + 1; k <= live.last; k++) if (is_it(k)) return state.scrub(k);
  for (let k = from; k >= 0; k--) if (is_it(k)) return state.scrub(k);
}

/** What a line gave, small. @param {LiveScript} live @param {number} at */
function strip(live, at) {
  const given = live.moment(at).gives.find(({ array }) => array !== null);
  if (!given || given.array === null) return nothing;
  const data = live.numbers(given.array);
  if (data.length === 0) return nothing;
  const { rows, columns } = laid_out(data.length, given.shape);
  return html`<unrolled-cells
    class="strip"
    role="img"
    aria-label="${given.name}, ${given.said}"
    title="${given.name}, ${given.said}"
    .data=${data}
    .rows=${rows}
    .columns=${columns}
    .scale=${round_scale(data)}
    .pick=${() => state.scrub(at)}
  ></unrolled-cells>`;
}

/** @param {string} line */
function colored(line) {
  const text = breakable(line);
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(TOKENS)) {
    const [all, comment, , name] = found;
    if (!comment && !(name && KEYWORDS.has(name))) continue;
    parts.push(with_breaks(text.slice(from, found.index)));
    parts.push(html`<span class=${comment ? "remark" : "keyword"}>${with_breaks(all)}</span>`);
    from = found.index + all.length;
  }
  return [...parts, with_breaks(text.slice(from))];
}

customElements.define("unrolled-script-code", ScriptCode);
