import { html, nothing } from "lit";
import { FULL_SPEED } from "../../engine/protocol.js";
import { count, decimal, duration, percent } from "../../state/shared/format.js";
import { reset, set_learning_rate, set_speed, update_once, toggle } from "../../state/train/training.js";
import { LIMITS } from "../../state/train/settings.js";
import * as store from "../../state/shared/store.js";
import { View } from "../view.js";

/** Steps a second, slow enough to watch and as fast as the machine can. */
const SPEEDS = [
  { value: 2, label: "2 / s" },
  { value: 20, label: "20 / s" },
  { value: FULL_SPEED, label: "full" },
];

/** Batches over which the shown training loss is averaged. */
const RECENT = 20;

/** Train, pause, step, reset; speed and learning rate; where the run stands. */
class Transport extends View {
  /** @override */
  render() {
    const status = store.status.value;
    const training = status === "training";
    const able = training || status === "ready";
    return html`
      <div class="buttons">
        <button class="primary" ?disabled=${!able} @click=${toggle} aria-keyshortcuts="Space">
          ${training ? "Pause" : "Train"}
        </button>
        <button ?disabled=${!able} @click=${update_once} title="One batch, one update of the weights">
          Step
        </button>
        <button
          ?disabled=${!able || store.updates.value === 0}
          @click=${reset}
          title="Back to step 0 with the same seed"
        >
          Reset
        </button>
      </div>
      ${this.#speed()} ${this.#rate()} ${this.#figures()}
    `;
  }

  #speed() {
    return html`
      <fieldset class="choice small">
        <legend>Steps</legend>
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
        <output>${rate}</output>
      </label>
    `;
  }

  #figures() {
    const step = store.updates.value;
    const setup = store.setup.value;
    if (store.status.value === "preparing")
      return html`<p class="standing"><span role="status">${store.preparing.value} …</span> ${arrived()}</p>`;
    if (!setup) return nothing;
    const history = store.history.value;
    const recent = history.recent(RECENT);
    const validation = history.last_validation;
    return html`
      <dl class="standing">
        <div>
          <dt>Step</dt>
          <dd data-figure="step">${count(step)}</dd>
        </div>
        <div>
          <dt>Epoch</dt>
          <dd>${decimal(step / setup.steps_per_epoch, 2)}</dd>
        </div>
        <div class="long">
          <dt>Time</dt>
          <dd>${duration(history.seconds)}</dd>
        </div>
        <div class="long" title="Mean of the last ${RECENT} batches">
          <dt>Loss</dt>
          <dd>${recent ? decimal(recent.loss) : "–"}</dd>
        </div>
        <div title="Share of right answers on texts that are never learned from">
          <dt>Validation</dt>
          <dd data-figure="validation">${validation ? percent(validation.accuracy, 1) : "–"}</dd>
        </div>
      </dl>
    `;
  }
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
