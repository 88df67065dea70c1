import { html, nothing } from "lit";
import { count, decimal, percent } from "../../state/shared/format.js";
import { gather_now, looking, refused, statistics } from "../../state/watch/doctor.js";
import { shown_layer, status, updates } from "../../state/shared/store.js";
import { measured, reads_text } from "../../state/watch/shown.js";
import { TABLE_SIGN, show_table } from "../table.js";
import { View } from "../view.js";
import "./padding.js";

/** @typedef {import("../../types/extra.js").Statistics} Found */
/** @typedef {import("../../types/extra.js").LayerStatistics} LayerStatistics */
/** @typedef {import("../../types/extra.js").SymbolStatistics} SymbolStatistics */
/** @typedef {import("../../types/extra.js").Histogram} Histogram */

/** Height of a histogram in its own units. */
const HEIGHT = 60;

/** What gates and states do over many samples: how they are distributed, how saturated, which units are dead. */
class Statistics extends View {
  /** @override */
  connectedCallback() {
    super.connectedCallback();
    if (statistics.value === null && status.value !== "preparing") void gather_now();
  }

  /** @override */
  render() {
    const known = statistics.value;
    return html`
      <p class="hint">
        ${known ? this.#about(known) : looking.value ? "Samples are being read …" : nothing}
        ${
          known?.step === updates.value || looking.value
            ? nothing
            : html`<button type="button" class="quiet" @click=${() => gather_now()}>
                Read the samples now
              </button>`
        }
      </p>
      ${
        refused.value
          ? html`<p class="problem" role="alert">The samples could not be read: ${refused.value}.</p>`
          : nothing
      }
      ${known ? this.#found(known.found) : nothing}
      ${reads_text.value ? html`<unrolled-padding></unrolled-padding>` : nothing}
    `;
  }

  /** @param {{ step: number, found: Found }} known */
  #about({ step, found }) {
    const of = found.subset === "validation" ? "validation" : "training";
    return `${count(found.samples)} ${of} samples, read after update ${count(step)}; padding is left out. `;
  }

  /** @param {Found} found */
  #found(found) {
    const layer = found.layers.find(({ name }) => name === shown_layer.value?.name) ?? found.layers[0];
    if (!layer) return html`<p>This network has no recurrent layer.</p>`;
    return html`
      <div class="histograms">${layer.symbols.map(histogram)} ${gradients(layer)}</div>
      <p class="caption">How often each value occurs. ${what_saturates(layer)}</p>
      <ul class="facts">
        <li>${dead(layer)}</li>
        <li>${left(layer)}</li>
        ${found.padding ? html`<li>${padding(found.padding)}</li>` : nothing}
        ${found.answers ? html`<li>${answers(found)}</li>` : nothing}
      </ul>
      <button
        type="button"
        class="quiet"
        @click=${() => table(layer)}
        title="Table"
        aria-label="Statistics as a table"
      >
        ${TABLE_SIGN} table
      </button>
    `;
  }
}

/** Whether it lies between −1 and 1, as a tanh does. @param {SymbolStatistics} symbol */
function is_within({ name, smallest, largest }) {
  return name !== "c" && smallest >= -1 && smallest < 0 && largest <= 1;
}

/** What to look for, where there are values with limits. @param {LayerStatistics} layer */
function what_saturates({ symbols }) {
  const gates = symbols.some(({ is_share }) => is_share) ? "a gate whose bars pile up at 0 or 1" : "";
  const states = symbols.some(is_within) ? "a candidate or state whose bars pile up at −1 or 1" : "";
  const which = [gates, states].filter((one) => one !== "").join(", or ");
  const saturated =
    which === "" ? "" : `Saturated is ${which}: it hardly reacts to what is read, and hardly learns. `;
  const silent = symbols.find(({ is_share, smallest }) => !is_share && smallest === 0);
  return silent ? `${saturated}Where ${silent.name} is 0, a relu passes no gradient on.` : saturated;
}

/** @param {SymbolStatistics} symbol */
function histogram(symbol) {
  const { name, mean, histogram: bars, saturated_low, saturated_high, is_share } = symbol;
  const ends = is_share ? ["below 0.05", "above 0.95"] : ["below −0.95", "above 0.95"];
  const beyond = `${percent(saturated_low, 1)} ${ends[0]}, ${percent(saturated_high, 1)} ${ends[1]}`;
  // What has no limits cannot be saturated.
  const range = `from ${decimal(symbol.smallest)} to ${decimal(symbol.largest)}`;
  const about = is_share || is_within(symbol) ? beyond : range;
  return html`<figure class="of-${name}">
    <figcaption><b class="symbol">${name}</b> <span>mean ${decimal(mean)}</span></figcaption>
    ${picture(bars, `${name}: mean ${decimal(mean)}, ${about}`)}
    <p class="ends"><span>${decimal(bars.low, 2)}</span><span>${decimal(bars.high, 2)}</span></p>
    <p class="caption">${about}</p>
  </figure>`;
}

/** @param {LayerStatistics} layer */
function gradients({ gradients: bars }) {
  return html`<figure>
    <figcaption>
      <b class="symbol">‖∂ ${measured.value.symbol}/∂h‖</b> <span>at all timesteps</span>
    </figcaption>
    ${picture(bars, "Lengths of the gradient at the state, by powers of ten")}
    <p class="ends">
      <span>10<sup>${bars.low}</sup></span
      ><span>10<sup>${bars.high}</sup></span>
    </p>
    <p class="caption">on a logarithmic scale</p>
  </figure>`;
}

/** @param {Histogram} bars @param {string} said */
function picture({ shares }, said) {
  const highest = Math.max(...shares, Number.MIN_VALUE);
  const tops = shares.map((share, k) => {
    const tall = (HEIGHT * share) / highest;
    return `M${k + 0.05} ${HEIGHT}v${-tall}h0.9v${tall}z`;
  });
  return html`<svg
    viewBox="0 0 ${shares.length} ${HEIGHT}"
    preserveAspectRatio="none"
    role="img"
    aria-label=${said}
    .innerHTML=${`<path d="${tops.join("")}"></path>`}
  ></svg>`;
}

/** @param {LayerStatistics} layer */
function dead({ dead, units, name }) {
  if (dead.length === 0)
    return `None of the ${count(units)} units of ${name} is dead: the output of each changes with what is read.`;
  const shown = dead.slice(0, 12).join(", ");
  const more = dead.length > 12 ? ` and ${count(dead.length - 12)} more` : "";
  return (
    `${count(dead.length)} of ${count(units)} units of ${name} ${dead.length === 1 ? "is" : "are"} dead: their ` +
    `output is the same whatever is read: ${shown}${more}.`
  );
}

/** @param {LayerStatistics} layer */
function left({ gradient_left, distance }) {
  if (gradient_left === null || gradient_left === undefined) return "No sample has two timesteps.";
  const share =
    gradient_left < 0.001 || gradient_left >= 10
      ? gradient_left.toExponential(1).replace("-", "−")
      : decimal(gradient_left, 3);
  return (
    `The gradient at the first step is ${share} times that at the last one, ${decimal(distance, 1)} steps ` +
    "later (geometric mean over the samples)."
  );
}

/** @param {import("../../types/extra.js").PaddingFigures} padding */
function padding({ mean, timesteps, behind, masked, drift }) {
  const place = behind ? "after" : "before";
  const what = `On average ${decimal(mean, 1)} of ${count(timesteps)} timesteps are padding, ${place} the words. `;
  if (masked) return `${what}The model masks them: the state stays as it is there.`;
  const moves = behind
    ? `from the last word to the end the state moves by ${percent(drift)} of its length.`
    : `padding alone moves the state: its norm before the first word is ${percent(drift)} of that after it.`;
  return `${what}No mask hides them, so ${moves}`;
}

/** @param {Found} found */
function answers({ answers, samples }) {
  if (!answers) return "";
  const { name, share, labels, wrong, sure_when_wrong } = answers;
  const sure =
    sure_when_wrong === null
      ? ""
      : ` On average the network gave a wrong prediction a probability of ${percent(sure_when_wrong)}.`;
  return (
    `“${name}” is predicted for ${percent(share)} of the samples and is the label of ${percent(labels)}; ` +
    `${count(wrong)} of ${count(samples)} predictions are wrong.${sure}`
  );
}

/** @param {LayerStatistics} layer */
function table(layer) {
  show_table({
    title: `Values of ${layer.name}`,
    note: "Over all samples and timesteps that are no padding.",
    head: ["symbol", "mean", "smallest", "largest", "saturated below", "saturated above"],
    rows: layer.symbols.map(({ name, mean, smallest, largest, saturated_low, saturated_high }) => [
      name,
      decimal(mean),
      decimal(smallest),
      decimal(largest),
      percent(saturated_low, 1),
      percent(saturated_high, 1),
    ]),
  });
}

customElements.define("unrolled-statistics", Statistics);
