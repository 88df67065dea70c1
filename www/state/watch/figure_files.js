/**
 * Figures of Watch as files: the drawing on the page with its colours written into it, and its numbers.
 */
import { save_bytes } from "../train/document.js";
import { file_stem } from "../train/take_away.js";

/** @typedef {import("../../views/table.js").TableContent} TableContent */

/** What a style sheet decides in these drawings. */
const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-family"];
STYLES.push("font-weight", "text-anchor", "dominant-baseline", "image-rendering", "fill-opacity");

/** Pixels of the picture in a pixel of the page. */
const SHARPNESS = 2;

/** Room for the title above the drawing. */
const HEAD = 28;

/** The keys of lines: their font, a row of them, a piece of a line, and what stands beside it. */
const KEYS = { font: "12px sans-serif", row: 20, piece: 26, gap: 6, apart: 18, left: 8 };

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/**
 * The names of the lines as the page shows them above the drawing, each beside a piece of its line, in as many rows as
 * the width asks for.
 * @param {SVGSVGElement} drawing @param {number} width
 * @returns {{ text: string, height: number }}
 */
function keys_of(drawing, width) {
  const pen = document.createElement("canvas").getContext("2d");
  const found = [...(drawing.closest("figure")?.querySelectorAll(".line-key") ?? [])];
  if (!pen || found.length === 0) return { text: "", height: 0 };
  pen.font = KEYS.font;
  let [x, row, text] = [KEYS.left, 0, ""];
  for (const key of found) {
    // The number behind the name is that of the cursor.
    const name = [...key.childNodes]
      .filter(({ nodeName }) => !["svg", "B", "#comment"].includes(nodeName))
      .map(({ textContent }) => textContent?.trim())
      .join("");
    const long = KEYS.piece + KEYS.gap + pen.measureText(name).width;
    if (x > KEYS.left && x + long > width) [x, row] = [KEYS.left, row + 1];
    const y = row * KEYS.row + KEYS.row / 2;
    const { stroke, strokeWidth, strokeDasharray } = getComputedStyle(
      /** @type {Element} */ (key.querySelector("line")),
    );
    text +=
      `<line x1="${x}" x2="${x + KEYS.piece}" y1="${y}" y2="${y}" stroke="${stroke}" stroke-width="${strokeWidth}" ` +
      `stroke-dasharray="${strokeDasharray}"/><text x="${x + KEYS.piece + KEYS.gap}" y="${y + 4}" font-size="12" ` +
      `font-family="sans-serif" fill="${getComputedStyle(key).color}">${escaped(name)}</text>`;
    x += long + KEYS.apart;
  }
  return { text, height: (row + 1) * KEYS.row };
}

/** @param {SVGSVGElement} drawing @param {string} title @returns {{ text: string, width: number, height: number }} */
function standing_alone(drawing, title) {
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  const copies = [...copy.querySelectorAll("*")];
  for (const [k, element] of [...drawing.querySelectorAll("*")].entries()) {
    const style = getComputedStyle(element);
    for (const name of STYLES) copies[k].setAttribute(name, style.getPropertyValue(name));
    copies[k].removeAttribute("style");
    copies[k].removeAttribute("class");
  }
  for (const pointer of copy.querySelectorAll("[data-pointer]")) pointer.remove();
  const { width, height } = drawing.viewBox.baseVal;
  const page = getComputedStyle(document.body);
  const [ink, paper] = [page.color, getComputedStyle(document.documentElement).getPropertyValue("--surface")];
  const keys = keys_of(drawing, width);
  const head = HEAD + keys.height;
  const all = { width, height: height + head };
  const text =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${all.width}" height="${all.height}" ` +
    `viewBox="0 ${-head} ${all.width} ${all.height}"><rect y="${-head}" width="100%" height="100%" fill="${paper}"/>` +
    `<text x="8" y="${HEAD - head - 10}" font-family="sans-serif" font-size="13" font-weight="600" ` +
    `fill="${ink}">${escaped(title)}</text>` +
    `<g transform="translate(0 ${-keys.height})">${keys.text}</g>` +
    `${copy.innerHTML.replaceAll(/<!--.*?-->/gs, "")}</svg>\n`;
  return { text, ...all };
}

/** @param {SVGSVGElement} drawing @param {string} name @param {string} title */
export function save_drawing(drawing, name, title) {
  save_bytes(new TextEncoder().encode(standing_alone(drawing, title).text), `${file_stem()}-${name}.svg`);
}

/** @param {SVGSVGElement} drawing @param {string} name @param {string} title */
export async function save_picture(drawing, name, title) {
  await save_svg_picture(standing_alone(drawing, title), name);
}

/** A picture of an SVG. @param {{ text: string, width: number, height: number }} svg @param {string} name */
export async function save_svg_picture({ text, width, height }, name) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: SHARPNESS * width, height: SHARPNESS * height });
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  /** @type {Blob | null} */
  const blob = await new Promise((keep) => canvas.toBlob(keep, "image/png"));
  if (!blob) throw new Error("the browser made no picture of the figure");
  save_bytes(new Uint8Array(await blob.arrayBuffer()), `${file_stem()}-${name}.png`);
}

/** @param {TableContent} table @param {string} name */
export function save_numbers({ head, rows }, name) {
  const quoted = (/** @type {string} */ cell) => `"${cell.replaceAll('"', '""').replaceAll("−", "-")}"`;
  const lines = [head, ...rows].map((row) => row.map(quoted).join(","));
  save_bytes(new TextEncoder().encode(`${lines.join("\n")}\n`), `${file_stem()}-${name}.csv`);
}
