/**
 * What was worked on last in this browser, offered where the page is opened by an address that names nothing.
 */
import { DEFAULT_CHOICE } from "../step/choice.js";
import { count } from "../shared/format.js";
import { OWN } from "../shared/listing_cell.js";
import { shortened } from "../shared/link_network.js";
import { parse_link } from "../shared/url.js";
import * as store from "../shared/store.js";

/**
 * What a link holds of the reader's work, in words. The network that the page begins with comes back by itself.
 * @param {string} link @returns {string[]}
 */
export function work_in(link) {
  const { step, settings, experiment, trained } = parse_link(link);
  const { choice, edits, script, kept } = step;
  const begun = parse_link("").settings;
  const is_other = experiment !== null || JSON.stringify(settings) !== JSON.stringify(begun);
  return [
    ...(kept.includes("text") || choice.text !== DEFAULT_CHOICE.text
      ? [kept.includes("text") ? "a long sentence" : `the sentence “${shortened(choice.text)}”`]
      : []),
    ...(kept.includes("numbers") || choice.numbers !== DEFAULT_CHOICE.numbers ? ["numbers as input"] : []),
    ...(choice.cell === OWN || settings.cell === OWN ? ["a cell of your own"] : []),
    ...(script !== null ? ["a script"] : []),
    ...(kept.includes("edits") ? ["numbers changed by hand"] : []),
    ...(edits.length > 0
      ? [edits.length === 1 ? "a number changed by hand" : `${edits.length} numbers changed by hand`]
      : []),
    ...(trained && is_other ? [`a network after ${count(trained.updates)} updates`] : []),
  ];
}

/** Offers it with one click. @param {string} link */
export function offer_last_work(link) {
  const work = work_in(link);
  if (work.length === 0) return;
  const go_on = () => {
    store.dismiss("last-work");
    location.hash = link;
  };
  store.notify({
    key: "last-work",
    kind: "note",
    text: `What you had here last is kept: ${new Intl.ListFormat("en").format(work)}.`,
    actions: [{ label: "Go on with it", run: go_on }],
  });
}
