/**
 * What is said of a row of the drawing, and how it is marked in slow motion.
 */
import { count } from "../../../state/shared/format.js";
import { slow } from "../../../state/train/insight.js";
import { shape_text } from "./layout.js";

/** @typedef {import("../../../types/engine.js").Survey} Survey */
/** @typedef {import("./grid.js").Row} Row */

/** What one timestep of a sample is. @type {Record<string, string>} */
export const TIMESTEPS = {
  words: "a word’s id",
  numbers: "a word’s id as a number",
  rows: "a row of the image",
  characters: "a character’s id",
  word_ids: "a word’s id",
  word_pairs: "a word’s id",
  sequences: "a vector",
};

/** @param {import("./grid.js").DrawnLayer} layer @param {Survey} survey */
export function sentence(layer, survey) {
  const row = survey.rows[layer.at];
  if (!row) return `${layer.title} cannot follow the layer before it.`;
  const shape = shape_text(row.output_shape);
  const params = row.params > 0 ? `${count(row.params)} = ${row.formula} parameters` : "no parameters";
  return `${layer.title}: output ${shape}, ${params}. ${flow_in_words(layer)}`;
}

/** @param {import("./grid.js").DrawnLayer} layer @param {Survey} survey */
export function spoken(layer, survey) {
  return `${sentence(layer, survey)} Opens its options.`;
}

/** How values flow through the layer, in Keras' words. @param {import("./grid.js").DrawnLayer} layer */
function flow_in_words({ flow, shape }) {
  switch (flow?.kind) {
    case "recurrent": {
      const both = flow.backwards.length > 1;
      if (flow.returns_sequences)
        return both
          ? `Both directions give an output at every timestep; merge_mode ${flow.merge_mode} makes one of them.`
          : "return_sequences=True: an output at every timestep.";
      if (both)
        return `Only the last state of each direction goes on; merge_mode ${flow.merge_mode} makes one vector of them.`;
      return `return_sequences=False: only the output of the ${
        flow.backwards[0] ? "first timestep, which is read last," : "last timestep"
      } goes on.`;
    }
    case "windows": {
      const apart = flow.dilation > 1 ? `, ${flow.dilation} apart` : "";
      const every = flow.stride === 1 ? "timestep" : `${flow.stride} timesteps`;
      return `Each output sees ${flow.size} timesteps${apart}; a new window begins every ${every}.`;
    }
    case "whole":
      return "One vector is made of all timesteps.";
    case "repeat":
      return "The same vector at every timestep.";
    case "each":
      return shape && shape.length > 2 ? "The same at every timestep." : "";
    default:
      return "";
  }
}

/**
 * How a row takes part in the phase that is shown.
 * @param {Row} row @param {number} params
 */
export function mark_of(row, params) {
  const none = { classes: "", turned: false, current: false, norms: /** @type {string[]} */ ([]) };
  const shown = slow.value;
  if (!shown) return none;
  const { phases } = shown.update;
  const phase = phases[shown.at];
  const done = phases.slice(0, shown.at + 1);
  const find = (/** @type {string} */ kind) =>
    done.find((one) => one.kind === kind && one.layer === row.name);
  if (row.at === -1) {
    const current = phase.kind === "batch";
    return { ...none, current, classes: current ? "here forward" : "" };
  }
  const loss = done.find(({ kind }) => kind === "loss");
  const over = phase.kind === "clipping" || phase.kind === "update";
  if (row.at === -2) {
    return {
      ...none,
      current: phase.kind === "loss" || over,
      classes: phase.kind === "loss" ? "here forward" : "",
      norms: loss ? [loss.figures[0].shown] : [],
    };
  }
  const [forward, backward] = [find("forward"), find("backward")];
  const here = phase.layer === row.name || (over && params > 0);
  const side = over ? phase.kind : here ? phase.kind : "";
  return {
    current: phase.layer === row.name,
    turned: backward !== undefined && !over,
    classes: `${here ? "here" : ""} ${side} ${backward && !over ? "turned" : ""} ${forward ? "done" : ""}`,
    norms: [
      forward ? `output ${forward.figures[0].shown}` : "",
      backward ? `gradient ${backward.figures[0].shown}` : "",
    ].filter((text) => text !== ""),
  };
}
