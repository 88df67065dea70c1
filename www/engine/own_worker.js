/**
 * Reads and writes a reader's own files with the extra module, which knows the formats; ends when that is done.
 */
import init, {
  OpenedNetwork,
  OwnFile,
  SavedNetwork,
  continue_text,
  holds_weights,
  keras_archive,
  on_data_of,
} from "../pkg-extra/unrolled_extra.js";
import { compile_extra, once } from "./load.js";
import { Transferred, serve } from "./rpc.js";

/** @typedef {import("../types/extra.js").Experiment} Experiment */
/** @typedef {import("../types/extra.js").OwnChoice} OwnChoice */
/** @typedef {import("../types/extra.js").OwnInfo} OwnInfo */
/** @typedef {import("../types/extra.js").OnOtherData} OnOtherData */

/**
 * @typedef {object} OwnRequests `pack`: the data set of an experiment as the engine loads it; generated data need none
 * @property {{ argument: { name: string, bytes: Uint8Array, choice: OwnChoice, experiment: Experiment },
 *   reply: { info: OwnInfo, packed: Uint8Array, made: OnOtherData } }} read a data set; `experiment`: the present one,
 *   whose model goes on with these data where it fits
 * @property {{ argument: { experiment: Experiment, name: string }, reply: OnOtherData }} other_data the model of
 *   `experiment` on the data of the project's document `name`
 * @property {{ argument: { bytes: Uint8Array, experiment: Experiment }, reply: boolean }} is_weights whether arrays are
 *   named as the weights of the experiment's model
 * @property {{ argument: { name: string, bytes: Uint8Array, experiment: Experiment, pack: Uint8Array | undefined },
 *   reply: { experiment: Experiment, weights: Uint8Array | undefined, remarks: string[] } }} open a model or weights
 * @property {{ argument: { experiment: Experiment, checkpoint: Uint8Array, pack: Uint8Array | undefined, text: string,
 *   length: number, temperature: number, seed: number }, reply: { added: string } }} continue what the language model
 *   of a checkpoint adds to a text
 * @property {{ argument: { experiment: Experiment, checkpoint: Uint8Array, ending: string },
 *   reply: { bytes: Uint8Array, remarks: string[] } }} save the network of a checkpoint
 * @property {{ argument: { experiment: Experiment, name: string, pack: Uint8Array | undefined,
 *   weights: Uint8Array | undefined }, reply: { bytes: Uint8Array } }} archive the experiment for Keras; `weights`: the
 *   first ones, where they come from a file
 */

/** A second instance would not know what is held by the first: there is one, whatever asks for it at the same time. */
const formats = once(async () => init({ module_or_path: await compile_extra() }));

/** @type {import("./rpc.js").Handlers<OwnRequests>} */
const handlers = {
  async read({ name, bytes, choice, experiment }) {
    await formats();
    const file = new OwnFile(name, bytes, choice);
    const packed = file.packed();
    const made = file.experiment(experiment);
    return new Transferred({ info: file.info(), packed, made }, [packed.buffer]);
  },
  async other_data({ experiment, name }) {
    await formats();
    return on_data_of(experiment, name);
  },
  async is_weights({ bytes, experiment }) {
    await formats();
    return holds_weights(bytes, experiment);
  },
  async open({ name, bytes, experiment, pack }) {
    await formats();
    const opened = new OpenedNetwork(name, bytes, experiment, pack);
    const weights = opened.weights();
    const reply = { experiment: opened.experiment(), weights, remarks: opened.remarks() };
    return new Transferred(reply, weights ? [weights.buffer] : []);
  },
  async save({ experiment, checkpoint, ending }) {
    await formats();
    const saved = new SavedNetwork(experiment, checkpoint, ending);
    const bytes = saved.bytes();
    return new Transferred({ bytes, remarks: saved.remarks() }, [bytes.buffer]);
  },
  async continue({ experiment, checkpoint, pack, text, length, temperature, seed }) {
    await formats();
    return { added: continue_text(experiment, checkpoint, pack, text, length, temperature, seed) };
  },
  async archive({ experiment, name, pack, weights }) {
    await formats();
    const bytes = keras_archive(experiment, name, pack, weights);
    return new Transferred({ bytes }, [bytes.buffer]);
  },
};

serve(handlers);
