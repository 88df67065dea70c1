/**
 * The one diverging map: blue below zero, paper at zero, orange above, the same in every figure. What is never negative
 * may have a map of one side instead: from paper to the colour of its name.
 */
import { signal } from "@preact/signals-core";

/** Steps on each side of zero. */
const HALF = 255;

/** On this luminance black ink and white have the same contrast: √(1.05 · 0.058) − 0.05. */
const EQUAL_CONTRAST = 0.197;

/** @typedef {number[]} Rgb red, green, blue, 0 to 255 */

/** @type {{ table: Uint32Array, rgb: Rgb[] } | null} */
let cached = null;

/** For each token the packed colours from 0 to 1. @type {Map<string, Uint32Array>} */
const one_sided = new Map();

/** Changes with the scheme: a view whose colours come from here renders again. */
const scheme = signal(0);

if (typeof matchMedia === "function") {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    cached = null;
    one_sided.clear();
    scheme.value += 1;
  });
}

/** @param {string} name of a token @returns {string} */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** @param {string} hex `#rrggbb` or `#rgb` @returns {Rgb} */
export function rgb_of(hex) {
  const digits = hex.replace("#", "");
  const wide = digits.length === 3 ? [...digits].map((digit) => digit + digit).join("") : digits;
  return [0, 2, 4].map((at) => parseInt(wide.slice(at, at + 2), 16));
}

/** @param {Rgb} from @param {Rgb} to @param {number} share 0 to 1 @returns {Rgb} */
export function mix(from, to, share) {
  return [0, 1, 2].map((k) => Math.round(from[k] + (to[k] - from[k]) * share));
}

/** @param {Rgb} negative @param {Rgb} zero @param {Rgb} positive @returns {Rgb[]} colours from −1 to 1 */
export function diverging(negative, zero, positive) {
  return Array.from({ length: 2 * HALF + 1 }, (_, k) => {
    const value = (k - HALF) / HALF;
    return mix(zero, value < 0 ? negative : positive, Math.abs(value));
  });
}

function map() {
  if (!cached) {
    const rgb = diverging(rgb_of(token("--neg")), rgb_of(token("--zero")), rgb_of(token("--pos")));
    cached = { rgb, table: packed(rgb) };
  }
  return cached;
}

/**
 * ImageData is red, green, blue, alpha in memory; every machine that runs a browser is little-endian.
 * @param {Rgb[]} colours @returns {Uint32Array}
 */
function packed(colours) {
  return Uint32Array.from(colours, ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0);
}

/** @param {Rgb} zero @param {Rgb} one @returns {Rgb[]} colours from 0 to 1 */
export function sequential(zero, one) {
  return Array.from({ length: HALF + 1 }, (_, k) => mix(zero, one, k / HALF));
}

/** @param {string} hue name of a token */
function table_of(hue) {
  let table = one_sided.get(hue);
  if (!table) {
    table = packed(sequential(rgb_of(token("--zero")), rgb_of(token(hue))));
    one_sided.set(hue, table);
  }
  return table;
}

/** @param {number} share values outside of 0 to 1 have the colour of the nearer end @returns {number} */
export function share_index(share) {
  return Number.isNaN(share) ? 0 : Math.round(Math.max(0, Math.min(1, share)) * HALF);
}

/** Packed pixels from paper to a hue. @param {Float32Array} shares @param {Uint32Array} pixels @param {string} hue */
export function paint_shares(shares, pixels, hue) {
  const table = table_of(hue);
  for (let k = 0; k < shares.length; k++) pixels[k] = table[share_index(shares[k])];
}

/** @param {number} value values beyond ±1 have the colour of ±1 @returns {number} */
export function table_index(value) {
  if (Number.isNaN(value)) return HALF;
  // Rounded before the sign, so that both sides match.
  const distance = Math.round(Math.min(1, Math.abs(value)) * HALF);
  return HALF + (value < 0 ? -distance : distance);
}

/** Packed pixels for a whole array. @param {Float32Array} values @param {Uint32Array} pixels */
export function paint(values, pixels) {
  const { table } = map();
  for (let k = 0; k < values.length; k++) pixels[k] = table[table_index(values[k])];
}

/**
 * @param {number} value
 * @returns {{ background: string, color: string }} a colour, and the text colour to read on it
 */
export function swatch(value) {
  void scheme.value;
  const rgb = map().rgb[table_index(value)];
  return {
    background: `rgb(${rgb.join(" ")})`,
    color: luminance(rgb) > EQUAL_CONTRAST ? "#15171b" : "#ffffff",
  };
}

/** @param {Rgb} rgb @returns {number} relative luminance as WCAG defines it */
export function luminance(rgb) {
  const [r, g, b] = rgb.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
