import { html, nothing } from "lit";
import * as run from "../../../state/write/encoder_decoder.js";
import { View } from "../../view.js";

/** Points of the curve of losses, at most: each is the mean of the updates around it. */
const MOST_POINTS = 120;

/** Loss and share of right answers over the updates. */
class Course extends View {
  /** @override */
  render() {
    void run.updates.value;
    const reached = run.reached.value;
    const { steps, means } = course_of(run.losses);
    if (steps.length < 2 || reached.length < 2) return nothing;
    return html`<div class="encoder-decoder-course">
      <unrolled-value-lines
        .chart=${{
          ...chart("Right answers", "encoder-decoder-right"),
          about: "The share of the answers to what is held out that are right in every character.",
          note: "The share of right answers after each update at which they were written.",
          floor: 0,
          words: reached.map(({ update }) => String(update)),
          steps: reached.map(({ update }) => update),
          lines: [
            line(
              "share right",
              "--validation",
              reached.map(({ right }) => right),
            ),
          ],
        }}
      ></unrolled-value-lines>
      <unrolled-value-lines
        .chart=${{
          ...chart("Loss", "encoder-decoder-loss"),
          about:
            "The mean of −ln p over all characters of an update’s answers, p the probability of the right one.",
          note: "Means over the updates since the line above.",
          floor: 0,
          words: steps.map(String),
          steps,
          lines: [line("loss", "--ink-2", means)],
        }}
      ></unrolled-value-lines>
    </div>`;
  }
}

/** @param {string} title @param {string} file */
const chart = (title, file) => ({ title, file, across: "update" });

/** @param {string} name @param {string} colour @param {number[]} values */
const line = (name, colour, values) => ({ name, colour, dash: "", values });

/** @param {number[]} losses */
function course_of(losses) {
  const stride = Math.max(1, Math.ceil(losses.length / MOST_POINTS));
  const steps = [];
  const means = [];
  for (let from = 0; from < losses.length; from += stride) {
    const some = losses.slice(from, from + stride);
    steps.push(Math.min(losses.length, from + stride));
    means.push(some.reduce((sum, loss) => sum + loss, 0) / some.length);
  }
  return { steps, means };
}

customElements.define("unrolled-pair-course", Course);
