import { html, nothing } from "lit";
import { FULL_SPEED } from "../../engine/protocol.js";
import { count, decimal, percent } from "../../state/shared/format.js";
import {
  reset,
  set_learning_rate,
  set_speed,
  slow_motion,
  toggle,
  train_epoch,
  update_once,
} from "../../state/train/training.js";
import { has_accuracy } from "../../state/train/experiment.js";
import { LIMITS } from "../../state/train/settings.js";
import { draft } from "../../state/train/model.js";
import * as store from "../../state/shared/store.js";
import { loss_is, pronounced, texts_called } from "../../state/train/made_of.js";
import { say } from "../say.js";
import { View } from "../view.js";

/** Updates a second, slow enough to watch and as fast as the machine can. */
const SPEEDS = [
  { value: 2, label: "2 / s" },
  { value: 20, label: "20 / s" },
  { value: FULL_SPEED, label: "full" },
];

/** Batches over which the shown training loss is averaged. */
const RECENT = 20;

/**
 * @typedef {object} Figure
 * @property {string} name
 * @property {string} value
 * @property {string} means what the value is made of
 * @property {string} [key] for tests
 * @property {boolean} [long] left out where there is little room
 */

/** Train, pause, one update, reset; speed and learning rate; where the run stands. */
class Transport extends View {
  /** @override */
  static properties = { asked: { state: true } };

  constructor() {
    super();
    /** The figure whose meaning is shown. */
    this.asked = "";
  }

  /** @override */
  render() {
    const status = store.status.value;
    const training = status === "training";
    // A changed model that cannot be trained yet: what would train is the one before, which is not on show.
    const able = training || (status === "ready" && draft.value === null);
    return html`
      <div class="buttons">
        <button class="primary" ?disabled=${!able} @click=${toggle} aria-keyshortcuts="Space">
          ${training ? "Pause" : "Train"}
        </button>
        <button ?disabled=${!able} @click=${update_once} title="One batch, one update of the weights">
          One update
        </button>
        <button ?disabled=${!able || training} @click=${train_epoch} title="To the end of the present epoch">
          Epoch
        </button>
        <button
          ?disabled=${!able}
          @click=${slow_motion}
          title="One update, phase by phase"
          aria-label="Slow motion"
        >
          Slow<span class="wide"> motion</span>
        </button>
        <button
          ?disabled=${!able || store.updates.value === 0}
          @click=${reset}
          title="Back to update 0 with the same seed"
        >
          Reset
        </button>
      </div>
      ${status === "ready" && draft.value ? this.#refused() : [this.#speed(), this.#rate()]}
      ${this.#figures()}
    `;
  }

  /** Why nothing can be trained, in place of how fast. */
  #refused() {
    return html`<p class="refused" role="status">
      The changed model cannot be trained yet: see its list of layers.
    </p>`;
  }

  #speed() {
    return html`
      <fieldset class="choice small">
        <legend>Updates</legend>
        ${SPEEDS.map(
          ({ value, label }) => html`
            <label>
              <input
                type="radio"
                name="speed"
                .checked=${store.speed.value === value}
                @change=${() => set_speed(value)}
              />
              <span>${label}</span>
            </label>
          `,
        )}
      </fieldset>
    `;
  }

  #rate() {
    const rate = store.settings.value.rate;
    if (!Number.isFinite(rate)) return nothing; // A schedule, or the optimizer's own.
    const { minimum, maximum } = LIMITS.rate;
    return html`
      <label class="rate" title="May be changed while training runs">
        <span>Learning rate</span>
        <input
          type="range"
          min=${Math.log10(minimum)}
          max=${Math.log10(maximum)}
          step="0.05"
          .value=${String(Math.log10(rate))}
          aria-valuetext=${String(rate)}
          @input=${(/** @type {InputEvent} */ event) => {
            const exponent = Number(/** @type {HTMLInputElement} */ (event.target).value);
            void set_learning_rate(Number((10 ** exponent).toPrecision(2)));
          }}
        />
        <span class="rate-value">${rate}</span>
      </label>
    `;
  }

  #figures() {
    if (store.status.value === "preparing")
      return html`<p class="standing"><span role="status">${store.preparing.value} …</span> ${arrived()}</p>`;
    const setup = store.setup.value;
    if (!setup) return nothing;
    void store.reports.value;
    const figures = figures_of(setup);
    const asked = figures.find(({ name }) => name === this.asked);
    return html`
      <div class="standing" @pointerleave=${this.#forget} @focusout=${this.#forget} @keydown=${this.#key}>
        ${figures.map(
          (figure) => html`
            <button
              type="button"
              class="standing-figure ${figure.long ? "long" : ""}"
              aria-describedby="standing-means"
              @pointerenter=${() => (this.asked = figure.name)}
              @focus=${() => (this.asked = figure.name)}
              @click=${() => this.#tell(figure)}
            >
              <span>${figure.name}</span> <b data-figure=${figure.key ?? nothing}>${figure.value}</b>
            </button>
          `,
        )}
        <p id="standing-means" role="tooltip" ?hidden=${!asked}>
          ${asked ? html`<b>${asked.name} ${asked.value}</b> ${asked.means}` : nothing}
        </p>
      </div>
    `;
  }

  #forget() {
    this.asked = "";
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape") this.asked = "";
  }

  /** @param {Figure} figure */
  #tell({ name, value, means }) {
    this.asked = name;
    say(pronounced(`${name} ${value}. ${means}`));
  }
}

/** Where the run stands, in numbers. @param {import("../../types/engine.js").SetUp} setup @returns {Figure[]} */
function figures_of(setup) {
  const updates = store.updates.value;
  const history = store.history.value;
  const recent = history.recent(RECENT);
  const validation = history.last_validation;
  const { document } = store.experiment.value;
  const name = texts_called();
  const right = has_accuracy(document);
  const read = Math.min(RECENT, history.length);
  const guess =
    setup.guessing_loss === null || setup.guessing_loss === undefined
      ? ""
      : ` Guessing costs ${decimal(setup.guessing_loss, 2)}.`;
  return [
    {
      name: "Update",
      key: "step",
      value: count(updates),
      means: `Updates of the weights so far, each by the gradient of one batch of ${count(setup.batch_size)} ${name}.`,
    },
    {
      name: "Epoch",
      value: decimal(updates / setup.steps_per_epoch, 2),
      means:
        `= ${count(updates)} updates / ${count(setup.steps_per_epoch)} updates per epoch: in an epoch each of the ` +
        `${count(setup.train)} training ${name} is read once.`,
      long: true,
    },
    {
      name: "Mean loss",
      value: recent ? decimal(recent.loss) : "–",
      means:
        `${read < RECENT ? "Over all updates so far" : `Over the last ${RECENT} updates`}, the mean of ` +
        `the loss of each update’s batch, which is ${loss_is(`its ${name}`)}.${guess}`,
    },
    {
      name: right ? "Validation" : "Val. loss",
      key: "validation",
      value: !validation ? "–" : right ? percent(validation.accuracy, 1) : decimal(validation.loss),
      means: validation
        ? `${right ? "Share of right answers" : "Loss"} on the ${count(setup.validation)} validation ${name}, after ` +
          `update ${count(validation.step)}. They are never trained on.`
        : `${right ? "Share of right answers" : "Loss"} on ${count(setup.validation)} ${name} that are never trained ` +
          "on.",
    },
  ];
}

/** Progress of the download. */
function arrived() {
  const progress = store.loading.value;
  if (!progress) return nothing;
  const { received, total } = progress;
  return html`
    <progress
      aria-label="Data that have arrived"
      max=${total ?? nothing}
      value=${total === null ? nothing : received}
    ></progress>
    <span class="arrived"
      >${decimal(received / 1e6, 1)}${total === null ? "" : ` of ${decimal(total / 1e6, 1)}`} MB</span
    >
  `;
}

customElements.define("unrolled-transport", Transport);
