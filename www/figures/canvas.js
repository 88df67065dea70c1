/**
 * Brings a canvas to its size in the device's pixels.
 * @param {HTMLCanvasElement} canvas @param {{ width: number, height: number }} size in CSS pixels
 */
export function fitted(canvas, size) {
  const ratio = globalThis.devicePixelRatio || 1;
  const width = Math.max(1, Math.round(size.width * ratio));
  const height = Math.max(1, Math.round(size.height * ratio));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  context.imageSmoothingEnabled = false;
  return { context, ratio, width, height };
}
