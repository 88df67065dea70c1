/** What the benchmark page shows: a bar for each way to compute a workload, and the numbers behind the bars. */
import { html, nothing } from "lit";
import { MODES, key_of, modes_of, run, state, stop } from "./measure.js";

/** @typedef {import("./workloads.js").Workload} Workload */
/** @typedef {import("./measure.js").Mode} Mode */

/** @param {number} value @param {number} [digits] */
function number(value, digits = 3) {
  return Number.isFinite(value) ? value.toLocaleString("en", { maximumSignificantDigits: digits }) : "–";
}

/** @param {Workload[]} workloads */
export function draw(workloads) {
  return html`${controls(workloads)} ${chart(workloads)} ${table(workloads)}`;
}

/** @param {Workload[]} workloads */
function controls(workloads) {
  const { running, said } = state;
  const now = running?.workload
    ? `${running.workload.title}: ${running.mode?.title} …`
    : "Measuring what the processor can do …";
  return html`
    <div class="controls">
      ${
        running
          ? html`<button class="primary" @click=${stop}>Stop</button>`
          : html`<button class="primary" @click=${() => run(workloads)}>Run all</button>`
      }
      <p role="status">${running ? now : said || "Nothing runs before you say so."}</p>
    </div>
    <p class="caption peak">
      ${
        state.peak === null
          ? "The peak of this processor is measured first."
          : html`Peak of one worker here: <b data-figure="peak">${number(state.peak)} GFLOP/s</b>.`
      }
      ${
        state.workers > 1
          ? `Training steps are also run by ${state.workers} workers.`
          : "This browser does not let workers share memory here, so one worker is used."
      }
    </p>
  `;
}

/** GFLOP/s at the right end of the bars. */
function limit() {
  const reached = [...state.results.values()].map((result) => result.gflops);
  return 1.04 * Math.max(state.peak ?? 1, ...reached);
}

/** @param {Workload[]} workloads */
function chart(workloads) {
  const right = limit();
  const peak =
    state.peak === null ? nothing : html`<i class="line" style="--at: ${(100 * state.peak) / right}%"></i>`;
  return html`
    <figure class="bars" aria-hidden="true">
      <figcaption>
        <h2>GFLOP/s in the matrix products</h2>
        <ul class="legend">
          ${MODES.map((mode) => html`<li class=${mode.key}>${mode.title}</li>`)}
          ${state.peak === null ? nothing : html`<li class="line">peak of one worker, ${number(state.peak)}</li>`}
        </ul>
      </figcaption>
      ${workloads.map(
        (workload) => html`
          <div class="workload">
            <span class="name">${workload.title}</span>
            <div class="tracks">${modes_of(workload).map((mode) => bar(workload, mode, right))} ${peak}</div>
          </div>
        `,
      )}
    </figure>
  `;
}

/** @param {Workload} workload @param {Mode} mode @param {number} right */
function bar(workload, mode, right) {
  const result = state.results.get(key_of(workload, mode));
  const runs = state.running?.workload === workload && state.running.mode === mode;
  return html`
    <div class="track ${mode.key} ${runs ? "runs" : ""}">
      <span class="fill" style="inline-size: ${result ? (100 * result.gflops) / right : 0}%"></span>
      ${result ? html`<span class="value">${number(result.gflops)}</span>` : nothing}
    </div>
  `;
}

/** @param {Workload[]} workloads */
function table(workloads) {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="All numbers">
      <table>
        <caption class="caption">
          Median times. Shares above 100 % belong to several workers.
        </caption>
        <thead>
          <tr>
            <th scope="col">Workload</th>
            <th scope="col">Kernels</th>
            <th scope="col" class="number">ms a step</th>
            <th scope="col" class="number">tokens/s</th>
            <th scope="col" class="number">GFLOP/s</th>
            <th scope="col" class="number">of the peak</th>
            <th scope="col" class="number">against one simd128 worker</th>
            <th scope="col"></th>
          </tr>
        </thead>
        ${workloads.map(
          (workload) =>
            html`<tbody data-workload=${workload.id}>
              ${modes_of(workload).map((mode, k) => row(workload, mode, k))}
            </tbody>`,
        )}
      </table>
    </div>
  `;
}

/** @param {Workload} workload @param {Mode} mode @param {number} k */
function row(workload, mode, k) {
  const result = state.results.get(key_of(workload, mode));
  const simd = state.results.get(`${workload.id} simd128`);
  const rows = modes_of(workload).length;
  const cell = (/** @type {number | undefined} */ value, /** @type {number} */ digits = 3, unit = "") =>
    html`<td class="number">${value === undefined ? "" : `${number(value, digits)}${unit}`}</td>`;
  return html`
    <tr data-mode=${mode.key}>
      ${k === 0 ? html`<th scope="rowgroup" rowspan=${rows}>${workload.title}</th>` : nothing}
      <td class="mode">${mode.title}</td>
      ${cell(result?.ms_per_step)}
      ${cell(result && workload.tokens > 0 ? (workload.tokens / result.ms_per_step) * 1000 : undefined)}
      ${cell(result?.gflops)}
      ${cell(result && state.peak ? (100 * result.gflops) / state.peak : undefined, 2, " %")}
      ${cell(result && simd ? simd.ms_per_step / result.ms_per_step : undefined, 3, "×")}
      ${
        k === 0
          ? html`<td rowspan=${rows}>
              <button
                class="quiet"
                ?disabled=${state.running !== null}
                aria-label=${`Run ${workload.title}`}
                @click=${() => run([workload])}
              >
                Run
              </button>
            </td>`
          : nothing
      }
    </tr>
  `;
}
