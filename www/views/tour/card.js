import { effect, untracked } from "@preact/signals-core";
import { html, nothing } from "lit";
import { route, settings, updates } from "../../state/shared/store.js";
import * as step from "../../state/step/step.js";
import { left, page_stays, tour } from "../../state/tour.js";
import { View } from "../view.js";
import { begin, end } from "./begin.js";
import { overlap, place } from "./place.js";
import { RING, WANTED, is_covered, visible } from "./sight.js";
import { STEPS } from "./steps.js";

/** The card looks this often whether what it speaks of has moved. */
const LOOK_MS = 150;

/** Widths of the card that are tried where it is no bar: a wide one is low. */
const WIDTHS = [352, 448, 544, 280];

/** From this width of the window on the card can be a low bar, as wide as that. */
const BAR = 720;

/** What other boxes adjoin on both sides: the ring lies inside of it, so that it crosses none of them. */
const ADJOINED = "unrolled-chain .links";

/** The class of the button that the step asks for: the one filled button. */
const ASKED = "asked";

/** How long the ring around a control is seen to grow when the reader is sent there. */
const PULSE_MS = 700;

/** Below this width of the window the card is as wide as that. */
const NARROW = 480;

/** The least room between the card and the edge of the window. */
const CARD_EDGE = 4;

/** Room above a target that was brought into sight, and above and below a card over it. */
const ROOM = 36;

/** @typedef {"card" | "bar" | "low"} Form as wide as the window over its other controls, or on a phone */
/** @typedef {import("./place.js").Shape & { form: Form }} Shape */

/** The card of the tour: one step, beside what it speaks of, which a ring marks. */
class Tour extends View {
  /** @override */
  static properties = { ready: { state: true }, reached: { state: true } };

  /** The step that has been entered. */
  #entered = 0;
  /** @type {import("./steps.js").Start} */
  #start = { unit: 0, updates: 0, text: "", stepping: null };
  #said = "";
  /** Where the card lies. @type {import("./place.js").Placed | null} */
  #there = null;
  /** The sizes that the card can have, as long as it says the same. */
  #measured = { said: "", shapes: /** @type {Shape[]} */ ([]) };
  /** Whether the reader was sent to a control from the card, and comes back when it is done. */
  #sent = false;
  /** Whether the reader has scrolled since the step began. */
  #by_hand = false;
  /** Whether the card covers something that the step speaks of, since there is no room where the page stands. */
  #crowded = false;
  /** What the page was like when it was last moved to make room: as long as it is the same, that is all there is. */
  #made_room = "";
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #looking;
  /** @type {(() => void)[]} */
  #stops = [];

  constructor() {
    super();
    this.ready = false;
    this.reached = false;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#looking = setInterval(this.#look, LOOK_MS);
    addEventListener("keydown", this.#key, true);
    addEventListener("resize", this.#lie);
    addEventListener("wheel", this.#scrolled, { passive: true });
    addEventListener("touchmove", this.#scrolled, { passive: true });
    addEventListener("scroll", this.#lie, true);
    this.#stops = [
      effect(() => {
        const number = tour.value;
        untracked(() => void this.#enter(number));
      }),
      effect(() => {
        const { hold } = this.#now ?? {};
        step.position.value;
        step.chosen.value;
        if (this.ready && hold) queueMicrotask(hold);
      }),
    ];
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#looking);
    removeEventListener("keydown", this.#key, true);
    removeEventListener("resize", this.#lie);
    removeEventListener("wheel", this.#scrolled);
    removeEventListener("touchmove", this.#scrolled);
    removeEventListener("scroll", this.#lie, true);
    for (const stop of this.#stops) stop();
  }

  get #now() {
    return tour.value === null ? null : STEPS[tour.value - 1];
  }

  /** @param {number | null} number */
  async #enter(number) {
    STEPS[this.#entered - 1]?.leave?.();
    const first = this.#entered === 0;
    this.#entered = number ?? 0;
    page_stays.value = number !== null && !STEPS[number - 1].of_lines;
    if (number === null) {
      this.ready = false;
      return;
    }
    left.value = number;
    const now = STEPS[number - 1];
    route.value = now.route;
    if (first) await begin();
    if (tour.value !== number) return;
    now.enter();
    show_panel(now.panel);
    this.#start = {
      unit: step.unit.value,
      updates: updates.value,
      text: step.choice.value.text,
      stepping: step.stepping.value,
    };
    this.#said = "";
    this.#sent = false;
    this.#by_hand = false;
    this.reached = false;
    this.ready = true;
    await this.updateComplete;
    this.#lie_anew();
    this.#card?.focus({ preventScroll: true });
  }

  /** @override */
  render() {
    const now = this.#now;
    settings.value;
    if (!now || !this.ready) return nothing;
    const number = /** @type {number} */ (tour.value);
    const done = now.done(this.#start);
    if (done) this.#said = now.said();
    if (done && !this.reached) queueMicrotask(() => this.#reach());
    const last = number === STEPS.length;
    const reached = this.reached || done;
    return html`
      <div class="rings" aria-hidden="true"><i></i><i></i></div>
      <div
        class="tour-card"
        data-reached=${reached}
        role="dialog"
        aria-labelledby="tour-title"
        aria-describedby="tour-text"
        tabindex="-1"
      >
        <header>
          <span>Tour, ${number} of ${STEPS.length}</span>
          <button class="quiet" @click=${() => end(false)} aria-keyshortcuts="Escape">Leave</button>
        </header>
        <div class="body">
          <div class="told">
            <h2 id="tour-title" class=${now.title.endsWith("?") ? "asks" : ""}>${now.title}</h2>
            <p id="tour-text">${now.text()}</p>
          </div>
          <div class="answer">
            <p class="task" ?hidden=${reached}><b>${now.task()}</b></p>
            <p class="said" aria-live="polite">${this.#said}</p>
          </div>
        </div>
        <footer>
          <button class="quiet" ?hidden=${reached} @click=${now.show}>Show me</button>
          <button class="quiet go-there" ?hidden=${reached || !now.press} @click=${this.#send}>
            Go there
          </button>
          <span></span>
          <button ?disabled=${number === 1} @click=${() => (tour.value = number - 1)}>Back</button>
          <button
            class="next ${reached ? "primary" : ""}"
            @click=${() => (last ? end(true) : (tour.value = number + 1))}
          >
            ${last ? "Finish" : "Next"}
          </button>
        </footer>
      </div>
    `;
  }

  #reach() {
    this.reached = true;
    // Whoever is writing goes on writing; Enter leads on.
    if (!this.#sent || document.activeElement?.matches(WRITTEN)) return;
    this.#button?.focus({ preventScroll: true });
    this.#sent = false;
  }

  /** @override */
  updated() {
    this.#lie();
  }

  /**
   * The sizes that the card can have with what it says now, those that show all of it if there are any.
   * @param {HTMLElement} card @param {number} room
   * @returns {Shape[]}
   */
  #shapes(card, room) {
    const wide = room - 2 * CARD_EDGE;
    /** @type {[Form, number][]} */
    const tried = WIDTHS.map((width) => ["card", width]);
    if (room >= BAR && !this.#now?.no_bar) tried.unshift(["bar", wide]);
    const forms = room < NARROW ? [/** @type {[Form, number]} */ (["low", wide])] : tried;
    const said = `${card.textContent} ${forms.join()} ${innerHeight}`;
    if (this.#measured.said !== said) {
      const [width_before, form_before] = [card.style.width, card.dataset.form ?? "card"];
      const body = /** @type {HTMLElement} */ (card.querySelector(".body"));
      const shapes = forms.map(([form, width]) => {
        card.dataset.form = form;
        card.style.width = `${width}px`;
        const whole = body.scrollHeight <= body.clientHeight;
        return { form, width, height: card.offsetHeight, whole, anywhere: form !== "card" };
      });
      card.style.width = width_before;
      card.dataset.form = form_before;
      const shown = shapes.filter((shape) => shape.whole);
      this.#measured = { said, shapes: shown.length > 0 ? shown : shapes };
    }
    return this.#measured.shapes;
  }

  get #card() {
    return /** @type {HTMLElement | null} */ (this.querySelector(".tour-card"));
  }

  get #button() {
    return /** @type {HTMLElement | null} */ (this.querySelector(".next"));
  }

  /** Takes the focus to the control that the step speaks of. */
  #send = () => {
    const control = this.#now?.press ? visible(this.#now.press) : null;
    if (!control) return;
    this.#sent = true;
    control.focus(/** @type {FocusOptions} */ ({ focusVisible: true }));
    if (control instanceof HTMLInputElement) control.select();
    for (const ring of this.querySelectorAll(".rings i:not([hidden])")) {
      const color = getComputedStyle(ring).borderColor;
      const shadow = (/** @type {number} */ wide) => ({ boxShadow: `0 0 0 ${wide}px ${color}` });
      ring.animate([shadow(0), shadow(5), shadow(0)], PULSE_MS);
    }
  };

  /** Fills the button that the step asks for, until it is done. */
  #ask() {
    const asked = this.reached || !this.#now?.press ? null : visible(this.#now.press);
    for (const before of document.querySelectorAll(`.${ASKED}`))
      if (before !== asked) before.classList.remove(ASKED);
    asked?.classList.add(ASKED);
  }

  /** Escape leaves the tour, except where it means something else. @param {KeyboardEvent} event */
  #key = (event) => {
    if (!this.#card || event.defaultPrevented) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.key === "Escape" && !target.closest?.("input, textarea, select, dialog, .cm-editor")) {
      event.preventDefault();
      event.stopPropagation();
      end(false);
      document.querySelector(/** @type {any} */ ("unrolled-guide .tour"))?.focus();
    }
    if (event.key === "Enter" && target === this.#card) event.stopPropagation();
    if (event.key === "Enter" && this.reached && target.matches?.(WRITTEN)) {
      event.preventDefault(); // The same key would press the button that it leads to.
      this.#button?.focus();
    }
  };

  /** Brings what the step speaks of into sight, and the card beside it. */
  #lie_anew() {
    const about = this.#now?.about.map(visible).find((found) => found !== null);
    // On a phone the card lies at the top, over the page's other controls.
    if (innerWidth < NARROW) scrollTo({ top: 0, behavior: "instant" });
    about?.scrollIntoView({ block: "nearest", behavior: "instant" });
    if (about && is_covered(about)) about.scrollIntoView({ block: "center", behavior: "instant" });
    this.#there = null;
    this.#lie();
    const card = this.#card;
    if (!about || !card || !this.#there) return;
    const { left, top } = /** @type {import("./place.js").Placed} */ (this.#there);
    const lies = { left, top, right: left + card.offsetWidth, bottom: top + card.offsetHeight };
    const target = about.getBoundingClientRect();
    const control = this.#now?.press ? visible(this.#now.press) : null;
    // Where there is no room for the card the page moves until there is: above what the step speaks of, or between it
    // and the control at the lower edge.
    if (overlap(lies, target) > 0)
      scrollBy({ top: target.top - card.offsetHeight - ROOM, behavior: "instant" });
    else if (control && overlap(lies, control.getBoundingClientRect()) > 0)
      scrollBy({ top: target.top - ROOM, behavior: "instant" });
    else return;
    this.#there = null;
    this.#lie();
  }

  #scrolled = () => {
    this.#by_hand = true;
  };

  /** Follows what the step speaks of; a view that is still loading may push it out of sight or under the card. */
  #look = () => {
    const about = this.#now?.about.map(visible).find((found) => found !== null);
    if (!this.#card) return;
    if (!about) return this.#lie(); // Another panel is shown: nothing is marked in it.
    this.#lie();
    if (this.#by_hand) return;
    const { top, bottom } = about.getBoundingClientRect();
    const page = [document.documentElement.scrollHeight, top + scrollY, innerWidth, innerHeight];
    const like = `${[...page, this.#card.offsetHeight].map(Math.round)} ${this.#said}`;
    const lacks_room = this.#crowded && like !== this.#made_room;
    if (bottom < 0 || top > innerHeight || lacks_room) {
      this.#made_room = like;
      this.#lie_anew();
    }
  };

  #lie = () => {
    const card = this.#card;
    const now = this.#now;
    this.#ask();
    if (!card || !now) return;
    const screen = { width: document.documentElement.clientWidth, height: innerHeight };
    const shown = [...now.about, ...(now.press ? [now.press] : [])]
      .map(visible)
      .filter((found) => found !== null);
    const marked = shown
      .filter((found) => !shown.some((other) => other !== found && other.contains(found)))
      .filter((found, k, all) => all.indexOf(found) === k)
      .map((found) => ({ box: found.getBoundingClientRect(), beside: found.matches(ADJOINED) ? -1 : RING }));
    const wanted = WANTED.flatMap(([selector, matters]) => {
      const found = visible(selector);
      return found ? [{ box: found.getBoundingClientRect(), matters }] : [];
    });
    const kept = (now.clear ?? []).flatMap((selector) => visible(selector)?.getBoundingClientRect() ?? []);
    const shapes = this.#shapes(card, screen.width);
    const there = place(shapes, screen, { marked: marked.map(({ box }) => box), kept }, wanted, this.#there);
    this.#there = there;
    card.style.width = `${there.width}px`;
    card.dataset.form = shapes.find(({ width }) => width === there.width)?.form ?? "card";
    card.dataset.placed = "yes";
    // A row of controls of which the bar leaves a strip is not shown in part.
    const row = visible("unrolled-step-setup")?.getBoundingClientRect();
    const lies = { ...there, right: there.left + card.offsetWidth, bottom: there.top + card.offsetHeight };
    card.dataset.over = row && overlap(lies, row) > 0 ? "row" : "";
    this.#crowded = [...marked.map(({ box }) => box), ...kept].some((box) => overlap(lies, box) > 0);
    card.style.transform = `translate(${Math.round(there.left)}px, ${Math.round(there.top)}px)`;
    const rings = /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(".rings i"));
    rings.forEach((ring, k) => {
      ring.hidden = !marked[k];
      if (!marked[k]) return;
      const { box, beside } = marked[k];
      const left = Math.max(2, Math.round(box.left) - beside);
      const right = Math.min(screen.width - 2, Math.round(box.right) + beside);
      ring.style.transform = `translate(${left}px, ${Math.round(box.top) - RING}px)`;
      ring.style.width = `${right - left}px`;
      ring.style.height = `${Math.round(box.height) + 2 * RING}px`;
    });
  };
}

/** Fields whose text is taken while one writes. */
const WRITTEN = "unrolled-step-setup .typed";

/** Where the panels are tabs, the tour opens the one that it speaks of. @param {string | undefined} panel */
function show_panel(panel) {
  if (panel) /** @type {HTMLElement | null} */ (document.querySelector(`#tab-${panel}`))?.click();
}

customElements.define("unrolled-tour", Tour);

const styles = document.createElement("link");
styles.rel = "stylesheet";
styles.href = new URL("../../styles/tour.css", import.meta.url).href;
styles.onload = () => document.body.append(document.createElement("unrolled-tour"));
document.head.append(styles);
