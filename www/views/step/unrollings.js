import { html, nothing, svg } from "lit";
import { count, fine } from "../../state/shared/format.js";
import * as step from "../../state/step/step.js";
import { find_unrollings } from "../../state/step/unrollings.js";
import { View } from "../view.js";

/** @typedef {import("../../types/extra.js").Unrollings} Unrollings */
/** @typedef {Unrollings["ways"][number]} Way */

const [WIDTH, HEIGHT, EDGE] = [280, 150, 8];

const TITLES = { loop: "Loop", scan: "Parallel scan", convolution: "Convolution" };

const CAPTIONS = {
  loop: "Each timestep waits for the one before.",
  scan: "Rounds from the top down; each dot joins two stretches of timesteps.",
  convolution: "The largest factor after 0, 1, 2, … timesteps: how much of a number is left then.",
};

/** @param {Unrollings | null} found */
function title_of(found) {
  if (!found) return "The unrollings of this listing";
  if (found.obstacle) return "One unrolling of this listing: the loop";
  return found.timed ? "Two unrollings of this listing" : "Three unrollings of this listing";
}

/** One listing as loop, as scan and as convolution, with the work and the depth of each. */
class StepUnrollings extends View {
  /** @override */
  static properties = { found: { state: true }, said: { state: true } };

  constructor() {
    super();
    /** @type {Unrollings | null} */
    this.found = null;
    this.said = "";
  }

  /** @override */
  render() {
    const { found, said } = this;
    return html`
      <dialog aria-labelledby="unrollings-title">
        <header>
          <h2 id="unrollings-title">${title_of(found)}</h2>
          <button type="button" @click=${() => this.querySelector("dialog")?.close()}>Close</button>
        </header>
        <div class="scroll" tabindex="0" role="group" aria-label="The unrollings">
          ${said ? html`<p role="status">${said}</p>` : nothing}
          ${found ? (found.obstacle ? refused(found) : shown(found)) : nothing}
        </div>
      </dialog>
    `;
  }

  async open() {
    this.found = null;
    this.said = "The listing is unrolled …";
    await this.updateComplete;
    this.querySelector("dialog")?.showModal();
    try {
      this.found = await find_unrollings();
      this.said = this.found
        ? ""
        : "This listing reads none of its states, or it has too many numbers to be unrolled here: choose fewer units.";
    } catch (failure) {
      this.said = failure instanceof Error ? failure.message : String(failure);
    }
  }
}

/** @param {string[]} states */
const named = (states) =>
  states.map(
    (name, k) => html`${k === 0 ? "" : k === states.length - 1 ? " and " : ", "}<code>${name}</code>`,
  );

/** @param {Unrollings} found */
function refused({ obstacle, states, timesteps }) {
  if (!obstacle) return nothing;
  const { line, operation, of_two, text } = obstacle;
  const one = states.length === 1;
  return html`
    <p>
      This step runs as a loop only: ${count(timesteps)} timesteps, one after another. On the way from the old
      to the new ${named(states)}, line ${line} is not linear in ${one ? "the state" : "the states"}:
      ${
        of_two
          ? html`both operands of <code>${operation}</code> depend on ${one ? "it" : "them"}`
          : html`<code>${operation}</code> is applied to a value that depends on ${one ? "it" : "them"}, and
              is not linear`
      }.
    </p>
    <pre tabindex="0"><b>${line}</b> ${text}</pre>
    <p>
      A scan or a convolution needs new states that are sums of multiples of the old ones, with factors that
      do not depend on the states: <code>h = a * h + b</code>, where <code>a</code> and <code>b</code> come
      from the input and the weights alone.
    </p>
  `;
}

/** @param {number} reads of the old numbers in a new one */
const sum_of = (reads) =>
  reads === 1
    ? "one old number times a factor"
    : `a sum of at most ${count(reads)} old numbers, each times a factor`;

/** @param {Unrollings} found */
function shown(found) {
  const { states, numbers, reads, timed, ways } = found;
  const steady = timed
    ? "The factors are computed from the input, so they differ from timestep to timestep."
    : "The factors are the same at every timestep.";
  return html`
    <p>
      The new ${named(states)} ${states.length === 1 ? "is" : "are"} linear in the old
      ${states.length === 1 ? "one" : "ones"}: each of the ${count(numbers)} numbers is ${sum_of(reads)}, plus
      a number that does not depend on the old ones. ${steady}
      ${step.stepping.value?.outcome.edits.length ? "Changes made by hand are left out." : ""}
    </p>
    <div class="ways">
      ${ways.map((way) => shown_way(way, found))}
      ${
        timed
          ? html`<section>
              <h3>Convolution</h3>
              <p>
                Not possible here: a convolution needs factors that are the same at every timestep, as in LRU,
                S4D and S5.
              </p>
            </section>`
          : nothing
      }
    </div>
    <p class="caption">
      Work counts the products of the recurrence, without those that make its factors. Depth counts rounds
      that wait for each other; within a round everything may be computed side by side.
    </p>
  `;
}

/** @param {Way} way @param {Unrollings} found */
function shown_way(way, found) {
  const drawing = {
    loop: () => tree(way, found.timesteps, 1),
    scan: () => tree(way, found.timesteps, Math.max(1, ...way.pairs.map(([round]) => round + 1))),
    convolution: () => kernel(found.kernel),
  }[way.kind];
  return html`<section data-way=${way.kind}>
    <h3>${TITLES[way.kind]}</h3>
    <figure>
      ${drawing()}
      <figcaption>${CAPTIONS[way.kind]}</figcaption>
    </figure>
    <dl>
      <div>
        <dt>Work</dt>
        <dd>${count(way.work)} products</dd>
      </div>
      <div>
        <dt>Depth</dt>
        <dd>${count(way.depth)} ${way.depth === 1 ? "round" : "rounds"}</dd>
      </div>
      ${
        way.kind === "loop"
          ? html`<div>
              <dt>Largest value of a state</dt>
              <dd>${fine(found.largest)}</dd>
            </div>`
          : html`<div>
              <dt>Difference from the loop</dt>
              <dd>${way.difference === 0 ? "none" : `at most ${fine(way.difference)}`}</dd>
            </div>`
      }
    </dl>
  </section>`;
}

/** @param {number} t @param {number} timesteps */
const across = (t, timesteps) => EDGE + ((t + 0.5) * (WIDTH - 2 * EDGE)) / timesteps;

/**
 * What is joined with what: timesteps from left to right, rounds from the top down.
 * @param {Way} way @param {number} timesteps @param {number} rounds
 */
function tree({ kind, pairs }, timesteps, rounds) {
  const is_loop = kind === "loop";
  const down = (/** @type {number} */ round) =>
    is_loop ? HEIGHT / 2 : EDGE + (round * (HEIGHT - 2 * EDGE)) / rounds;
  const radius = Math.min(4, (WIDTH - 2 * EDGE) / timesteps / 3);
  const dot = (/** @type {number} */ t, /** @type {number} */ round) =>
    svg`<circle cx=${across(t, timesteps)} cy=${down(round)} r=${radius}></circle>`;
  return html`<svg
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label=${
      is_loop ? `A chain of ${timesteps} timesteps` : `A tree of ${rounds} rounds over ${timesteps} timesteps`
    }
  >
    ${
      is_loop
        ? nothing
        : Array.from({ length: timesteps }, (_, t) => {
            const x = across(t, timesteps);
            return svg`<line class="own" x1=${x} y1=${down(0)} x2=${x} y2=${down(rounds)}></line>`;
          })
    }
    ${pairs.map(([round, from, to]) => {
      const [x1, x2] = [across(from, timesteps), across(to, timesteps)];
      const [y1, y2] = [down(round), down(round + 1)];
      return svg`<line x1=${x1} y1=${y1} x2=${x2} y2=${y2}></line>${is_loop ? nothing : dot(to, round + 1)}`;
    })}
    ${Array.from({ length: timesteps }, (_, t) => dot(t, 0))}
  </svg>`;
}

/**
 * The size of each power of the factors: how much of a timestep is left so many timesteps later.
 * @param {number[]} kernel
 */
function kernel(kernel) {
  const most = Math.max(...kernel.filter(Number.isFinite), 1e-30);
  const width = (WIDTH - 2 * EDGE) / kernel.length;
  const called = `The kernel: the largest factor after 0 to ${kernel.length - 1} timesteps`;
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${called}>
    ${kernel.map((value, k) => {
      const height = Math.max(1, (Math.min(value, most) / most) * (HEIGHT - 2 * EDGE)) || 1;
      const [x, y] = [EDGE + k * width, HEIGHT - EDGE - height];
      return svg`<rect x=${x} y=${y} width=${Math.max(1, width - 1)} height=${height}></rect>`;
    })}
  </svg>`;
}

const styles = Object.assign(document.createElement("link"), {
  rel: "stylesheet",
  href: new URL("../../styles/unrollings.css", import.meta.url).href,
});
document.head.append(styles);

customElements.define("unrolled-step-unrollings", StepUnrollings);

/** Opens the dialog. */
export async function open_unrollings() {
  let element = /** @type {StepUnrollings | null} */ (document.querySelector("unrolled-step-unrollings"));
  if (!element) {
    element = /** @type {StepUnrollings} */ (document.createElement("unrolled-step-unrollings"));
    document.body.append(element);
  }
  await element.open();
}
