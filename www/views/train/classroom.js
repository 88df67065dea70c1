import { html, nothing, svg } from "lit";
import { decimal, duration, percent } from "../../state/shared/format.js";
import { View } from "../view.js";

/** @typedef {import("../../types/engine.js").MenuEntry} MenuEntry */
/** @typedef {import("../../types/engine.js").Course} Course */
/** @typedef {import("../../types/engine.js").CoursePoint} CoursePoint */

/** How long a class waits, in seconds. */
const WAITS = [20, 60, 180];

/** The seconds at both ends of a curve's axis, which is logarithmic. */
const [FIRST, LAST] = [0.05, 240];

const [WIDTH, HEIGHT] = [200, 44];

/** What each network reaches while a class waits, and its curve: a choice before a lesson. */
class Classroom extends View {
  /** @override */
  static properties = { entries: { attribute: false } };

  constructor() {
    super();
    /** @type {MenuEntry[]} */
    this.entries = [];
    /** @type {(entry: MenuEntry) => void} */
    this.choose = () => undefined;
  }

  /** @override */
  render() {
    return html`
      <dialog aria-labelledby="classroom-title">
        <header>
          <h2 id="classroom-title">What a class sees after 20, 60 and 180 seconds</h2>
          <p>
            Accuracy in per cent, of which more is better, or bits per character, of which fewer are, after
            each whole epoch on the test part, from which the network does not learn. The seconds are those of
            this page on two cores at full speed; other machines are faster or slower, and end at the same
            figures.
          </p>
          <button type="button" @click=${this.#close}>Close</button>
        </header>
        <div class="scroll" tabindex="0" role="group" aria-label="The table">
          <table>
            <thead>
              <tr>
                <th scope="col">Network</th>
                ${WAITS.map((seconds) => html`<th scope="col">${seconds} s</th>`)}
                <th scope="col">Test part, over ${decimal(FIRST, 2)} to ${LAST} s</th>
              </tr>
            </thead>
            <tbody>
              ${this.entries.map((entry) => (entry.course ? this.#row(entry, entry.course) : nothing))}
            </tbody>
          </table>
        </div>
      </dialog>
    `;
  }

  /** @param {MenuEntry} entry @param {Course} course */
  #row(entry, course) {
    return html`<tr>
      <th scope="row">
        <button type="button" data-lesson=${entry.name} @click=${() => this.#chosen(entry)}>
          ${entry.title}
        </button>
      </th>
      ${WAITS.map((seconds) => html`<td data-wait="${seconds} s">${reached(course, seconds)}</td>`)}
      <td>${curve(course)}</td>
    </tr>`;
  }

  /** @param {MenuEntry} entry */
  #chosen(entry) {
    this.#close();
    this.choose(entry);
  }

  #close() {
    this.querySelector("dialog")?.close();
  }

  /** @param {MenuEntry[]} entries @param {(entry: MenuEntry) => void} choose */
  async open(entries, choose) {
    this.entries = entries;
    this.choose = choose;
    await this.updateComplete;
    this.querySelector("dialog")?.showModal();
  }
}

const style = Object.assign(document.createElement("link"), {
  rel: "stylesheet",
  href: new URL("../../styles/classroom.css", import.meta.url).href,
});
document.head.append(style);
customElements.define("unrolled-classroom", Classroom);

/** @param {Course} course @param {CoursePoint} point */
function figure({ quantity }, { value }) {
  return quantity === "accuracy" ? percent(value, 1) : `${decimal(value, 2)} bits per character`;
}

/** What is there when a class has waited so long. @param {Course} course @param {number} seconds */
function reached(course, seconds) {
  const { points } = course;
  const done = points.filter((point) => point.seconds <= seconds).at(-1);
  if (!done) return html`<i>not one epoch</i>`;
  return html`<b>${figure(course, done)}</b><i>${how_far(course, done, seconds)}</i>`;
}

/** @param {Course} course @param {CoursePoint} done @param {number} seconds */
function how_far({ points }, done, seconds) {
  const epochs = `${done.epoch} ${done.epoch === 1 ? "epoch" : "epochs"}`;
  if (done !== points.at(-1)) return `${epochs} of ${points.length}`;
  const was_there = WAITS.some((wait) => wait < seconds && done.seconds <= wait);
  return was_there ? "done before" : `all ${epochs}, done in ${duration(done.seconds)}`;
}

/** One point after each epoch; the upright lines stand at 20, 60 and 180 seconds. @param {Course} course */
function curve(course) {
  const { points, quantity } = course;
  const across = (/** @type {number} */ seconds) =>
    (WIDTH * Math.log(seconds / FIRST)) / Math.log(LAST / FIRST);
  const highest = quantity === "accuracy" ? 1 : 1.1 * Math.max(...points.map((point) => point.value));
  const down = (/** @type {number} */ value) => HEIGHT - 4 - (HEIGHT - 8) * (value / highest);
  const places = points.map(({ seconds, value }) => [across(seconds), down(value)]);
  const [first, last] = [points[0], points[points.length - 1]];
  const ends = [first, last].map((point) => `${figure(course, point)} after ${duration(point.seconds)}`);
  return html`<svg
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    width=${WIDTH}
    height=${HEIGHT}
    role="img"
    aria-label=${`${quantity}: ${ends.join(", ")}`}
  >
    ${WAITS.map((wait) => svg`<line x1=${across(wait)} x2=${across(wait)} y1="0" y2=${HEIGHT} class="wait" />`)}
    <line x1="0" x2=${WIDTH} y1=${down(0)} y2=${down(0)} class="base" />
    <polyline points=${places.map((place) => place.join()).join(" ")} />
    ${places.map(([x, y]) => svg`<circle cx=${x} cy=${y} r="2" />`)}
  </svg>`;
}

/**
 * The dialog, made when it is first asked for.
 * @param {MenuEntry[]} entries @param {(entry: MenuEntry) => void} choose
 */
export async function show_classroom(entries, choose) {
  let dialog = /** @type {Classroom | null} */ (document.querySelector("unrolled-classroom"));
  if (!dialog) {
    dialog = /** @type {Classroom} */ (document.createElement("unrolled-classroom"));
    document.body.append(dialog);
  }
  await dialog.open(entries, choose);
}
