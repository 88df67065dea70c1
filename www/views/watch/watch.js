import { signal } from "@preact/signals-core";
import { html, nothing } from "lit";
import { in_sight } from "../../state/watch/live.js";
import { layers, reads_text } from "../../state/watch/shown.js";
import * as store from "../../state/shared/store.js";
import { View } from "../view.js";
import "./sentence.js";
import "./pins.js";

/**
 * @typedef {object} Tab
 * @property {string} id
 * @property {string} name
 * @property {string} element what it shows
 * @property {() => Promise<unknown>} load
 */

/** @type {Tab[]} */
const TABS = [
  { id: "gates", name: "Gates and states", element: "unrolled-gates", load: () => import("./gates.js") },
  { id: "units", name: "Units", element: "unrolled-units", load: () => import("./units.js") },
  {
    id: "gradients",
    name: "Gradients through time",
    element: "unrolled-gradients",
    load: () => import("./gradients.js"),
  },
  { id: "space", name: "State space", element: "unrolled-space", load: () => import("./space.js") },
  {
    id: "expression",
    name: "Expression",
    element: "unrolled-expression",
    load: () => import("./expression.js"),
  },
  { id: "surgery", name: "Surgery", element: "unrolled-surgery", load: () => import("./surgery.js") },
  {
    id: "statistics",
    name: "Statistics",
    element: "unrolled-statistics",
    load: () => import("./statistics.js"),
  },
  { id: "mistakes", name: "Mistakes", element: "unrolled-mistakes", load: () => import("./mistakes.js") },
];

const KEPT_AS = "unrolled:watch-tab";

/** Near enough to the window to be read again. */
const NEAR = "300px";

/** @type {Record<string, (at: number) => number>} */
const MOVES = {
  ArrowRight: (at) => (at + 1) % TABS.length,
  ArrowLeft: (at) => (at + TABS.length - 1) % TABS.length,
  Home: () => 0,
  End: () => TABS.length - 1,
};

/** The tab that is open. */
const open = signal(kept());

/** @returns {Tab} */
function kept() {
  try {
    return TABS.find(({ id }) => id === localStorage.getItem(KEPT_AS)) ?? TABS[0];
  } catch {
    return TABS[0]; // This browser lets the page keep nothing.
  }
}

/** Opens a tab, and keeps it for the next visit. @param {Tab} tab */
function open_tab(tab) {
  open.value = tab;
  try {
    localStorage.setItem(KEPT_AS, tab.id);
  } catch (error) {
    console.info("The chosen tab could not be kept on this machine:", error);
  }
}

/** What the network makes of a text or a sample, in tabs that look at the same timestep and unit. */
class Watch extends View {
  /** @type {IntersectionObserver | null} */
  #observer = null;

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#observer = new IntersectionObserver(([entry]) => (in_sight.value = entry.isIntersecting), {
      rootMargin: NEAR,
    });
    this.#observer.observe(this);
  }

  /** @override */
  disconnectedCallback() {
    this.#observer?.disconnect();
    in_sight.value = false;
    super.disconnectedCallback();
  }

  /** @override */
  render() {
    const present = open.value;
    return html`
      <section aria-labelledby="sentence-title">
        <h2 id="sentence-title">${reads_text.value ? "Try a text" : "What it makes of one sample"}</h2>
        <unrolled-sentence></unrolled-sentence>
        <unrolled-pins></unrolled-pins>
      </section>
      <section class="watch-tabs" aria-label="What happens inside">
        <div class="tablist" role="tablist" aria-label="What happens inside" @keydown=${this.#key}>
          ${TABS.map(
            (tab) =>
              html`<button
                type="button"
                role="tab"
                id="tab-${tab.id}"
                aria-controls="panel-of-watch"
                aria-selected=${tab === present}
                tabindex=${tab === present ? nothing : "-1"}
                @click=${() => open_tab(tab)}
              >
                ${tab.name}
              </button>`,
          )}
        </div>
        ${present.id === "mistakes" ? nothing : which_layer()}
        <div class="panel" role="tabpanel" id="panel-of-watch" aria-labelledby="tab-${present.id}"></div>
      </section>
    `;
  }

  /** @override */
  updated() {
    const panel = /** @type {HTMLElement} */ (this.querySelector(".panel"));
    const { element, load } = open.peek();
    if (panel.firstElementChild?.localName === element) return;
    panel.replaceChildren(document.createElement(element));
    load().catch((/** @type {unknown} */ error) => {
      panel.textContent = `This part of the page could not be loaded (${String(error)}). Reload the page.`;
    });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const move = MOVES[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    open_tab(TABS[move(TABS.indexOf(open.value))]);
    void this.updateComplete.then(() =>
      /** @type {HTMLElement | null} */ (this.querySelector("[aria-selected=true]"))?.focus(),
    );
  }
}

/** Which recurrent layer all figures show, where there are several. */
function which_layer() {
  if (layers.value.length < 2) return nothing;
  const here = store.shown_layer.value?.name;
  return html`<label class="which-layer"
    ><span>Layer</span>
    <select
      @change=${(/** @type {Event} */ event) =>
        (store.chosen_layer.value = /** @type {HTMLSelectElement} */ (event.target).value)}
    >
      ${layers.value.map(
        ({ name, class_name, units }) =>
          html`<option value=${name} .selected=${name === here}>
            ${name} (${class_name}, ${units} units)
          </option>`,
      )}
    </select></label
  >`;
}

// The words and the figures below them appear together. What cannot be loaded is said in its place.
await open.value.load().catch(() => null);
customElements.define("unrolled-watch", Watch);
