import { effect } from "@preact/signals-core";
import { html, nothing } from "lit";
import "../../figures/log_lines.js";
import "../../figures/triangle.js";
import { scientific } from "../../figures/decades.js";
import { beside, read_beside } from "../../state/watch/beside.js";
import {
  MOST_CHOSEN,
  choices,
  choose_run,
  chosen,
  look_at_runs,
  unread,
} from "../../state/watch/kept_runs.js";
import {
  felt,
  kernels,
  paths,
  read_gradients,
  refused,
  shown_map,
  stop_map,
} from "../../state/watch/gradients.js";
import { measured, shown, timestep_called, timesteps } from "../../state/watch/shown.js";
import { count, decimal } from "../../state/shared/format.js";
import * as store from "../../state/shared/store.js";
import { show_table } from "../table.js";
import { View } from "../view.js";

/** Least time from one reading to the next while training runs. */
const INTERVAL_MS = 400;

/** While training runs, one part in so many of the time may be spent with reading. */
const SHARE = 4;

/** A map that takes longer is not made anew while training runs. */
const LIVE_MAP_MS = 1200;

/** How the gradient of the answer goes back through time. */
class Gradients extends View {
  /** @type {(() => void)[]} */
  #stops = [];
  #busy = false;
  #stale = false;
  #took = 0;

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#stops = [
      effect(() => {
        void [shown.value, store.updates.value, store.setup.value];
        if (["ready", "training"].includes(store.status.value)) void this.#refresh();
      }),
      effect(() => void [chosen.value, read_beside(shown.value)]),
      effect(() => void [store.setup.value, look_at_runs()]),
    ];
  }

  /** @override */
  disconnectedCallback() {
    this.#stops.forEach((stop) => stop());
    stop_map();
    super.disconnectedCallback();
  }

  /** Reads what is shown now; a reading of what has changed meanwhile follows. */
  async #refresh() {
    if (store.status.peek() === "training" && this.#took > LIVE_MAP_MS) return;
    this.#stale = true;
    if (this.#busy) {
      if (store.status.peek() !== "training") stop_map();
      return;
    }
    this.#busy = true;
    while (this.#stale && this.isConnected) {
      this.#stale = false;
      const started = performance.now();
      const { value: one } = shown;
      if (one.kind === "sample" || one.text.trim() !== "") await read_gradients(one);
      this.#took = performance.now() - started;
      const is_training = store.status.peek() === "training";
      if (is_training && this.#took > LIVE_MAP_MS) break;
      const wait = Math.max(INTERVAL_MS, SHARE * this.#took);
      if (is_training) await new Promise((go_on) => setTimeout(go_on, wait));
    }
    this.#busy = false;
  }

  /** @override */
  render() {
    const layer = store.shown_layer.value;
    const words = timesteps.value;
    if (!layer || words.length === 0)
      return html`<p class="hint">
        The gradients of a text or sample stand here when the network has read it.
      </p>`;
    return html`<div class="gradients">
      ${this.#norms(layer, words)} ${this.#map(words)} ${this.#beside()} ${this.#kernels(layer)}
    </div>`;
  }

  /** @param {import("../../types/extra.js").LayerTrace} layer @param {string[]} words */
  #norms({ name, gradient_norms, goes_backwards }, words) {
    const parts = paths.value.find(({ layer, whole }) => layer === name && whole.length === words.length);
    /** @type {import("../../figures/log_lines.js").Line[]} */
    const lines = [{ name: "‖∂/∂h‖", colour: "--state-h", dash: "", values: gradient_norms }];
    if (parts?.state === "c")
      lines.push({ name: "‖∂/∂c‖", colour: "--state-c", dash: "", values: parts.whole });
    if (parts) {
      const through = parts.state === "c" ? "c alone (f · f · …)" : "z alone (z · z · …)";
      lines.push({ name: `through ${through}`, colour: "--gate-f", dash: "6 3", values: parts.direct });
      lines.push({ name: "through gates", colour: "--gate-g", dash: "2 3", values: parts.through_gates });
    }
    const chart = {
      file: "gradient-through-time",
      title: "Gradient through time",
      about: what_paths_are(parts, timestep_called.value, goes_backwards ? "right" : "left"),
      note: `Lengths of the gradient of ${measured.value.text}, with respect to the states after each step.`,
      words,
      lines,
    };
    return html`<unrolled-log-lines .chart=${chart}></unrolled-log-lines>`;
  }

  /** @param {string[]} words */
  #map(words) {
    if (refused.value !== "") return html`<p class="hint">There is no map: ${refused.value}</p>`;
    const map = shown_map();
    if (!map || map.timesteps !== words.length) return nothing;
    const unfinished = map.done < map.timesteps;
    return html`
      <unrolled-triangle
        .map=${{ words, values: map.values, done: map.done }}
        .called=${timestep_called.value}
      ></unrolled-triangle>
      ${
        unfinished && map.timesteps > 60
          ? html`<p class="map-progress">
              <progress max=${map.timesteps} value=${map.done}></progress>
              <span>${count(map.done)} of ${count(map.timesteps)} predictions</span>
              ${
                map.stopped
                  ? html`<button class="quiet" @click=${() => this.#refresh()}>Go on</button>`
                  : html`<button class="quiet" @click=${stop_map}>Cancel</button>`
              }
            </p>`
          : nothing
      }
      ${
        felt.value && felt.value.step !== store.updates.value
          ? html`<p class="caption">The map stands after update ${count(felt.value.step)}.</p>`
          : nothing
      }
    `;
  }

  /** SimpleRNN, LSTM and GRU on the same text, and runs that are kept. */
  #beside() {
    const found = beside.value;
    const which = choice_of_runs();
    if (!found || found.lines.length === 0) return which;
    const chart = {
      file: "cells-side-by-side",
      title: found.recorded ? "SimpleRNN, LSTM and GRU on the same text" : "Kept runs on the same text",
      about:
        (found.recorded ? "Three small networks recorded for this page, each trained on film reviews" : "") +
        (found.recorded && chosen.value.length > 0 ? ", and " : "") +
        (chosen.value.length > 0 ? `${found.recorded ? "t" : "T"}he kept runs that are chosen` : "") +
        ": where a line falls to the left, the answer depends less and less on the states after the earlier words.",
      note:
        "‖∂ log-odds of the predicted class / ∂h‖ after each word; " +
        "of a kept run in its last recurrent layer.",
      words: found.words,
      lines: found.lines,
    };
    return html`<unrolled-log-lines .chart=${chart}></unrolled-log-lines> ${which}`;
  }

  /** @param {import("../../types/extra.js").LayerTrace} layer */
  #kernels({ name, class_name }) {
    const blocks = kernels.value.filter(({ layer }) => layer === name);
    if (blocks.length === 0) return nothing;
    const largest = Math.max(...blocks.map(({ singular }) => singular[0]));
    const title = "Recurrent kernel U";
    const open = () =>
      show_table({
        title: `${title}: all singular values`,
        note: "One column for each block of U, the largest singular value first.",
        head: ["", ...blocks.map(({ gate }) => gate)],
        rows: blocks[0].singular.map((_, k) => [
          String(k + 1),
          ...blocks.map(({ singular }) => decimal(singular[k], 4)),
        ]),
      });
    return html`<figure class="kernels">
      <figcaption>
        <b>${title}</b><button class="quiet" @click=${open}>All singular values</button>
      </figcaption>
      <table>
        <thead>
          <tr>
            <th scope="col">block</th>
            <th scope="col">spectral radius</th>
            <th scope="col" colspan="2">singular values, largest to smallest</th>
          </tr>
        </thead>
        <tbody>
          ${blocks.map(
            ({ gate, radius, singular }) =>
              html`<tr>
                <th scope="row"><b class="of-${gate}">${gate}</b></th>
                <td>${decimal(radius, 3)}</td>
                <td>${decimal(singular[0], 3)} … ${scientific(singular[singular.length - 1])}</td>
                <td aria-hidden="true">${spectrum(singular, largest, gate)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <p class="caption">${what_kernels_say(class_name, blocks)}</p>
    </figure>`;
  }
}

/** Which kept runs stand beside the recorded networks. */
function choice_of_runs() {
  if (shown.value.kind !== "text" || choices.value.length === 0) return nothing;
  const full = chosen.value.length >= MOST_CHOSEN;
  return html`<fieldset class="beside-runs">
    <legend>Beside them, runs that are kept on this machine (at most ${MOST_CHOSEN})</legend>
    ${choices.value.map(({ key, name }) => {
      const checked = chosen.value.includes(key);
      return html`<label
        ><input
          type="checkbox"
          .checked=${checked}
          ?disabled=${full && !checked}
          @change=${(/** @type {Event} */ event) =>
            choose_run(key, /** @type {HTMLInputElement} */ (event.currentTarget).checked)}
        /><span>${name}</span></label
      >`;
    })}
    ${unread.value ? html`<p class="trouble-text" role="alert">${unread.value}</p>` : nothing}
  </fieldset>`;
}

/** The singular values as bars. @param {number[]} singular @param {number} largest @param {string} gate */
function spectrum(singular, largest, gate) {
  const most = 48;
  const every = Math.ceil(singular.length / most);
  const bars = singular.filter((_, k) => k % every === 0);
  return html`<span class="spectrum of-${gate}">
    ${bars.map((value) => html`<i style="height:${largest > 0 ? (100 * value) / largest : 0}%"></i>`)}
  </span>`;
}

/** @param {import("../../types/extra.js").PathNorms | undefined} parts @param {string} called
 * @param {string} back where the way back leads */
function what_paths_are(parts, called, back) {
  const { text, depends } = measured.value;
  if (!parts)
    return (
      `How much ${text} ${depends} on the state h after each ${called}: a line that falls to the ${back} by the same ` +
      "amount at each step is a gradient that vanishes exponentially."
    );
  const factor = parts.state === "c" ? "f" : "z";
  return (
    `The gradient with respect to ${parts.state} has two parts that add up as vectors: one is only multiplied by ` +
    `${factor} at each step back, the other has gone through U and a gate or candidate at least once; compare which ` +
    "one reaches the first step."
  );
}

/** @param {string} class_name @param {import("../../types/extra.js").KernelBlock[]} blocks */
function what_kernels_say(class_name, blocks) {
  const [{ radius, singular }] = blocks;
  if (class_name === "SimpleRNN") {
    const most = decimal(singular[0], 2);
    const pace = decimal(radius, 2);
    const alone = radius < 0.995 ? "shrinks in the end" : radius > 1.005 ? "can grow" : "keeps its size";
    return (
      "One step back multiplies the gradient by U and by the slopes of the activation. Those of tanh and relu are at " +
      `most 1, so with them no step makes the gradient more than ${most} times as long (the largest singular value). ` +
      `Over many steps the spectral radius, ${pace}, counts: through U alone the gradient ${alone}.`
    );
  }
  return (
    "A product with a block multiplies the length of a vector by at most the block’s largest singular value, " +
    "forwards and on the way back; over many products the factor of each tends to the spectral radius. What the " +
    "gates and the slopes of the activations do between two products is not counted here."
  );
}

customElements.define("unrolled-gradients", Gradients);
