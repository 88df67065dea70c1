import { html, nothing } from "lit";
import { capital, count } from "../../state/shared/format.js";
import { status } from "../../state/shared/store.js";
import { layer_in_words } from "../../state/train/experiment.js";
import * as model from "../../state/train/model.js";
import { outline } from "../../state/train/outline.js";
import { is_recurrent, layers_of } from "../../state/train/places.js";
import { View } from "../view.js";
import { field } from "./field.js";

/** @typedef {import("../../types/engine.js").KerasObject} KerasObject */
/** @typedef {import("../../types/engine.js").LayerSummary} LayerSummary */

/** Options that few readers change. */
const RARE = ["use_bias", "unit_forget_bias", "stateful", "reset_after", "dilation_rate"];

/** The layers of the model, each with its options, its output shape and its parameters. */
class Model extends View {
  /** @override */
  render() {
    const known = model.survey.value;
    const layers = layers_of(model.edited.value);
    const input = known ? shape_of(known.input) : "";
    return html`
      <h3>
        Layers ${known && !known.trouble ? html`<span>${count(known.total)} parameters</span>` : nothing}
      </h3>
      <p class="model-input"><span>Input</span> <code>${input}</code></p>
      <ol class="model-layers">
        ${layers.map((layer, at) =>
          layer.class_name === "InputLayer" ? nothing : this.#layer(layer, at, layers.length),
        )}
      </ol>
      ${this.#add(layers.length)} ${this.#standing()}
      <h3>Unrolled</h3>
      <unrolled-stack></unrolled-stack>
    `;
  }

  /** @param {KerasObject} layer @param {number} at @param {number} length */
  #layer(layer, at, length) {
    const known = model.survey.value;
    const row = known?.rows[at] ?? null;
    const trouble = known?.trouble?.layer === at ? known.trouble : null;
    const shown = model.shown_options.value === at;
    return html`
      <li
        class="model-layer ${shown ? "shown" : ""} ${trouble ? "in-trouble" : ""}"
        data-class=${layer.class_name}
        data-at=${at}
      >
        <button
          type="button"
          class="model-head"
          aria-expanded=${shown}
          data-explain=${layer.class_name}
          @click=${() => (model.shown_options.value = shown ? null : at)}
        >
          <b>${layer_in_words(layer)}</b>
          ${row ? html`<span class="number">${count(row.params)}</span>` : html`<span></span>`}
          <code>${row ? `→ ${shape_of(row.output_shape)}` : ""}</code>
          <code class="formula">${row?.formula ?? ""}</code>
        </button>
        ${shown ? this.#options(layer, at, length) : nothing}
        ${
          trouble
            ? html`<p class="model-trouble" role="alert">
                ${sentence(trouble.message)} ${trouble.mend ? this.#mend(trouble.mend) : nothing}
              </p>`
            : nothing
        }
      </li>
    `;
  }

  /** @param {import("../../types/engine.js").Mend} mend */
  #mend(mend) {
    return html`<button type="button" @click=${() => model.apply_mend(mend)}>${mend.label}</button>`;
  }

  /** @param {KerasObject} layer @param {number} at @param {number} length */
  #options(layer, at, length) {
    const first = layers_of(model.edited.value)[0].class_name === "InputLayer" ? 1 : 0;
    const both = layer.class_name === "Bidirectional";
    return html`
      <div class="model-options">
        ${this.#class(layer, at, 0)} ${this.#fields(layer, at, 0)}
        ${
          both || is_recurrent(layer)
            ? html`<label class="option flag" data-explain="Bidirectional">
                <input type="checkbox" .checked=${both} @change=${() => model.turn_both_ways(at)} /><code
                  >Bidirectional</code
                ></label
              >`
            : nothing
        }
        <p class="model-moves">
          <button type="button" ?disabled=${at <= first} @click=${() => this.#move(at, -1)}>Move up</button>
          <button type="button" ?disabled=${at >= length - 1} @click=${() => this.#move(at, 1)}>
            Move down
          </button>
          <button type="button" @click=${() => this.#then(at + 1, model.duplicate_layer(at))}>
            Duplicate
          </button>
          <button
            type="button"
            ?disabled=${length - first <= 1}
            @click=${() => this.#then(null, model.remove_layer(at))}
          >
            Remove
          </button>
        </p>
      </div>
      ${this.#add(at + 1, layer)}
    `;
  }

  /**
   * The class of a layer, which can be another one.
   * @param {KerasObject} layer @param {number} at @param {number} depth
   */
  #class(
    layer,
    at,
    depth,
    choices = model.catalogue.value?.layers.map(({ class_name }) => class_name) ?? [],
  ) {
    return html`<label class="option" data-explain=${layer.class_name}>
      <code>${depth === 0 ? "class" : "layer"}</code>
      <select
        aria-label=${depth === 0 ? "Class of the layer" : "Class of the layer inside"}
        @change=${(/** @type {Event} */ event) =>
          model.change_class(at, depth, /** @type {HTMLSelectElement} */ (event.target).value)}
      >
        ${choices.map((name) => html`<option ?selected=${name === layer.class_name}>${name}</option>`)}
      </select></label
    >`;
  }

  /** @param {KerasObject} layer @param {number} at @param {number} depth @returns {unknown} */
  #fields(layer, at, depth) {
    const facts = model.facts_of("layers", layer.class_name);
    if (!facts) return nothing;
    const one = (/** @type {import("../../types/engine.js").OptionFacts} */ option) => {
      const value = layer.config[option.name];
      if (option.kind === "layer")
        return html`${this.#class(value, at, depth + 1, facts.inside)} ${this.#fields(value, at, depth + 1)}`;
      const present = value === undefined ? option.default : single(value);
      return field(option, present, (given) => model.set_option(at, depth, option, given), layer.class_name);
    };
    // Sizes that the text of a listing names.
    const named = layer.class_name === "Listing" ? (outline.value?.sizes ?? []) : [];
    const sizes = named.map(([name, size]) => {
      /** @type {import("../../types/engine.js").OptionFacts} */
      const option = { name, kind: "size", default: size, choices: [] };
      const set = (/** @type {unknown} */ given) =>
        model.set_sizes(at, depth, { ...layer.config.sizes, [name]: given });
      return field(
        option,
        new Map(Object.entries(layer.config.sizes ?? {})).get(name) ?? size,
        set,
        layer.class_name,
      );
    });
    const rare = facts.options.filter(({ name }) => name.endsWith("_initializer") || RARE.includes(name));
    const usual = facts.options.filter((option) => !rare.includes(option));
    return html`
      ${usual.map(one)} ${sizes}
      ${
        rare.length > 0
          ? html`<details class="rare">
              <summary>Initializers and more</summary>
              <div>${rare.map(one)}</div>
            </details>`
          : nothing
      }
    `;
  }

  /** @param {number} at where the new layer will stand @param {KerasObject} [behind] */
  #add(at, behind) {
    const name = behind ? `Add a layer after ${behind.class_name}` : "Add a layer at the end";
    return html`<select
      class="model-add"
      aria-label=${name}
      @change=${(/** @type {Event} */ event) => {
        const menu = /** @type {HTMLSelectElement} */ (event.target);
        const chosen = menu.value;
        menu.selectedIndex = 0;
        void this.#then(at, model.add_layer(at, chosen));
      }}
    >
      <option value="" selected disabled>+ ${name}</option>
      ${model.catalogue.value?.layers.map(
        ({ class_name }) => html`<option value=${class_name}>${class_name}</option>`,
      )}
    </select>`;
  }

  /** @param {number} at @param {number} by */
  #move(at, by) {
    void this.#then(at + by, model.move_layer(at, by));
  }

  /** @param {number | null} open the layer that is shown afterwards @param {Promise<void>} done */
  async #then(open, done) {
    model.shown_options.value = open;
    await done;
  }

  /** What holds of an edit that cannot be trained yet. */
  #standing() {
    if (!model.draft.value) return nothing;
    return html`<p class="model-draft" role="status">
      ${model.problem.value ? sentence(model.problem.value) : "This model cannot be trained yet."} The network
      before the change is kept${status.value === "training" ? " and goes on training" : ""}.
      <button type="button" @click=${model.discard}>Undo the change</button>
    </p>`;
  }
}

/** Keras writes sizes of one-dimensional layers as a list of one. @param {unknown} value */
function single(value) {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** @param {(number | null)[]} shape */
function shape_of(shape) {
  return `(${shape.map((size) => size ?? "None").join(", ")})`;
}

/** @param {string} text */
function sentence(text) {
  const plain = text.replaceAll("`", "");
  return `${capital(plain)}${plain.endsWith(".") ? "" : "."}`;
}

customElements.define("unrolled-model", Model);
