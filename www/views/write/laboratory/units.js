import { html, nothing } from "lit";
import { swatch } from "../../../figures/color.js";
import { count, decimal, signed, visible } from "../../../state/shared/format.js";
import * as following from "../../../state/write/following.js";
import * as writer from "../../../state/write/writer.js";
import { show_table } from "../../table.js";
import { View, with_code } from "../../view.js";

/** @typedef {import("../../../types/extra.js").Follower} Follower */
/** @typedef {import("../../../types/extra.js").Followers} Followers */
/** @typedef {import("../../../types/extra.js").Passage} Passage */

/** Units that follow something: quotes, brackets, the line, or one's own pattern. */
class Units extends View {
  /** @override */
  render() {
    const able = writer.facts.value !== null;
    const { value: progress } = following.progress;
    const { value: found } = following.found;
    return html`<section class="laboratory" aria-labelledby="following-title">
      <h2 id="following-title">Units that follow something</h2>
      <p class="caption">
        The model reads a text that it was not trained on, and each unit’s state after each
        ${writer.facts.value?.unit ?? "character"} is correlated with what is true there.
      </p>
      <div class="laboratory-bar">${found || progress ? choices() : start(able)}${reading(progress)}</div>
      ${
        following.trouble.value
          ? html`<p class="problem" role="alert">${with_code(following.trouble.value)}</p>`
          : nothing
      }
      ${found ? this.#followers(found.followers) : nothing}
    </section>`;
  }

  /** @param {Followers} followers */
  #followers(followers) {
    const { units, chance, columns, mean, is_binary } = followers;
    const { value: shown } = following.shown;
    const share = is_binary
      ? html`<b>${sought()}</b> is true at ${decimal(100 * mean, 1)} % of the text.`
      : html`<b>${sought()}</b> is a number, ${decimal(mean, 1)} in the mean.`;
    return html`
      <p class="laboratory-said">
        ${share} Of ${count(columns)} states of units these correlate most. Moved along the text, where it can
        mean nothing, the same pattern still correlates with one of them by up to
        <b>${decimal(chance, 2)}</b>.
        <button class="quiet" @click=${() => table(followers)}>Table</button>
      </p>
      <ol class="followers">
        ${units.map((follower) => {
          const is_shown = shown?.follower.place === follower.place;
          return html`<li>
            <button
              aria-pressed=${is_shown ? "true" : "false"}
              style="--bar:${Math.abs(follower.correlation).toFixed(3)}"
              class=${Math.abs(follower.correlation) > chance ? "" : "by-chance"}
              @click=${() => following.show(follower, follower.correlation > 0)}
            >
              <b>${signed(follower.correlation, 2)}</b>
              <span>${name_of(follower)}</span>
              ${
                follower.mean_inside === null
                  ? nothing
                  : html`<i
                      >${signed(follower.mean_inside, 2)} where true, ${signed(follower.mean_outside ?? 0, 2)}
                      elsewhere</i
                    >`
              }
            </button>
          </li>`;
        })}
      </ol>
      ${shown ? passages(shown) : nothing}
    `;
  }
}

/** What is looked for. */
function sought() {
  const pattern = following.found.value?.pattern;
  const ready = following.patterns.value.find(({ name }) => name === pattern?.ready);
  return ready ? `“${ready.about}”` : html`In a match of <code>${pattern?.expression}</code>`;
}

/** @param {Follower} follower */
const name_of = ({ column }) => `${column.state} of unit ${column.unit}, layer ${column.layer}`;

/** @param {boolean} able */
function start(able) {
  return html`<button class="primary" ?disabled=${!able} @click=${() => following.choose("quotes")}>
    Read, and look for quotation marks
  </button>`;
}

/** What can be looked for. */
function choices() {
  const { value: ready } = following.ready;
  return html`
    <label>
      <span>Pattern</span>
      <select
        name="following-pattern"
        @change=${(/** @type {Event} */ event) =>
          following.choose(/** @type {HTMLSelectElement} */ (event.target).value)}
      >
        ${following.patterns.value.map(
          ({ name, about }) => html`<option value=${name} .selected=${ready === name}>${about}</option>`,
        )}
        <option value="" .selected=${ready === ""}>a regular expression</option>
      </select>
    </label>
    <label>
      <span>Expression</span>
      <input
        type="text"
        name="following-expression"
        spellcheck="false"
        autocapitalize="off"
        autocomplete="off"
        .value=${following.expression.value}
        @change=${(/** @type {Event} */ event) =>
          following.choose_expression(/** @type {HTMLInputElement} */ (event.target).value)}
      />
    </label>
  `;
}

/** @param {import("../../../types/extra.js").FollowingProgress | null} progress */
function reading(progress) {
  if (!progress) return nothing;
  const tokens = progress.characters ? "characters" : "words";
  if (progress.done >= progress.all) return html`<span>${count(progress.all)} ${tokens} read</span>`;
  return html`<progress max=${progress.all} value=${progress.done} aria-label="Read"></progress>
    <span>${count(progress.done)} of ${count(progress.all)} ${tokens}</span>`;
}

/** @param {{ follower: Follower, largest: boolean, passages: Passage[] }} shown */
function passages({ follower, largest, passages: all }) {
  const reach = Math.max(0.01, ...all.flatMap(({ values }) => [...values].map(Math.abs)));
  return html`
    <h3>Where ${name_of(follower)} is ${largest ? "largest" : "smallest"}</h3>
    <p class="caption">
      Framed is the place. Each ${writer.facts.value?.unit ?? "character"} has the colour of the unit’s state
      after it; underlined is where the pattern is true or not 0.
      <button class="quiet" @click=${() => following.show(follower, !largest)}>
        Where it is ${largest ? "smallest" : "largest"}
      </button>
      <button class="quiet" @click=${() => passages_table({ follower, largest, passages: all })}>
        Table
      </button>
    </p>
    <ol class="passages">
      ${all.map(
        (passage) =>
          html`<li>
            <b>${signed(passage.values[passage.at], 2)}</b> <span>${tokens(passage, reach)}</span>
          </li>`,
      )}
    </ol>
  `;
}

/** @param {Passage} passage @param {number} reach */
function tokens({ tokens: all, values, pattern, at }, reach) {
  return all.map((token, k) => {
    const { background, color } = swatch(values[k] / reach);
    const text = token === "\n" ? "↵" : token;
    return html`<span
      class="${pattern[k] === 0 ? "" : "holds"} ${k === at ? "here" : ""}"
      style="background:${background};color:${color}"
      title=${signed(values[k], 2)}
      >${text}</span
    >`;
  });
}

/** @param {Followers} followers */
function table({ units, chance }) {
  show_table({
    title: "Units that follow the pattern",
    note: `Pearson’s correlation. Moved along the text the pattern still reaches ${decimal(chance, 3)}.`,
    head: ["unit", "correlation", "mean where true", "mean elsewhere"],
    rows: units.map((follower) => [
      name_of(follower),
      signed(follower.correlation, 4),
      follower.mean_inside === null ? "" : signed(follower.mean_inside, 4),
      follower.mean_outside === null ? "" : signed(follower.mean_outside, 4),
    ]),
  });
}

/**
 * Every character of the passages with its number.
 * @param {{ follower: Follower, largest: boolean, passages: Passage[] }} shown
 */
function passages_table({ follower, largest, passages }) {
  const called = writer.facts.value?.unit ?? "character";
  show_table({
    title: `Where ${name_of(follower)} is ${largest ? "largest" : "smallest"}`,
    note: `The state after each ${called}; what the pattern is there: 1 where it is true, or its number.`,
    head: ["passage", called, "state", "pattern", "the place"],
    rows: passages.flatMap(({ tokens, values, pattern, at }, k) =>
      tokens.map((token, t) => [
        String(k + 1),
        visible(token),
        signed(values[t], 4),
        decimal(pattern[t], 2),
        t === at ? "here" : "",
      ]),
    ),
  });
}

customElements.define("unrolled-laboratory-units", Units);
