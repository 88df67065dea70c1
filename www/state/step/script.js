import { extra } from "../../engine/extra.js";

/** @typedef {import("../../types/extra.js").ScriptStep} ScriptStep */

/** The most numbers of an input, and the most units, that the Step view takes over from a script. */
const MOST = 16;

/**
 * The step inside the loop of a script, what a reader is told, and its sizes where the view has room for them. Rejects
 * with the mistakes of the script.
 * @param {string} code
 */
export async function step_of_script(code) {
  const { script_step } = await extra();
  const step = script_step(code);
  const [units, ...further] = step.states[0]?.shape ?? [];
  const [features, ...more] = step.input.shape;
  return {
    text: step.text,
    said: said_of(step),
    units: units !== undefined && units <= MOST && further.length === 0 ? units : null,
    features: features !== undefined && features <= MOST && more.length === 0 ? features : null,
  };
}

/** @param {ScriptStep} step */
function said_of({ line, timesteps, printed, open }) {
  const filled = open.length > 0 ? ` It leaves ${open.join(", ")} open; the usual stands for them.` : "";
  const result = printed.trim() && printed.length <= 200 ? ` The script prints ${printed.trim()}.` : "";
  return `This is the step inside the loop of line ${line}, which runs ${timesteps} times.${filled}${result}`;
}
