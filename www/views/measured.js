/** A view that knows how wide it is, and renders again when that changes. */
import { View } from "./view.js";

export class MeasuredView extends View {
  /** In CSS pixels; 0 until it was measured. */
  width = 0;

  #observer = new ResizeObserver(([entry]) => {
    this.width = entry.contentRect.width;
    this.requestUpdate();
  });

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#observer.observe(this);
  }

  /** @override */
  disconnectedCallback() {
    this.#observer.disconnect();
    super.disconnectedCallback();
  }
}
