import { EngineError, failure_from } from "../../engine/rpc.js";

/** What the engine finds wrong with an experiment. */
const WRONG = ["config", "shape", "value"];

/** The code of a failure that trying again does not change. */
export const REFUSED = "experiment_refused";

/** An experiment that cannot be set up as it is. @param {unknown} error @returns {never} */
export function refused(error) {
  const { code, message } = failure_from(error);
  throw WRONG.includes(code) ? new EngineError(REFUSED, message) : error;
}
