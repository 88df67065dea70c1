import { html, nothing } from "lit";
import { count, duration } from "../../state/shared/format.js";
import { samples_called } from "../../state/train/experiment.js";
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
        ${known ? this.#times(known, updates, whole) : html`<span>Time left: known in training</span>`}
        ${known ? html`<span class="detail">${this.#rate(known, document)}</span>` : nothing}
        ${whole_of_cut()}
      </p>
    `;
  }

  /** @param {import("../../types/engine.js").Pace} known @param {number} updates @param {number} whole */
  #times(known, updates, whole) {
    const speed = store.speed.value;
    const until = pace.value?.until ?? whole;
    const slowed = speed > 0 ? (until - updates) / speed : 0;
    const left = Math.max(known.seconds_left, slowed);
    const epochs = store.experiment.value.document.fit.epochs;
    return html`
      <span class="time"
        >${store.status.value === "training" && left > 0 ? html`<b>${duration(left)}</b> left` : nothing}</span
      >
      <span class="time">${duration(store.history.value.seconds)} so far</span>
      <span class="detail"
        >${count(epochs)}
        ${epochs === 1 ? "epoch and its validations take" : "epochs and their validations take"} about
        ${duration(epochs * known.seconds_per_epoch)} on this machine at full speed</span
      >
    `;
  }

  /**
   * @param {import("../../types/engine.js").Pace} known
   * @param {import("../../types/engine.js").Experiment} document
   */
  #rate(known, document) {
    const samples = `${count(Math.round(known.samples_per_second))} ${samples_called(document)} / s`;
    if (known.tokens_per_second === null) return samples;
    return `${samples}, ${count(Math.round(known.tokens_per_second))} timesteps / s`;
  }
}

/** The way from a smaller cut to the whole experiment. */
function whole_of_cut() {
  const found = open_cut.value;
  if (!found) return nothing;
  const { epochs } = found.whole.fit;
  const seconds = whole_seconds.value;
  const takes = seconds === null ? "" : `, about ${duration(seconds)} here`;
  return html`<span class="whole"
    >A smaller cut: ${found.cut.title}.
    <button @click=${() => open_preset(found.name)}>
      Open the whole: ${count(epochs)} epochs${takes}
    </button></span
  >`;
}

customElements.define("unrolled-progress", Progress);
