/**
 * The reader's draft that another listing has taken the place of.
 */
import { dismiss, notify } from "../shared/store.js";
import { keep_draft, keep_script } from "./draft.js";
import * as step from "./step.js";

/**
 * Offers it again.
 * @param {string} mine
 * @param {string} accepted the listing that stays in the picture meanwhile
 * @param {string} what has brought the other listing, as in "This link"
 */
export function offer_back(mine, accepted, what) {
  const bring_back = () => {
    dismiss("listing");
    keep_draft({ typed: mine, accepted });
    step.editing.value = false;
    setTimeout(() => (step.editing.value = true)); // The editor opens with what is kept.
  };
  notify({
    key: "listing",
    kind: "note",
    text: `${what} brings a listing of its own. The one that you wrote here before is set aside.`,
    actions: [{ label: "Bring mine back", run: bring_back }],
  });
}

/** Offers the reader's script again, after a link has brought another one. @param {string} mine */
export function offer_script_back(mine) {
  const bring_back = () => {
    dismiss("script");
    keep_script(mine);
  };
  notify({
    key: "script",
    kind: "note",
    text: "This link brings a script. The one that you pasted here before is set aside.",
    actions: [{ label: "Bring mine back", run: bring_back }],
  });
}

/** Says that a link's script is not here. */
export function miss_script() {
  notify({
    key: "script",
    kind: "note",
    text: "The script of this link is too long for it: it is kept where it was pasted. Paste it here once more.",
  });
}
