/**
 * The steps of the tour: each says one idea, waits for one action of the reader, and says what came of it.
 */
import { decimal, percent } from "../../state/shared/format.js";
import * as store from "../../state/shared/store.js";
import { move_timestep, playing, speed, stop_playing, stride, toggle_play } from "../../state/step/player.js";
import * as step from "../../state/step/step.js";
import { CELL, FORWARD, PHASE } from "../../state/step/walk.js";
import { is_done, reads_on } from "../step/chain_facts.js";
import * as facts from "./facts.js";

/** @typedef {{ unit: number, updates: number, text: string, stepping: unknown }} Start what was so when a step began */

/**
 * @typedef {object} TourStep
 * @property {string} title
 * @property {"step" | "train"} route
 * @property {"code" | "cell" | "number"} [panel] where only one fits
 * @property {() => string} text
 * @property {() => string} task
 * @property {(start: Start) => boolean} done
 * @property {() => string} said what came of it; only asked when it is done
 * @property {string[]} about selectors of what it speaks of, which is marked
 * @property {string[]} [clear] selectors of what else it speaks of, and of all that changes while the reader acts: the
 *   card covers none of it
 * @property {boolean} [of_lines] whether it speaks of lines of the code, which the page follows
 * @property {boolean} [no_bar] whether it speaks of what a bar at the top would cover
 * @property {string} [press] selector of the control to use
 * @property {() => void} enter
 * @property {() => void} show does it for the reader
 * @property {() => void} [hold] stops what plays at the place that the step speaks of, or stays with its number
 * @property {() => void} [leave]
 */

/** Words a second at which the tour plays. */
const SPEED = 1;

/** As many updates as show whether the loss falls. */
const UPDATES = 40;

/** Batches over which the loss of training is averaged. */
const RECENT = 20;

/** The sentence that “Show me” writes. */
const EXAMPLE = "not good at all";

/** What “Show me” writes for a number of the word's vector. */
const NUMBER = 3;

/** A narrow window, and one without a mouse: there are no keys. */
const PHONE = matchMedia("(max-width: 480px)");
const TOUCH = matchMedia("(hover: none)");

const CHAIN = "unrolled-chain .links";
const PICTURE = "unrolled-step-diagram";
const CODE = "unrolled-step-listing .code";
/** What happens where the cell is: nothing of it is covered. */
const ALL = [CHAIN, ".saying", CODE, PICTURE, "unrolled-step-number .which"];
const LINE = ".code .now";
const NUMBER_PANEL = "unrolled-step-number";
const PLAY = "unrolled-step-transport .primary";

/** Names a key only where there are keys. @param {string} text @param {string} keys @param {string} [end] */
const with_keys = (text, keys, end = "") => `${text}${PHONE.matches || TOUCH.matches ? "" : keys}${end}.`;

/** Plays by words, as the steps that look at the whole text do. */
function by_words() {
  stride.value = "timestep";
  speed.value = SPEED;
}

/** On a phone the fields are folded into one line. */
function open_fields() {
  const setup = document.querySelector("unrolled-step-setup");
  if (setup) Object.assign(setup, { opened: true });
}

function undo_edits() {
  while ((step.stepping.value?.outcome.edits.length ?? 0) > 0) step.undo_change();
}

/** @returns {Promise<typeof import("../../state/train/training.js")>} */
const training = () => import("../../state/train/training.js");

/** @type {TourStep[]} */
export const STEPS = [
  {
    title: "One word at a time",
    route: "step",
    text: () =>
      "A recurrent network carries from word to word its state, all that it knows of the words before: here " +
      `${step.unit_count()} numbers c, the memory that gates keep, and ${step.unit_count()} numbers h, what is shown ` +
      "of it. The same weights serve every word.",
    task: () => "Press “word ›” to run the code for the first word.",
    about: [CHAIN],
    clear: ALL,
    press: "unrolled-step-transport .by-word:last-of-type",
    enter: () => facts.go_to((position) => position.timestep === 0),
    done: () => {
      const position = step.position.value;
      return !!position && !!step.stepping.value && is_done(step.stepping.value, position, 0);
    },
    said: () =>
      `${facts.word(0)} has been read, and its box holds the state that goes on to ${facts.word(1)}. ` +
      `If the text ended here, the prediction would be ${facts.prediction_after(0)}.`,
    show: () => move_timestep(1),
  },
  {
    title: "A gate is a factor",
    route: "step",
    panel: "code",
    text: () =>
      "The marked line computes the forget gate f: the coloured cells at its end, numbers between 0 and 1. Each is " +
      "multiplied by one number of the memory c: near 1 keeps it, near 0 erases it. Gates i and o are factors too.",
    task: () => with_keys("Click one of the coloured cells of f", ", or choose one with ↑ and ↓"),
    about: [LINE],
    of_lines: true,
    clear: [...ALL, NUMBER_PANEL],
    enter: () => facts.go_to_line_of("f", facts.SECOND_WORD),
    done: ({ unit }) => {
      const now = step.address.value;
      return now?.name === "f" && (step.chosen.value !== null || step.unit.value !== unit);
    },
    said: () => {
      const { value } = step.explanation.value ?? { value: NaN };
      const unit = step.address.value?.index ?? 0;
      return (
        `f[${unit}] = ${decimal(value)} at ${facts.word(facts.SECOND_WORD)}: unit ${unit} keeps ` +
        `${percent(value, 1)} of its memory. How it was computed is shown under “Number”.`
      );
    },
    show: () => {
      const here = step.address.value;
      if (!here) return;
      const index = (step.unit.value + 1) % step.unit_count();
      step.look_at({ ...here, index });
      step.unit.value = index;
    },
  },
  {
    title: "Change a number and see what follows",
    route: "step",
    panel: "number",
    text: () =>
      `${facts.word(facts.SECOND_WORD)} has been read: ${facts.features()} numbers, its word vector x. One of them ` +
      "stands here, and it can be changed. All that depends on it is computed again at once: gates, states, and " +
      "the predictions from here on.",
    task: () =>
      facts.is_edited() && !facts.has_moved_the_end()
        ? `${facts.edited()} That is too little to be seen in the prediction: type a larger number, such as ${NUMBER}.`
        : `Click the number, type another one, such as ${NUMBER}, and press Enter.`,
    about: ["unrolled-step-number form.value"],
    clear: ALL,
    press: "unrolled-step-number form.value input",
    enter: () => {
      facts.go_to_end_of(facts.SECOND_WORD);
      facts.look_at_telling_input();
    },
    hold: () => {
      const position = step.position.value;
      const here = !!position && reads_on(position) && position.timestep === facts.SECOND_WORD;
      if (here && !step.chosen.value && !facts.has_moved_the_end()) facts.look_at_telling_input();
    },
    done: () => {
      step.version.value;
      return facts.is_edited() && facts.has_moved_the_end();
    },
    said: () => {
      const { was, is } = facts.difference_at_the_end();
      return (
        `${facts.edited()} The prediction after the last word was ${was} and is now ${is}. The next step of the ` +
        "tour restores the old number."
      );
    },
    show: () => {
      if (step.address.value) step.change_number(step.address.value, NUMBER);
    },
    leave: undo_edits,
  },
  {
    title: "Read to the end",
    route: "step",
    text: () =>
      "The number above a box is the prediction that the output layer would make if the text ended there. " +
      "Watch which words move it, and how the state carries their effect to the end.",
    task: () => with_keys("Press Play", ", or the space bar,", " and watch the predictions"),
    about: [CHAIN],
    clear: ALL,
    press: PLAY,
    enter: () => {
      by_words();
      facts.go_to((position) => position.timestep === facts.SECOND_WORD);
    },
    hold: () => {
      const position = step.position.value;
      if (!playing.value || !position || (position.part === CELL && position.pass === FORWARD)) return;
      stop_playing();
      facts.go_to_output("y");
    },
    done: () => facts.computed_by_output("y"),
    said: () => `${facts.turns()}At the end it is ${facts.prediction_after(facts.last_word())}.`,
    show: () => {
      if (!playing.value) toggle_play();
    },
  },
  {
    title: "How wrong is it?",
    route: "step",
    panel: "code",
    text: () =>
      `The label of this text is ${facts.verdict().label}. The loss measures how far the prediction is from it: it ` +
      "is −ln of the probability given to the right answer. A certain and right prediction costs 0, an undecided " +
      `one costs ln 2 = ${decimal(Math.LN2, 2)}.`,
    task: () => "Press “line ›” until the loss is computed.",
    about: [CODE],
    of_lines: true,
    clear: [...ALL, "unrolled-chain .end", NUMBER_PANEL],
    press: "unrolled-step-transport .primary + button",
    enter: () => facts.go_to_output("y"),
    done: () => facts.computed_by_output("loss"),
    said: () => {
      const { right, loss } = facts.verdict();
      return (
        `The right answer got ${right}, so the loss is ${loss}. To make it smaller, training must know how it ` +
        "depends on every weight."
      );
    },
    show: () => facts.go_to_output("loss"),
  },
  {
    title: "Back to the first word",
    route: "step",
    text: () =>
      "The gradient d_h says how the loss changes with h. From the last word back, each word multiplies d_c by f and " +
      "d_h by its gates’ derivatives and U, and adds its part to d_W, d_U and d_b. Over many words d_h can vanish " +
      "or explode.",
    task: () => with_keys("Press Play", ", or the space bar,", " and follow d_h to the first word"),
    about: [CHAIN],
    clear: ALL,
    press: PLAY,
    enter: () => {
      by_words();
      facts.go_to((position) => position.phase === PHASE.BACK);
    },
    hold: () => {
      if (playing.value && facts.is_back_at_first_word()) stop_playing();
    },
    done: facts.is_back_at_first_word,
    said: () =>
      `‖d_h‖, the length of this gradient, is ${facts.gradient_after(facts.last_word())} after ` +
      `${facts.word(facts.last_word())}, the last word, and ${facts.gradient_after(0)} after ${facts.word(0)}, the ` +
      `first. ${facts.other_gradients()}`.trim(),
    show: () => {
      if (!playing.value) toggle_play();
    },
  },
  {
    title: "Training",
    route: "train",
    text: () =>
      facts.network_in_training() +
      "An update moves the weights a little to where the loss is smaller, as its gradient says, averaged over a " +
      `batch of ${store.settings.value.batch} texts. The gradients are computed as you have just seen.`,
    task: () => "Press Train and watch the loss for some seconds.",
    about: ["unrolled-history[kind=loss] .plot"],
    press: "unrolled-transport .primary",
    enter: () => {},
    done: ({ updates }) => store.updates.value >= updates + UPDATES,
    said: () => {
      store.updates.value;
      const recent = store.history.value.recent(RECENT);
      return (
        `After ${store.updates.value} updates the mean loss of the last ${RECENT} batches is ` +
        `${recent ? decimal(recent.loss) : "–"}. The next step of the tour pauses the training.`
      );
    },
    show: () => {
      if (store.status.value !== "ready") return;
      void training().then(({ toggle }) => toggle());
    },
    leave: () => {
      if (store.status.value === "training") void training().then(({ toggle }) => toggle());
    },
  },
  {
    title: "Your own sentence, your own cell",
    route: "step",
    text: () =>
      facts.network_that_reads() +
      "It reads whatever you write; all words that it does not know are the same unknown word to it. After the tour, " +
      "“Your own” at the top of the page opens the code of a cell to change, run and train.",
    task: () => "Write a sentence of your own in the field, and press Enter.",
    about: ["unrolled-step-setup .typed"],
    no_bar: true,
    clear: [CHAIN, ".saying"],
    press: "unrolled-step-setup .typed",
    enter: () => {
      facts.go_to((position) => position.timestep === 0);
      open_fields();
    },
    done: ({ text, stepping }) => step.choice.value.text !== text && step.stepping.value !== stepping,
    said: () =>
      `After the last word, ${facts.word(facts.last_word())}, the prediction is ` +
      `${facts.prediction_after(facts.last_word())}. Play it to see which words move it. The tour ends here.`,
    show: () => step.choose_step({ text: EXAMPLE }),
  },
];
