/**
 * What happens at a position, in one or two sentences for a student.
 */
import { decimal, fine, percent, signed } from "../../state/shared/format.js";
import { GATE_FUNCTIONS, NAMES } from "../../state/shared/symbols.js";
import { PHASE } from "../../state/step/walk.js";

/** @typedef {import("../../state/step/stepping.js").Stepping} Stepping */
/** @typedef {import("../../state/step/stepping.js").Line} Line */
/** @typedef {import("../../state/step/walk.js").Position} Position */

/**
 * What a name of a cell is called: a student's own g may be a gate, and c no memory.
 * @param {Stepping} stepping
 * @param {string} name
 * @returns {string}
 */
export function name_of(stepping, name) {
  const { forward, parameters } = stepping.description.cell;
  const made_by = forward.lines.findLast((line) =>
    line.writes.some((written) => written.name === name),
  )?.made_by;
  if (made_by === undefined || parameters.some((parameter) => parameter.name === name))
    return NAMES[name] ?? "";
  if (GATE_FUNCTIONS.includes(made_by)) return NAMES[name]?.endsWith("gate") ? NAMES[name] : "gate";
  if (made_by === "np.tanh") return name === "c" || name === "g" ? "candidate" : "";
  return name === "i" ? NAMES.i : "";
}

/**
 * Whether the gates of a cell do what the sentences about them say: those of an LSTM, and Keras' z and r.
 * @param {Stepping} stepping
 * @param {string} name
 */
function is_as_in_papers(stepping, name) {
  const { source } = stepping.description.cell.forward;
  if (name === "z" || name === "r") return /\bz \* h\b/.test(source);
  return stepping.description.cell.parameters.some(
    (parameter) => parameter.role === "state" && parameter.name === "c",
  );
}

/** @param {Stepping} stepping @param {number} t @returns {string} “bad”, or timestep 3 */
export function label_of(stepping, t) {
  const label = stepping.description.labels[t] ?? "";
  return stepping.description.words ? `“${label}”` : `timestep ${label}`;
}

/**
 * @param {Stepping} stepping @param {Position} position @param {Line | null} line
 * @param {{ name: string, value: number, unit: number } | null} number the number that is looked at
 */
export function sentence(stepping, position, line, number) {
  const word = label_of(stepping, position.timestep);
  switch (position.phase) {
    case PHASE.READ:
      return reading(stepping, word);
    case PHASE.GATES:
      return making(stepping, line, number, word);
    case PHASE.STATE:
      return state(line, number, word);
    case PHASE.OUTPUT:
      return output(stepping, number);
    case PHASE.LOSS:
      return loss(stepping, number);
    case PHASE.ARRIVES:
      return arriving(stepping, line, number);
    case PHASE.BACK:
      return walking(stepping, position, line, number, word);
    default:
      return sum(stepping, position);
  }
}

/** @param {Stepping} stepping @param {string} word */
function reading(stepping, word) {
  const { features, words } = stepping.description;
  const numbers = features === 1 ? "one number" : `${features} numbers`;
  return (
    `${words ? `The word ${word} is` : `At ${word} the cell gets`} ${numbers}. Everything else it knows ` +
    "stands in its state, and the same weights wait at every timestep."
  );
}

/**
 * @param {Stepping} stepping
 * @param {Line | null} line
 * @param {{ name: string, value: number, unit: number } | null} number
 * @param {string} word
 */
function making(stepping, line, number, word) {
  if (!line || !number) return "";
  const { name, value, unit } = number;
  const known = is_as_in_papers(stepping, name) ? GATE_SENTENCES[name] : undefined;
  const gate = GATE_FUNCTIONS.includes(line.made_by);
  if (known && (name === "g" ? !gate : gate)) return known(value, unit);
  if (gate)
    return (
      `Unit ${unit} opens ${name} to ${percent(value)}: a number between 0, nothing passes, and 1, ` +
      "everything does."
    );
  if (line.made_by === "np.tanh")
    return `Unit ${unit} gets ${name} = ${signed(value)}: tanh keeps it between −1 and 1.`;
  if (line.made_by === "split") {
    return (
      `${line.reads[0]} and the state meet their weights; the sum is cut into ${line.writes.length} ` +
      `parts, one for each gate. For unit ${unit} the first is ${signed(value)}.`
    );
  }
  return `${name}[${unit}] is ${signed(value)} at ${word}.`;
}

/** @type {Record<string, (value: number, unit: number) => string>} */
const GATE_SENTENCES = {
  f: (value, unit) =>
    value < 0.5
      ? `Unit ${unit} lets go of ${percent(1 - value)} of what it remembered.`
      : `Unit ${unit} keeps ${percent(value)} of what it remembered.`,
  i: (value, unit) => `Unit ${unit} lets ${percent(value)} of its candidate in.`,
  o: (value, unit) => `Unit ${unit} shows ${percent(value)} of its memory.`,
  g: (value, unit) =>
    `Unit ${unit} would like to write ${signed(value)}; the gate decides how much of it gets in.`,
  z: (value, unit) =>
    `Unit ${unit} keeps ${percent(value)} of its old state and takes the rest from the candidate.`,
  r: (value, unit) => `Unit ${unit} lets ${percent(value)} of the past into its candidate.`,
};

/**
 * @param {Line | null} line
 * @param {{ name: string, value: number, unit: number } | null} number
 * @param {string} word
 */
function state(line, number, word) {
  if (!number) return "";
  const { name, value, unit } = number;
  if (name === "c") return `Unit ${unit} now remembers ${signed(value)}: what it kept, and what it let in.`;
  return (
    `After ${word} unit ${unit} hands ${signed(value)} on to the next ` +
    `timestep${line?.reads.includes("o") ? ", and shows the same to whoever asks" : ""}.`
  );
}

/** @param {Stepping} stepping @param {{ value: number } | null} number */
function output(stepping, number) {
  if (!number) return "";
  if (stepping.description.said === "binary")
    return (
      "All has been read. From the last state the output makes one probability: " +
      `${percent(number.value, 1)} for yes.`
    );
  if (stepping.description.said === "number")
    return `All has been read. From the last state the output expects ${decimal(number.value)} next.`;
  return (
    "All has been read. From the last state the output makes a probability for each of " +
    `${stepping.outcome.said.length} classes.`
  );
}

/** @param {Stepping} stepping @param {{ value: number } | null} number */
function loss(stepping, number) {
  const value = decimal(number?.value ?? stepping.outcome.loss);
  if (stepping.description.said === "number")
    return `The loss is the square of the miss: ${value}. From here on everything asks: which way would it shrink?`;
  return (
    `The loss is ${value}: minus the logarithm of the probability that the right answer got. It is 0 ` +
    "only for certainty. From here on everything asks: which way would it shrink?"
  );
}

/**
 * @param {Stepping} stepping
 * @param {Line | null} line
 * @param {{ name: string, value: number, unit: number } | null} number
 */
function arriving(stepping, line, number) {
  if (!line)
    return "The loss counts itself fully: d_loss = 1. From here the chain rule walks every line backwards.";
  if (number?.name === "d_h")
    return (
      `The gradient arrives at the last state: if unit ${number.unit} had been larger by a little, the ` +
      `loss would have changed by ${number.value > 0 ? "+" : ""}${fine(number.value)} times that.`
    );
  return (
    `${line.writes[0]?.name ?? ""}: how the loss answers to a small change of ` +
    `${(line.writes[0]?.name ?? "").replace(/^d_?/, "")}.`
  );
}

/**
 * @param {Stepping} stepping
 * @param {Position} position
 * @param {Line | null} line
 * @param {{ name: string, value: number, unit: number } | null} number
 * @param {string} word
 */
function walking(stepping, position, line, number, word) {
  if (!line)
    return (
      `Back at ${word}. What arrives here is what the later timesteps say about this ` +
      `state${position.timestep === stepping.description.labels.length - 1 ? ", and what the loss says" : ""}.`
    );
  if (!number) return "";
  const what = number.name.replace(/^dz_/, "what went into ").replace(/^d_/, "");
  const written = line.writes[0];
  if (written && written.shape.length === 2)
    return (
      `What ${word} says about every number of ${what}: the product of what went in and what came back. ` +
      "At the end all timesteps are added up."
    );
  if (written && line.reads.length === 1 && line.made_by === "same")
    return `The bias feels exactly what its sum feels, so ${number.name} is that very gradient.`;
  return (
    `If ${what}[${number.unit}] at ${word} were larger by a little, the loss would change by ` +
    `${number.value > 0 ? "+" : ""}${fine(number.value)} times that.`
  );
}

/** @param {Stepping} stepping @param {Position} position */
function sum(stepping, position) {
  const weights = stepping.description.cell.parameters.filter((parameter) => parameter.role === "weight");
  const name = weights[position.weight]?.name ?? "";
  return (
    `${name} was used at all ${stepping.description.labels.length} timesteps, so its gradient is the sum ` +
    `of what each of them says. An optimizer would now move ${name} a little the other way.`
  );
}
