import { html, nothing } from "lit";
import * as model from "../../state/train/model.js";
import { View } from "../view.js";
import { field } from "./field.js";

/** @typedef {import("../../types/engine.js").ClassFacts} ClassFacts */
/** @typedef {import("../../types/engine.js").Experiment} Experiment */
/** @typedef {import("../../types/engine.js").OptionFacts} OptionFacts */

/** A learning rate that is a number. */
const CONSTANT = "constant";

/** At most one of them may be set. */
const CLIPPING = ["clipnorm", "global_clipnorm", "clipvalue"];

/**
 * @param {string} name @param {OptionFacts["kind"]} kind @param {unknown} usual
 * @returns {OptionFacts}
 */
const option = (name, kind, usual) => ({ name, kind, default: usual, choices: [] });

const FIT = [
  option("batch_size", "size", 32),
  option("epochs", "size", 1),
  option("shuffle", "flag", true),
  option("seed", "number", 0),
  option("validate_every", "number", null),
];

const LIMIT = option("limit", "size", null);

/** Loss, optimizer, learning rate, clipping, batches and stopping, as the document has them. */
class TrainingOptions extends View {
  /** @override */
  render() {
    const known = model.catalogue.value;
    if (!known) return nothing;
    const { compile, fit, data } = model.edited.value;
    const optimizer = optimizer_of(compile.optimizer);
    const facts = model.facts_of("optimizers", optimizer.class_name);
    return html`
      <details class="training-options">
        <summary>
          Loss and optimizer: <span>${compile.loss.replaceAll("_", " ")}, ${optimizer.class_name}</span>
        </summary>
        <div class="model-options">
          ${choice(
            "loss",
            compile.loss,
            known.losses,
            (loss) => model.set_place("/compile/loss", loss),
            compile.loss,
          )}
          ${field(
            option("from_logits", "flag", false),
            compile.from_logits,
            (value) => model.set_place("/compile/from_logits", value),
            "the loss",
          )}
          ${choice(
            "optimizer",
            optimizer.class_name,
            known.optimizers.map(({ class_name }) => class_name),
            (class_name) => this.#optimizer({ class_name, config: {} }),
            optimizer.class_name,
          )}
          ${facts ? this.#rate(optimizer, facts) : nothing}
          ${facts?.options.filter(({ name }) => name !== "learning_rate").map((each) => this.#option(optimizer, each))}
          ${FIT.map((each) =>
            field(
              each,
              fit[/** @type {"seed"} */ (each.name)],
              (value) => model.set_place(`/fit/${each.name}`, value),
              "fit",
            ),
          )}
          ${field(LIMIT, data.limit, (value) => model.set_place("/data/limit", value), "the data")}
          ${this.#validation(data.validation)} ${this.#weights(fit.class_weight ?? {})} ${this.#stopping(fit)}
        </div>
      </details>
    `;
  }

  /** @param {{ class_name: string, config: Record<string, any> }} optimizer */
  #optimizer(optimizer) {
    return model.set_place("/compile/optimizer", optimizer);
  }

  /** A number, or a schedule with its own options. */
  #rate(/** @type {ReturnType<typeof optimizer_of>} */ optimizer, /** @type {ClassFacts} */ facts) {
    const usual = facts.options.find(({ name }) => name === "learning_rate");
    const rate = optimizer.config.learning_rate ?? usual?.default;
    const set = (/** @type {unknown} */ learning_rate) =>
      this.#optimizer({ ...optimizer, config: { ...optimizer.config, learning_rate } });
    const schedules = model.catalogue.value?.schedules ?? [];
    const schedule =
      typeof rate === "object" ? schedules.find(({ class_name }) => class_name === rate.class_name) : null;
    return html`
      ${choice(
        "schedule",
        schedule?.class_name ?? CONSTANT,
        [CONSTANT, ...schedules.map(({ class_name }) => class_name)],
        (name) => set(rate_of(name, schedules, usual?.default)),
        schedule?.class_name ?? "schedule",
      )}
      ${
        schedule
          ? schedule.options.map((each) =>
              field(
                each,
                rate.config[each.name] ?? each.default,
                (value) => set({ ...rate, config: { ...rate.config, [each.name]: value } }),
                schedule.class_name,
              ),
            )
          : usual && field(usual, rate, set, facts.class_name)
      }
    `;
  }

  /** @param {ReturnType<typeof optimizer_of>} optimizer @param {OptionFacts} each */
  #option(optimizer, each) {
    const set = (/** @type {unknown} */ value) => {
      const config = { ...optimizer.config };
      if (CLIPPING.includes(each.name)) for (const name of CLIPPING) delete config[name];
      if (value === each.default) delete config[each.name];
      else config[each.name] = value;
      return this.#optimizer({ ...optimizer, config });
    };
    return field(each, optimizer.config[each.name] ?? each.default, set, optimizer.class_name);
  }

  /** @param {"test" | number} validation */
  #validation(validation) {
    return field(
      option("validation_split", "share", null),
      validation === "test" ? null : validation,
      (value) => model.set_place("/data/validation", value ? value : "test"),
      "fit",
    );
  }

  /** @param {Record<string, number>} weights */
  #weights(weights) {
    const said = Object.entries(weights).map(([name, weight]) => `${name}: ${weight}`);
    return field(
      option("class_weight", "text", ""),
      said.join(", "),
      (text) =>
        model.edit((document) => {
          document.fit.class_weight = weights_of(text);
        }),
      "fit",
    );
  }

  /** @param {Experiment["fit"]} fit */
  #stopping({ early_stopping }) {
    const facts = model.catalogue.value?.early_stopping;
    if (!facts) return nothing;
    const options = typeof early_stopping === "object" ? early_stopping : {};
    const set = (/** @type {Record<string, unknown> | undefined} */ wanted) =>
      model.edit((document) => {
        if (wanted) document.fit.early_stopping = wanted;
        else delete document.fit.early_stopping;
      });
    return html`
      ${field(
        option("EarlyStopping", "flag", false),
        early_stopping !== undefined,
        (on) => set(on ? { ...facts.required } : undefined),
        "fit",
      )}
      ${
        early_stopping === undefined
          ? nothing
          : facts.options.map((each) =>
              field(
                each,
                options[each.name] ?? each.default,
                (value) => set({ ...options, [each.name]: value }),
                "EarlyStopping",
              ),
            )
      }
    `;
  }
}

/**
 * @param {string} name @param {string} present @param {string[]} choices @param {(chosen: string) => void} set
 * @param {string} explained what its explanation is about
 */
function choice(name, present, choices, set, explained) {
  return html`<label class="option wide" data-explain=${explained}>
    <code>${name}</code>
    <select
      aria-label=${name}
      @change=${(/** @type {Event} */ event) => set(/** @type {HTMLSelectElement} */ (event.target).value)}
    >
      ${choices.map((one) => html`<option ?selected=${one === present}>${one}</option>`)}
    </select></label
  >`;
}

/** @param {Experiment["compile"]["optimizer"]} optimizer */
function optimizer_of(optimizer) {
  if (typeof optimizer !== "string") return { ...optimizer, config: optimizer.config ?? {} };
  const known = model.catalogue.value?.optimizers ?? [];
  const found = known.find(({ class_name }) => class_name.toLowerCase() === optimizer.toLowerCase());
  return { class_name: found?.class_name ?? optimizer, config: /** @type {Record<string, any>} */ ({}) };
}

/** @param {string} name @param {ClassFacts[]} schedules @param {number} usual */
function rate_of(name, schedules, usual) {
  const schedule = schedules.find(({ class_name }) => class_name === name);
  return schedule ? { class_name: name, config: structuredClone(schedule.required) } : usual;
}

/** @param {string} text `0: 1, 1: 2.5` @returns {Record<string, number>} what is no number is left to the engine */
function weights_of(text) {
  const entries = text.split(",").flatMap((part) => {
    const [name, weight] = part.split(":");
    return part.trim() === "" ? [] : [[name.trim(), Number(weight)]];
  });
  return Object.fromEntries(entries);
}

customElements.define("unrolled-training-options", TrainingOptions);
