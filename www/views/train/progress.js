import { html, nothing } from "lit";
import { count, duration } from "../../state/shared/format.js";
import { is_language_model, samples_called, set_of } from "../../state/train/experiment.js";
import { open_cut, whole_seconds } from "../../state/train/cuts.js";
import { pace } from "../../state/train/insight.js";
import { open_preset } from "../../state/train/open.js";
import * as store from "../../state/shared/store.js";
import { View } from "../view.js";

/** How far the run is, how fast it goes and how long the rest takes on this machine. */
class Progress extends View {
  /** @override */
  render() {
    const setup = store.setup.value;
    const known = pace.value?.pace ?? null;
    const { document } = store.experiment.value;
    const per_epoch = setup?.steps_per_epoch ?? 1;
    const whole = document.fit.epochs * per_epoch;
    const updates = store.updates.value;
    const until = Math.max(pace.value?.until ?? 0, whole);
    const epoch = Math.min(Math.floor(updates / per_epoch) + 1, until / per_epoch);
    return html`
      <progress aria-label="Updates of this training" max=${until} value=${updates}></progress>
      <p>
        <span class="epochs"
          >${setup ? html`Epoch <b>${count(epoch)}</b> of ${count(until / per_epoch)}` : nothing}</span
        >
        ${known ? this.#times(known, updates, whole, per_epoch) : html`<span>${before_training(document)}</span>`}
        ${known ? html`<span class="detail">${this.#rate(known, document)}</span>` : nothing}
        ${whole_of_cut()}
      </p>
    `;
  }

  /**
   * @param {import("../../types/engine.js").Pace} known @param {number} updates @param {number} whole
   * @param {number} per_epoch
   */
  #times(known, updates, whole, per_epoch) {
    const speed = store.speed.value;
    const until = Math.max(pace.value?.until ?? 0, whole);
    const so_far = store.history.value.seconds;
    if (updates >= until) return html`<span class="time">Took <b>${duration(so_far)}</b> of computing</span>`;
    const slowed = speed > 0 ? (until - updates) / speed : 0;
    const left = Math.max(known.seconds_left, slowed);
    const epochs = until / per_epoch;
    // The time that is left is known up to the end of the present leg.
    const behind = Math.max(0, until - (pace.value?.until ?? 0)) / per_epoch;
    const all = so_far + known.seconds_left + behind * known.seconds_per_epoch;
    return html`
      <span class="time"
        >${store.status.value === "training" && left > 0 ? html`<b>${duration(left)}</b> left` : nothing}</span
      >
      <span class="time">${duration(so_far)} of computing so far</span>
      <span class="detail"
        >${count(epochs)}
        ${epochs === 1 ? "epoch and its validations take" : "epochs and their validations take"} about
        ${duration(all)} on this machine at full speed</span
      >
    `;
  }

  /**
   * @param {import("../../types/engine.js").Pace} known
   * @param {import("../../types/engine.js").Experiment} document
   */
  #rate(known, document) {
    const samples = `${count(Math.round(known.samples_per_second))} ${samples_called(document)}`;
    if (known.tokens_per_second === null) return `${samples} per second of computing`;
    return `${samples}, ${count(Math.round(known.tokens_per_second))} timesteps per second of computing`;
  }
}

/** What is known of the time before the first update. @param {import("../../types/engine.js").Experiment} document */
function before_training({ measured, fit }) {
  const known = measured?.find(
    ({ epochs, seconds_in_page }) =>
      seconds_in_page !== undefined && (epochs === undefined || epochs === fit.epochs),
  );
  return known?.seconds_in_page === undefined
    ? "Time left: known in training"
    : `About ${duration(known.seconds_in_page)} on two cores at full speed`;
}

/** The way from a smaller cut to the whole experiment. */
function whole_of_cut() {
  const found = open_cut.value;
  if (!found) return nothing;
  const { fit } = found.whole;
  const seconds = whole_seconds.value;
  const takes = seconds === null ? "" : `, about ${duration(seconds)}`;
  return html`<span class="whole"
    >A smaller cut: ${found.cut.title}.
    <button @click=${() => open_preset(found.name)}>
      Open the whole: ${samples_of(found)}${count(fit.epochs)} epochs${takes}
    </button></span
  >`;
}

/**
 * What the whole learns from. A cut of epochs alone learns from the same samples, which may be fewer than the data set
 * has: some readings leave samples out.
 * @param {NonNullable<typeof open_cut.value>} found
 */
function samples_of({ cut, whole }) {
  if (is_language_model(whole)) return "the whole text, ";
  const samples = cut.limit === null ? store.setup.value?.train : set_of(whole)?.samples;
  return samples === undefined ? "" : `${count(samples)} ${samples_called(whole)}, `;
}

customElements.define("unrolled-progress", Progress);
