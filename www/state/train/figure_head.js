/**
 * The line above a chart in a file: what it shows, and the name of each curve beside a piece of it.
 */

/** @typedef {import("./figure_files.js").Chart} Chart */

/** Its height. */
export const HEAD_PX = 30;

const FONT_SIZE_PX = 13;
const KEY_PX = 18;
const GAP_PX = 8;
const MIDDLE_PX = HEAD_PX / 2;

/** What stands where. @param {Chart} chart @param {CanvasRenderingContext2D} pen with the bold font, the wider one */
function places({ title, keys }, pen) {
  let left = pen.measureText(title).width + 3 * GAP_PX;
  return keys.map((key) => {
    const line = left;
    const text = line + KEY_PX + GAP_PX;
    left = text + pen.measureText(key.name).width + 2 * GAP_PX;
    return { ...key, line, text };
  });
}

/** @param {HTMLCanvasElement} canvas */
function pen_of(canvas) {
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("the browser draws no picture");
  pen.font = `bold ${FONT_SIZE_PX}px sans-serif`;
  pen.textBaseline = "middle";
  return pen;
}

/**
 * @param {string} svg of the chart alone @param {Chart} chart in its colours
 * @param {number} width @param {number} height of the chart alone
 */
export function svg_with_head(svg, chart, width, height) {
  const said = (/** @type {number} */ x, /** @type {string} */ text, more = "") =>
    `<text x="${x}" y="${MIDDLE_PX}" font-family="sans-serif" font-size="${FONT_SIZE_PX}" ` +
    `fill="${chart.style.text_color}" dominant-baseline="central"${more}>${escaped(text)}</text>`;
  const keys = places(chart, pen_of(window.document.createElement("canvas"))).map(
    ({ name, color, line, text }) =>
      `<line x1="${line}" y1="${MIDDLE_PX}" x2="${line + KEY_PX}" y2="${MIDDLE_PX}" stroke="${color}" ` +
      `stroke-width="2"/>${said(text, name)}`,
  );
  const whole = `width="${width}" height="${height + HEAD_PX}" viewBox="0 0 ${width} ${height + HEAD_PX}"`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" ${whole}><rect width="100%" height="100%" fill="#ffffff"/>` +
    `${said(GAP_PX, chart.title, ' font-weight="bold"')}${keys.join("")}` +
    `${svg.replace("<svg ", `<svg y="${HEAD_PX}" `)}</svg>\n`
  );
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** @param {HTMLCanvasElement} drawn the chart alone @param {Chart} chart in its colours @param {number} sharpness */
export function canvas_with_head(drawn, chart, sharpness) {
  const whole = window.document.createElement("canvas");
  whole.width = drawn.width;
  whole.height = drawn.height + HEAD_PX * sharpness;
  const pen = pen_of(whole);
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, whole.width, whole.height);
  pen.drawImage(drawn, 0, HEAD_PX * sharpness);
  pen.scale(sharpness, sharpness);
  const keys = places(chart, pen);
  pen.fillStyle = chart.style.text_color;
  pen.fillText(chart.title, GAP_PX, MIDDLE_PX);
  pen.font = pen.font.replace("bold ", "");
  for (const { name, color, line, text } of keys) {
    pen.fillStyle = chart.style.text_color;
    pen.fillText(name, text, MIDDLE_PX);
    pen.fillStyle = color;
    pen.fillRect(line, MIDDLE_PX - 1, KEY_PX, 2);
  }
  return whole;
}
