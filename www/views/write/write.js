/**
 * The Write view with all that it needs, in one module: it is loaded when it is opened.
 */
import { html } from "lit";
import { effect } from "@preact/signals-core";
import { route } from "../../state/shared/store.js";
import { open_shipped } from "../../state/write/shipped.js";
import { facts, playing, toggle } from "../../state/write/writer.js";
import { View } from "../view.js";
import "./controls.js";
import "./held.js";
import "./states.js";
import "./written.js";

export { toggle };

/** The parts of the view, one below the other. */
class Write extends View {
  /** @override */
  render() {
    return html`
      <unrolled-write-controls></unrolled-write-controls>
      <div class="writing">
        <div>
          <unrolled-written></unrolled-written>
          <unrolled-write-held></unrolled-write-held>
        </div>
        <unrolled-write-states></unrolled-write-states>
      </div>
      <unrolled-write-laboratory></unrolled-write-laboratory>
      <unrolled-write-training></unrolled-write-training>
      <unrolled-write-pairs></unrolled-write-pairs>
      <unrolled-encoder-decoder></unrolled-encoder-decoder>
    `;
  }
}

/** Something writes at once: the model that comes with the page. What is looked at after it is loaded after it. */
export async function open_write() {
  if (facts.value === null) await open_shipped();
  void import("./laboratory/laboratory.js");
  void import("./training.js");
  void import("./pairs.js");
  void import("./encoder_decoder/encoder_decoder.js");
}

/** Nobody watches what is hidden. */
effect(() => {
  if (route.value !== "write" && playing.peek()) void toggle();
});

for (const sheet of ["write"]) {
  const styles = document.createElement("link");
  styles.rel = "stylesheet";
  styles.href = new URL(`../../styles/${sheet}.css`, import.meta.url).href;
  document.head.append(styles);
}

customElements.define("unrolled-write", Write);
