/**
 * The Train view with all that it needs, in one module: it is loaded once the first view can be used, or when this
 * one is opened.
 */
import { show_recording } from "../../state/train/recording.js";
import { awaited } from "../../state/runs/rebuild.js";
import { prepare } from "../../state/train/run.js";
import { engine } from "../../state/shared/wire.js";
import "../../figures/history.js";
import "./cell_text.js";
import "./dataset.js";
import "./document.js";
import "./earlier.js";
import "./ending.js";
import "./gates.js";
import "./sentence.js";
import "./settings.js";
import "./standing.js";
import "./summary.js";
import "./transport.js";

export { show_text } from "../../state/train/reading.js";
export { choose } from "../../state/train/run.js";
export { toggle } from "../../state/train/training.js";

/** The recorded example first, then the reader's network. */
export async function open_train() {
  engine().catch(() => null); // `prepare` asks again and says what is wrong.
  if (awaited.value === null) await show_recording();
  await prepare();
}
