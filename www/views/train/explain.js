/**
 * What an option does, in one sentence beside it, where one points at it or reaches it with the keyboard. The sentences
 * are the engine's; an element says by `data-explain` which one is about it.
 */
import { WORDING } from "../../generated/wording.js";

/** The pointer may pass from an option to its sentence. */
const PASSING_MS = 160;

/** Space between an option and its sentence. */
const GAP = 8;

const tip = document.createElement("p");
tip.id = "option-explained";
tip.className = "option-explained";
tip.setAttribute("role", "tooltip");
tip.popover = "manual";

/** @type {Element | null} */
let explained = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let leaving;
/** Another value may be chosen while its option is explained. */
const chosen = new MutationObserver(() => explained && show(explained));

/** What a table says of a name; nothing of those that every object has. @param {object} table @param {string} name */
const own = (table, name) =>
  Object.hasOwn(table, name) ? /** @type {Record<string, string>} */ (table)[name] : undefined;

/**
 * The sentence for `LSTM/units`, a class, a loss or an option of `fit`; empty where there is none.
 * @param {string} key
 */
export function sentence_on(key) {
  const name = key.split("/").at(-1) ?? "";
  const { options, fit, judging, classes } = WORDING;
  const known = [options, fit, judging, classes].map((table, k) => own(table, k === 0 ? key : name));
  return known.find((sentence) => sentence !== undefined) ?? "";
}

/**
 * The sentence on the present value of an option, for `recurrent_activation/sigmoid`; empty where there is none.
 * @param {string} key
 */
export function sentence_on_choice(key) {
  const [option, value] = key.split("/");
  const family = option.endsWith("_initializer")
    ? "initializer"
    : option.replace("recurrent_activation", "activation");
  const said = WORDING.choices[`${family}/${value}`];
  return said ? `${value}: ${said}` : "";
}

/** Explains options inside of `root`. @param {HTMLElement} root */
export function explain_options(root) {
  root.append(tip);
  root.addEventListener("pointerover", (event) => point(event.target));
  root.addEventListener("pointerleave", () => leave());
  root.addEventListener("focusin", (event) => point(event.target, true));
  root.addEventListener("focusout", () => leave());
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !explained) return;
    hide();
    event.stopPropagation();
  });
  addEventListener("scroll", scrolled, { capture: true, passive: true });
}

/** The sentence goes along with an option that has the focus, as long as that is in sight. */
function scrolled() {
  if (!explained) return;
  const { top, bottom } = explained.getBoundingClientRect();
  if (explained.contains(document.activeElement) && top >= 0 && bottom <= innerHeight) show(explained);
  else hide();
}

/** @param {EventTarget | null} target @param {boolean} [focused] */
function point(target, focused = false) {
  const element = /** @type {Element | null} */ (target);
  if (element === tip) {
    clearTimeout(leaving);
    return;
  }
  const found = element?.closest("[data-explain]") ?? null;
  if (!found) {
    if (explained && !explained.contains(document.activeElement)) leave();
    return;
  }
  clearTimeout(leaving);
  if (found !== explained) show(found);
  if (focused) element?.setAttribute("aria-describedby", tip.id);
}

/** @param {Element} element */
function show(element) {
  const said = sentence_on(element.getAttribute("data-explain") ?? "");
  const more = element.getAttribute("data-explain-more") ?? "";
  if (said === "") return;
  explained = element;
  chosen.disconnect();
  chosen.observe(element, { attributes: true, attributeFilter: ["data-explain-choice"] });
  const value = sentence_on_choice(element.getAttribute("data-explain-choice") ?? "");
  tip.textContent = [said, value, more].filter((part) => part !== "").join(" ");
  tip.showPopover();
  const box = element.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const rail = element.closest(".rail")?.getBoundingClientRect();
  const beside = rail && rail.right + GAP + own.width < innerWidth;
  const left = beside ? rail.right + GAP : Math.min(box.left, innerWidth - own.width - GAP);
  const below = box.bottom + own.height + GAP < innerHeight ? box.bottom + 4 : box.top - own.height - 4;
  tip.style.left = `${Math.max(GAP, left)}px`;
  tip.style.top = `${beside ? Math.max(GAP, Math.min(box.top, innerHeight - own.height - GAP)) : below}px`;
}

function leave() {
  clearTimeout(leaving);
  leaving = setTimeout(hide, PASSING_MS);
}

function hide() {
  clearTimeout(leaving);
  explained = null;
  chosen.disconnect();
  if (tip.matches(":popover-open")) tip.hidePopover();
}
