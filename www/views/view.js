/**
 * What all views share: they render again when a signal that they read changes, into the document itself, so that
 * the page's style sheets and labels reach them.
 */
import { LitElement } from "lit";
import { SignalWatcher } from "@lit-labs/preact-signals";

export class View extends SignalWatcher(LitElement) {
  /** @override */
  createRenderRoot() {
    this.replaceChildren(); // The content that `index.html` shows until scripts have loaded.
    return this;
  }
}
