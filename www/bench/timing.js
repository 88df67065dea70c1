/** Medians of timed steps, in milliseconds. */

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/**
 * Warms up, then times as many steps as fit the budget, at least three.
 * @param {() => unknown | Promise<unknown>} step
 * @param {{ budget_ms?: number, most?: number }} [limits]
 */
export async function time_steps(step, { budget_ms = 3000, most = 100 } = {}) {
  const warm_until = performance.now() + 200;
  for (let k = 0; k < 2 || performance.now() < warm_until; k++) await step();
  const times = [];
  const until = performance.now() + budget_ms;
  while (times.length < 3 || (performance.now() < until && times.length < most)) {
    const start = performance.now();
    await step();
    times.push(performance.now() - start);
  }
  return { ms_per_step: median(times), min_ms: Math.min(...times), n: times.length };
}

/**
 * The same for work that is shorter than the clock is fine: many runs make one sample.
 * @param {() => void} work
 */
export async function time_short(work, { budget_ms = 1200, sample_ms = 4 } = {}) {
  let repeats = 1;
  for (let tries = 0; tries < 40; tries++) {
    const start = performance.now();
    for (let k = 0; k < repeats; k++) work();
    const took = performance.now() - start;
    if (took >= sample_ms) break;
    repeats = Math.ceil(repeats * Math.min(4, (1.3 * sample_ms) / Math.max(took, 0.05)));
  }
  const sample = () => {
    for (let k = 0; k < repeats; k++) work();
  };
  const timed = await time_steps(sample, { budget_ms, most: 400 });
  return { ms_per_step: timed.ms_per_step / repeats, min_ms: timed.min_ms / repeats, n: timed.n * repeats };
}
