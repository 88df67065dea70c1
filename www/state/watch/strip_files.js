/**
 * All gates and states of what is shown as one file: a picture with every heatmap as it stands on the page, or all
 * numbers in a table.
 */
import { save_bytes } from "../train/document.js";
import { file_stem } from "../train/take_away.js";
import { save_svg_picture } from "./figure_files.js";
import { timestep_called, timesteps } from "./shown.js";

const WIDTH = 900;
const TITLE = 24;
const LABELS = 62;
const GAP = 14;
/** A turned word needs so much room. */
const LINE = 12;

/** Longer words are cut. */
const LONGEST = 12;

/** @param {string} text */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** Words below a picture, turned. @param {string[]} words @param {number} y @param {string} ink */
function labels(words, y, ink) {
  const column = WIDTH / words.length;
  const every = Math.max(1, Math.ceil(LINE / column));
  return words.map((word, t) => {
    if (t % every !== 0) return "";
    const x = ((t + 0.5) * column + 4).toFixed(1);
    const text = word.length > LONGEST ? `${word.slice(0, LONGEST - 1)}…` : word;
    return (
      `<text x="${x}" y="${y}" font-size="11" text-anchor="end" fill="${ink}" ` +
      `transform="rotate(-90 ${x} ${y})">${escaped(text)}</text>`
    );
  });
}

/** The heatmaps below each other. @param {Element} view that shows them */
function picture(view) {
  const style = getComputedStyle(document.documentElement);
  const [ink, paper] = [style.getPropertyValue("--ink-2").trim(), style.getPropertyValue("--surface").trim()];
  const words = timesteps.value;
  let top = 0;
  const heatmaps = [view, ...view.querySelectorAll("*")].filter(
    ({ localName }) => localName === "unrolled-heatmap",
  );
  const parts = heatmaps.map((heatmap) => {
    const canvas = /** @type {HTMLCanvasElement} */ (heatmap.querySelector("canvas"));
    const height = canvas.getBoundingClientRect().height;
    const title = [...heatmap.querySelectorAll("figcaption > :is(.symbol, span:not(.tools))")]
      .map((part) => part.textContent?.trim())
      .join(" ");
    const limits = [...heatmap.querySelectorAll(".colours > span")]
      .map((part) => part.textContent?.trim())
      .filter(Boolean);
    const y = top;
    top += TITLE + height + LABELS + GAP;
    return (
      `<text x="0" y="${y + 16}" font-size="13" font-weight="600" fill="${ink}">` +
      `${escaped(title)} (${escaped(limits.join(" to "))})</text>` +
      `<image x="0" y="${y + TITLE}" width="${WIDTH}" height="${height}" preserveAspectRatio="none" ` +
      `image-rendering="pixelated" href="${canvas.toDataURL("image/png")}"/>` +
      labels(words, y + TITLE + height + 4, ink).join("")
    );
  });
  const text =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${top}" viewBox="0 0 ${WIDTH} ${top}" ` +
    `font-family="sans-serif"><rect width="100%" height="100%" fill="${paper}"/>${parts.join("")}</svg>\n`;
  return { text, width: WIDTH, height: top };
}

/** @param {Element} view that shows the heatmaps @param {string} name in the names of files */
export function save_heatmaps_svg(view, name) {
  save_bytes(new TextEncoder().encode(picture(view).text), `${file_stem()}-${name}.svg`);
}

/** @param {Element} view that shows the heatmaps @param {string} name */
export async function save_heatmaps_png(view, name) {
  await save_svg_picture(picture(view), name);
}

/**
 * One line for each timestep and unit, one column for each array.
 * @param {{ name: string, data: Float32Array }[]} arrays each `[timesteps × width]` @param {string} name
 */
export function save_arrays_csv(arrays, name) {
  const words = timesteps.value;
  const widths = arrays.map(({ data }) => data.length / words.length);
  const quoted = (/** @type {string} */ cell) => `"${cell.replaceAll('"', '""')}"`;
  const lines = [
    ["timestep", timestep_called.value, "unit", ...arrays.map(({ name }) => name)].map(quoted).join(","),
  ];
  for (let t = 0; t < words.length; t++)
    for (let u = 0; u < Math.max(...widths); u++) {
      const numbers = arrays.map(({ data }, k) => (u < widths[k] ? data[t * widths[k] + u] : ""));
      lines.push([t + 1, quoted(words[t]), u, ...numbers].join(","));
    }
  save_bytes(new TextEncoder().encode(`${lines.join("\n")}\n`), `${file_stem()}-${name}.csv`);
}
