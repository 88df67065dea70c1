/**
 * Charts as files: drawn anew by the engine, on white, in a size for a text.
 */
import { extra } from "../../engine/extra.js";
import { history_plotter, lines_plotter } from "../../engine/plots.js";
import { save_bytes } from "./document.js";
import { canvas_with_head, svg_with_head } from "./figure_head.js";
import { file_stem } from "./take_away.js";

/** @typedef {import("../../types/engine.js").PlotStyle} PlotStyle */
/** @typedef {import("../../types/engine.js").PlottedHistory} PlottedHistory */
/** @typedef {import("../../types/engine.js").PlottedLines} PlottedLines */

/**
 * A chart of the page: its name in files, and what is drawn.
 * @typedef {{ name: string, title: string, keys: { name: string, color: string }[], style: PlotStyle } &
 *   ({ history: PlottedHistory } | { lines: PlottedLines })} Chart
 */

const WIDTH_PX = 640;
const HEIGHT_PX = 300;
const FONT_SIZE_PX = 13;

/** Pixels of the picture in a pixel of the page. */
const SHARPNESS = 2;

/** The colours of the page on paper, whatever the screen shows. @type {Record<string, string>} */
const light = {};

/** Reads them from the sheet in which the colours for a dark screen stand behind them. */
function read_light() {
  const rules = [...window.document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule instanceof CSSStyleRule && rule.selectorText === ":root");
  for (const { style } of /** @type {CSSStyleRule[]} */ (rules))
    for (const name of style) if (name.startsWith("--")) light[name] ??= style.getPropertyValue(name).trim();
}

/**
 * A colour of the present screen as it is on paper.
 * @param {string} shown
 */
function on_paper(shown) {
  const present = getComputedStyle(window.document.documentElement);
  const name = Object.keys(light).find((token) => present.getPropertyValue(token).trim() === shown.trim());
  const value = name === undefined ? shown : light[name];
  const alias = /^var\((--[a-z0-9-]+)\)$/.exec(value);
  return alias ? light[alias[1]] : value;
}

/** @param {PlotStyle} style @returns {PlotStyle} */
function paper_style(style) {
  read_light();
  const colors = Object.entries(style).filter(([name]) => name.endsWith("_color"));
  return {
    ...style,
    ...Object.fromEntries(colors.map(([name, color]) => [name, on_paper(String(color))])),
    background_color: "#ffffff",
    width: WIDTH_PX,
    height: HEIGHT_PX,
    pixel_ratio: SHARPNESS,
    font_size: FONT_SIZE_PX,
    font_family: "sans-serif",
    hovered_update: undefined,
  };
}

/** @param {Chart} chart @returns {Chart} as it is on paper */
function on_white(chart) {
  const style = paper_style(chart.style);
  const keys = chart.keys.map(({ name, color }) => ({ name, color: on_paper(color) }));
  if ("history" in chart) return { ...chart, style, keys };
  return { ...chart, style, keys, lines: { ...chart.lines, colors: chart.lines.colors.map(on_paper) } };
}

/** @param {Chart} shown */
export async function save_svg(shown) {
  const { history_svg, lines_svg } = await extra();
  const chart = on_white(shown);
  const svg =
    "history" in chart ? history_svg(chart.history, chart.style) : lines_svg(chart.lines, chart.style);
  const whole = svg_with_head(svg, chart, WIDTH_PX, HEIGHT_PX);
  save_bytes(new TextEncoder().encode(whole), `${file_stem()}-${chart.name}.svg`);
}

/** @param {Chart} shown */
export async function save_png(shown) {
  const chart = on_white(shown);
  const canvas = window.document.createElement("canvas");
  if ("history" in chart) (await history_plotter())(canvas, chart.history, chart.style);
  else (await lines_plotter())(canvas, chart.lines, chart.style);
  const whole = canvas_with_head(canvas, chart, SHARPNESS);
  /** @type {Blob | null} */
  const blob = await new Promise((keep) => whole.toBlob(keep, "image/png"));
  if (!blob) throw new Error("the browser made no picture of the chart");
  save_bytes(new Uint8Array(await blob.arrayBuffer()), `${file_stem()}-${chart.name}.png`);
}
