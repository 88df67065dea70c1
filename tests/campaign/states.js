/** What a reader may be at when something breaks: each state is brought about as a reader does it. */

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{ updates: number, text: string, code: string, edits: number, loss: number }} Work */
/**
 * @typedef {object} State
 * @property {string} name
 * @property {string} link
 * @property {boolean} trains
 * @property {(page: Page) => Promise<void>} work until the page is worth losing
 */

const UGRNN = `def step(x, h, W, U, b):
    z_g, z_c = np.split(x @ W + h @ U + b, 2)
    g = sigmoid(z_g)
    c = np.tanh(z_c)
    h = g * h + (1 - g) * c
    return h
`;

/** @param {Page} page */
async function ready(page) {
  await page
    .getByRole("button", { name: "Train", exact: true })
    .and(page.locator(":enabled"))
    .first()
    .waitFor();
}

/** @param {Page} page */
async function train(page) {
  await ready(page);
  const text = page.getByRole("textbox", { name: "A text of your own" });
  if (await text.count()) await text.fill("words of my own");
  await page.getByRole("button", { name: "Train", exact: true }).first().click();
  await page.waitForFunction(
    () => Number(document.querySelector("[data-figure=step]")?.textContent?.replaceAll(",", "")) >= 25,
  );
}

/** @param {Page} page */
async function step_ready(page) {
  await page
    .getByRole("button", { name: "Copy the listing as numpy" })
    .and(page.locator(":enabled"))
    .waitFor();
}

/** @param {Page} page */
async function type_a_sentence(page) {
  await step_ready(page);
  await page.getByRole("textbox", { name: "The sentence" }).fill("a sentence typed by hand");
}

/** @param {Page} page */
async function edit_a_cell(page) {
  await step_ready(page);
  await page.locator("unrolled-step-cells label", { hasText: "Your own" }).click();
  await page.getByText("Accepted.").waitFor();
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(UGRNN);
  await page.locator(".accepted:not(.stale)", { hasText: "Gradient check: passed" }).waitFor();
}

/** @param {Page} page */
async function change_weights(page) {
  await step_ready(page);
  await page.evaluate(async () => {
    const main = /** @type {HTMLScriptElement} */ (document.querySelector('script[src$="/main.js"]')).src;
    const step = await import(new URL("state/step/step.js", main).href);
    const { head } = step.stepping.value.description.cell.forward;
    const where = { part: "cell", pass: "forward", timestep: 0, line: head, name: "W", index: 11 };
    const refused = step.change_number(where, -0.7);
    if (refused) throw new Error(refused);
  });
}

/** @param {Page} page */
async function train_in_write(page) {
  await page.getByRole("button", { name: /^Characters/ }).click();
  const view = page.locator("unrolled-write-training");
  await view.getByRole("button", { name: "Train", exact: true }).click();
  await page.waitForFunction(
    () => Number(document.querySelector("[data-figure=step]")?.textContent?.replaceAll(",", "")) >= 5,
  );
}

const trained = (/** @type {string} */ name, /** @type {string} */ link, work = train) => ({
  name,
  link,
  trains: true,
  work,
});

/** @type {State[]} */
export const STATES = [
  trained("reviews, full speed", "#/train?v=1&data=imdb&speed=0"),
  trained("reviews, 20 a second", "#/train?v=1&data=imdb&speed=20"),
  trained("all reviews", "#/train?v=1&data=imdb-full&speed=20"),
  trained("newswires", "#/train?v=1&data=reuters&speed=20"),
  trained("a task", "#/train?v=1&experiment=brackets&speed=20"),
  trained("own cell", `#/train?v=1&data=imdb&speed=20&cell=own&code=${encodeURIComponent(UGRNN)}`),
  trained("Write", "#/write", train_in_write),
  { name: "own sentence", link: "#/step", trains: false, work: type_a_sentence },
  { name: "edited cell", link: "#/step", trains: false, work: edit_a_cell },
  { name: "changed weight", link: "#/step?step-weights=random", trains: false, work: change_weights },
];

/** What there is of the reader's. @param {Page} page @returns {Promise<Work>} */
export function work_of(page) {
  return page.evaluate(async () => {
    const main = /** @type {HTMLScriptElement} */ (document.querySelector('script[src$="/main.js"]')).src;
    const load = (/** @type {string} */ path) => import(new URL(path, main).href);
    const store = await load("state/shared/store.js");
    const step = await load("state/step/step.js");
    const here = step.stepping.value;
    const in_step = location.hash.startsWith("#/step");
    return {
      updates: store.updates.value,
      text: in_step ? step.choice.value.text : store.text.value,
      code: in_step ? (step.own_listing.value?.source ?? "") : store.settings.value.code,
      edits: in_step ? (here?.outcome?.edits?.length ?? 0) : 0,
      loss: in_step ? (here?.outcome?.loss ?? NaN) : NaN,
    };
  });
}

/** Waits until nothing is being prepared or repeated any more. @param {Page} page @param {boolean} trains */
export async function settled(page, trains) {
  if (!trains) return step_ready(page);
  await page.waitForFunction(() =>
    [...document.querySelectorAll("button:enabled")].some(({ textContent }) =>
      /^(Train|Pause|Pause training|Try again)$/.test(textContent?.trim() ?? ""),
    ),
  );
}
