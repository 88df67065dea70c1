/**
 * Several reports of training as one.
 */

/** @typedef {import("../types/engine.js").Report} Report */

/** @param {Report[]} reports in order @returns {Report} */
export function merge(reports) {
  const last = reports[reports.length - 1];
  return {
    ...last,
    first_step: reports[0].first_step,
    losses: concatenate(reports.map((report) => report.losses)),
    accuracies: concatenate(reports.map((report) => report.accuracies)),
    validation: reports.flatMap((report) => report.validation),
    norms: reports.flatMap((report) => report.norms),
  };
}

/** @param {Float32Array[]} parts */
function concatenate(parts) {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
