/**
 * Reads a reader's own file with the second module, which knows the formats; ends when the file is read.
 */
import init, { OwnFile } from "../pkg-extra/unrolled_extra.js";
import { compile_extra } from "./load.js";
import { Transferred, serve } from "./rpc.js";

/** @typedef {import("../types/extra.js").Experiment} Experiment */
/** @typedef {import("../types/extra.js").OwnChoice} OwnChoice */
/** @typedef {import("../types/extra.js").OwnInfo} OwnInfo */

/**
 * @typedef {object} OwnRequests
 * @property {{ argument: { name: string, bytes: Uint8Array, choice: OwnChoice, experiment: Experiment },
 *   reply: { info: OwnInfo, packed: Uint8Array, experiment: Experiment } }} read `experiment` in the argument: what
 *   the one on this file begins with
 */

/** @type {import("./rpc.js").Handlers<OwnRequests>} */
const handlers = {
  async read({ name, bytes, choice, experiment }) {
    await init({ module_or_path: await compile_extra() });
    const file = new OwnFile(name, bytes, choice);
    const packed = file.packed();
    return new Transferred({ info: file.info(), packed, experiment: file.experiment(experiment) }, [
      packed.buffer,
    ]);
  },
};

serve(handlers);
