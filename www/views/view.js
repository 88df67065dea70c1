/**
 * What all views share: they render again when a signal that they read changes, into the document itself, so that
 * the page's style sheets and labels reach them.
 */
import { LitElement, html } from "lit";
import { SignalWatcher } from "@lit-labs/preact-signals";

/** A message of the engine, with what stands between backticks as code. @param {string} message */
export const with_code = (message) =>
  message.split("`").map((part, k) => (k % 2 === 1 ? html`<code>${part}</code>` : part));

export class View extends SignalWatcher(LitElement) {
  /** @override */
  createRenderRoot() {
    this.replaceChildren(); // The content that `index.html` shows until scripts have loaded.
    return this;
  }
}
