/**
 * Boot: reads the link, opens its view, then the other one, and keeps link and state in agreement.
 */
import { computed, effect, signal, untracked } from "@preact/signals-core";
import { is_relaxed } from "./engine/load.js";
import { isolate, keep_version } from "./engine/isolate.js";
import { awaited } from "./state/runs/rebuild.js";
import { load_text } from "./state/runs/texts.js";
import {
  entry_opened,
  is_own_entry,
  keep_address,
  last_work,
  write_address,
} from "./state/shared/address.js";
import { is_listing } from "./state/shared/listing_cell.js";
import { with_listing } from "./state/shared/own_cell.js";
import { key_of, opened_by, set_of } from "./state/train/experiment.js";
import { linked_experiment } from "./state/train/changes.js";
import { choice_of } from "./state/train/settings.js";
import * as store from "./state/shared/store.js";
import { expect_text } from "./state/step/recorded.js";
import { choice as step_choice, has_begun, network_updates, prepare_stepping } from "./state/step/step.js";
import { link_of, parse_link } from "./state/shared/url.js";
import { before as before_tour, tour, tour_of, with_tour } from "./state/tour.js";
import { step_key } from "./views/step/keys.js";
import { follow_step_link, open_step, step_link } from "./views/step/open.js";
import "./views/guide.js";
import "./views/lead.js";
import "./views/notices.js";
import { select_numbers_on_click } from "./views/select_number.js";
import "./views/share.js";
import "./views/step/step.js";

/** After the view that was asked for can be used, the other one waits this long, so that the first has been drawn. */
const PAUSE_BETWEEN_VIEWS_MS = 200;

const ROUNDING =
  "This link and this page do not use the same arithmetic (relaxed arithmetic is faster and not reproducible), so " +
  "that the last digits can differ.";

/** Views whose elements are loaded after the page: they are not shown before. */
const coming = signal(["train"]);

/** @type {Promise<void> | null} */
let step_opened = null;

/** Opens the Step view, once. */
function open_stepping() {
  step_opened ??= open_step();
  return step_opened;
}

/** @typedef {typeof import("./views/train/train.js")} TrainView */

/** @type {Promise<TrainView | null> | null} */
let train_loaded = null;
/** Resolves when training is possible. @type {Promise<void> | null} */
let train_opened = null;

/**
 * A style sheet that a view needs before it is shown, since what it shows would move. The head says which is missing.
 * @param {string} name
 */
function sheet(name) {
  const styles = document.createElement("link");
  styles.rel = "stylesheet";
  styles.href = new URL(`./styles/${name}.css`, import.meta.url).href;
  const arrived = new Promise((keep) => (styles.onload = styles.onerror = () => keep(null)));
  document.head.append(styles);
  return arrived;
}

/** The Train view, loaded and opened once; null if that fails, of which a notice tells. */
function train_view() {
  train_loaded ??= Promise.all([import("./views/train/train.js"), ...["insight", "watch"].map(sheet)]).then(
    ([view]) => {
      coming.value = coming.value.filter((name) => name !== "train");
      train_opened = view.open_train();
      return view;
    },
    () => {
      train_loaded = null;
      const text = "The Train view could not be loaded. Check the connection, then reload the page.";
      store.notify({ key: "train-view", kind: "trouble", text });
      return null;
    },
  );
  return train_loaded;
}

async function open_training() {
  await train_view();
  await train_opened;
}

/** @type {Promise<typeof import("./views/write/write.js") | null> | null} */
let write_loaded = null;

/** The Write view, loaded once; null if that fails, of which a notice tells. */
function write_view() {
  write_loaded ??= import("./views/write/write.js").catch(() => {
    write_loaded = null;
    const text = "The Write view could not be loaded. Check the connection, then reload the page.";
    store.notify({ key: "write-view", kind: "trouble", text });
    return null;
  });
  return write_loaded;
}

async function open_writing() {
  await (await write_view())?.open_write();
}

/** @param {string} name of a view */
function open(name) {
  if (name === "write") return open_writing();
  return name === "step" ? open_stepping() : open_training();
}

/** Opens the view of the route, whenever it is chosen, and in the end those that need long, so that they are ready. */
async function open_views() {
  const first = open(store.route.value);
  effect(() => {
    const name = store.route.value;
    untracked(() => void open(name));
  });
  await first;
  await new Promise((keep) => setTimeout(keep, PAUSE_BETWEEN_VIEWS_MS));
  expect_text(step_choice.value.cell);
  await open_training();
  await open_stepping();
}

/**
 * Takes over what a link says. An experiment that it names by more than settings is opened with the Train view.
 * @param {string} fragment
 * @returns {import("./state/train/experiment.js").OpenExperiment}
 */
function follow(fragment) {
  const link = parse_link(fragment);
  const experiment = opened_by(with_listing(link.settings));
  awaited.value = is_shown(link, experiment) ? null : link.trained;
  store.named_experiment.value = link.experiment;
  say_of_link("link", link.problems.join(" "));
  say_of_link("link-arithmetic", link.trained && link.relaxed !== is_relaxed() ? ROUNDING : "");
  const choice = choice_of(link.settings);
  store.route.value = known_route(link.route);
  // The text of an experiment that is not read yet is not known.
  store.text.value = link.text ?? (link.experiment ? "" : (load_text(choice.subject) ?? choice.text));
  store.selected.value = link.selected;
  store.contrast.value = link.contrast;
  if (link.speed !== null) store.speed.value = link.speed;
  if (follow_step_link(link.step) && has_begun()) void prepare_stepping();
  return experiment;
}

/**
 * Whether the network that a link describes is the one behind the page.
 * @param {import("./state/shared/url.js").LinkState} link
 * @param {import("./state/train/experiment.js").OpenExperiment} experiment
 */
function is_shown({ trained, experiment: named }, experiment) {
  return (
    trained !== null &&
    named === null &&
    key_of(experiment) === key_of(store.experiment.value) &&
    trained.updates === store.updates.value
  );
}

/** @param {string} key @param {string} text nothing is said where it is empty */
function say_of_link(key, text) {
  if (text === "") store.dismiss(key);
  else store.notify({ key, kind: "trouble", text });
}

/** How far the network that is seen has been trained. */
function present_trained() {
  if (awaited.value) return awaited.value;
  const updates = store.route.value === "step" ? network_updates.value : store.updates.value;
  return updates > 0 ? { updates, rates: store.rates.value } : null;
}

/** A view is a section with `data-route`; a link to one that does not exist opens the first. @param {string} name */
function known_route(name) {
  const routes = [...document.querySelectorAll("[data-route]")].map(
    (section) => /** @type {HTMLElement} */ (section).dataset.route ?? "",
  );
  return routes.includes(name) ? name : routes[0];
}

function present_link() {
  const link = link_of({
    route: store.route.value,
    settings: store.settings.value,
    experiment: store.named_experiment.value ?? linked_experiment.value,
    text: store.text.value,
    usual_text: set_of(store.experiment.value.document)?.texts[0] ?? "",
    selected: store.selected.value,
    speed: store.speed.value,
    contrast: store.contrast.value,
    trained: present_trained(),
    relaxed: is_relaxed(),
    step: step_link(),
  });
  return with_tour(link);
}

/** Other data are in the address at once: a reload that follows must not train on those that were there before. */
function write_address_of_other_data() {
  const present = computed(() => {
    const { document, from } = store.experiment.value;
    return JSON.stringify([
      from,
      document.data.set,
      document.data.file?.hash,
      linked_experiment.value !== null,
    ]);
  });
  let before = present.peek();
  effect(() => {
    if (present.value === before) return;
    before = present.value;
    write_address();
  });
}

function show_route() {
  effect(() => {
    const name = store.route.value;
    for (const section of document.querySelectorAll("[data-route]")) {
      const view = /** @type {HTMLElement} */ (section);
      const shown = view.dataset.route === name;
      view.hidden = !shown || coming.value.includes(name);
      if (shown) document.title = `${view.dataset.title} · Unrolled`;
    }
    for (const link of document.querySelectorAll("nav a")) {
      if (link.getAttribute("href") === `#/${name}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  });
}

/** Explanations of one cell are shown with that cell. */
function show_cell() {
  effect(() => {
    const { cell } = store.settings.value;
    const shown = is_listing(cell) ? "listing" : cell;
    for (const note of /** @type {NodeListOf<HTMLElement>} */ (
      document.querySelectorAll("[data-for-cell]")
    )) {
      note.hidden = note.dataset.forCell !== shown;
    }
  });
}

/** The skip link leads to the view that is shown; its address must not replace the view's. @param {Event} event */
function skip_to_view(event) {
  event.preventDefault();
  /** @type {HTMLElement | null} */ (document.querySelector("[data-route]:not([hidden])"))?.focus();
}

/**
 * Another view as it is now, chosen in the header or with Back: what was changed since then stays. The address says so
 * at once, so that a reload shows the same.
 * @param {string} fragment
 */
function show_view(fragment) {
  const name = known_route(parse_link(fragment).route);
  entry_opened(name);
  store.route.value = name;
  write_address();
}

/** @param {HashChangeEvent} event */
async function link_changed(event) {
  const fragment = new URL(event.newURL).hash;
  if (!fragment.startsWith("#/")) return; // A link within the page, to a heading.
  if (!fragment.includes("?") || is_own_entry()) return show_view(fragment);
  entry_opened(known_route(parse_link(fragment).route));
  const before = key_of(store.experiment.value);
  tour.value = tour_of(fragment);
  const experiment = follow(fragment);
  const view = await train_view();
  if (store.named_experiment.value) await view?.open_named(awaited.value);
  else if (key_of(experiment) !== before || awaited.value) await view?.choose(experiment, awaited.value);
  else await view?.show_text();
}

/** Space plays and pauses wherever it has no other meaning. @param {KeyboardEvent} event */
function key_pressed(event) {
  if (store.route.value === "step") return step_key(event);
  if (event.key !== " " || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.closest("input, textarea, select, button, summary, a, dialog")) return;
  event.preventDefault();
  void (store.route.value === "write" ? write_view() : train_view()).then((view) => view?.toggle());
}

const worked_on = last_work();
if (worked_on !== "")
  void import("./state/runs/last_work.js").then(({ offer_last_work }) => offer_last_work(worked_on));
store.experiment.value = follow(location.hash);
tour.value = tour_of(location.hash);
if (tour.value === null) before_tour.value = null; // It was left by closing the page.
show_route();
show_cell();
keep_address(present_link);
write_address_of_other_data();
effect(() => {
  if (awaited.value) void import("./views/rebuild.js");
});
addEventListener("hashchange", link_changed);
document.querySelector(".skip")?.addEventListener("click", skip_to_view);
addEventListener("keydown", key_pressed);
select_numbers_on_click();
document.documentElement.dataset.alive = "";
void isolate();
await open_views();
void keep_version(() => {
  const text = "A new version of this page has arrived. It is shown with the next load; nothing is lost.";
  store.notify({
    key: "version",
    kind: "note",
    text,
    actions: [{ label: "Load it now", run: () => location.reload() }],
  });
});
