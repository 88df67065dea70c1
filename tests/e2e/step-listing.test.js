import assert from "node:assert/strict";
import { test } from "./harness.js";
import { Student } from "./student.js";

/** A listing with a size of its own. */
const STATE_SPACE = `# A state space
# size: d_state = 4
# shape: H = (units, d_state)
# shape: B = (d_state,)
# init: A = np.log(np.arange(1, d_state + 1))
# fixed: A
def step(x, H, A, B, W):
    u = x @ W
    H = np.exp(-np.exp(A)) * H + np.outer(u, B)
    return H
`;

const OF_EIGHT = `def step(x, h, W):
    a = np.tanh(x @ W) + np.linspace(0, 1, 8)
    h = 0.5 * h + a
    return h
`;

const MINGRU = `def step(x, h, W, b):
    z, g = np.split(x @ W + b, 2)
    z = sigmoid(z)
    h = (1 - z) * h + z * g
    return h
`;

const GATED_DELTANET = `def unit(a):
    a = silu(a)
    return a / np.linalg.norm(a)

def step(x, o, S, Wq, Wk, Wv, wb, A, wa, dt):
    q, k, v = unit(x @ Wq), unit(x @ Wk), x @ Wv
    beta = sigmoid(np.sum(x * wb))
    g = -np.exp(A[0]) * softplus(np.sum(x * wa) + dt[0])
    S = np.exp(g) * S
    S = S + np.outer(beta * (v - S @ k), k)
    o = S @ q
    return o, S
`;

/** @param {string} code */
const own = (code) => `#/step?step-cell=own&step-weights=random&step-code=${encodeURIComponent(code)}`;

test("sizes_of_a_listing_are_chosen_beside_units_and_stand_in_the_link", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open(own(STATE_SPACE));
  await student.step_ready();
  const size = page.locator("unrolled-step-setup label", { hasText: "d_state" }).locator("input");
  assert.equal(await size.inputValue(), "4");
  await size.fill("3");
  await size.press("Enter");
  await page.locator("unrolled-step-arrays").getByText("(12 × 3)").first().waitFor();
  await page.waitForFunction(() => location.hash.includes("step-sizes=d_state"));
  await page.reload();
  await student.step_ready();
  await page.locator("unrolled-step-arrays").getByText("(12 × 3)").first().waitFor();
});

test("a_listing_of_eight_units_offers_them_with_one_click", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open("#/step");
  await student.step_ready();
  await page.locator("unrolled-step-cells label", { hasText: "Your own" }).click();
  await page.getByText("Accepted.").waitFor();
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(OF_EIGHT);
  await page.getByRole("button", { name: "Use 8 units" }).click();
  await page.getByText("Gradient check: passed").waitFor();
  await page.getByRole("button", { name: "Step through it" }).click();
  assert.equal(
    await page.locator("unrolled-step-setup label", { hasText: "Units" }).locator("input").inputValue(),
    "8",
  );
});

test("a_listing_is_unrolled_in_three_ways_or_the_line_that_forbids_it_is_named", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open(own(MINGRU));
  await student.step_ready();
  const dialog = page.locator("unrolled-step-unrollings dialog");
  await page.getByRole("button", { name: "Three unrollings" }).click();
  const scan = dialog.locator("[data-way=scan]");
  await scan.waitFor();
  assert.match(await scan.innerText(), /Depth\s+6 rounds[\s\S]*at most \d\.\de−\d/);
  assert.match(await dialog.innerText(), /one old number times a factor[\s\S]*Not possible here/);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await page.locator("unrolled-step-cells label", { hasText: "LSTM" }).first().click();
  await page.locator("unrolled-step-listing code", { hasText: "o * np.tanh" }).waitFor();
  await page.getByRole("button", { name: "Three unrollings" }).click();
  await dialog.getByText("runs as a loop only").waitFor();
  assert.match(await dialog.innerText(), /sigmoid is applied to a value/);
});

test("gated_deltanet_is_stepped_with_its_matrix_and_its_calls_unfold", async () => {
  const student = await Student.arrive();
  const { page } = student;
  await student.open(own(GATED_DELTANET));
  await student.step_ready();
  const element = (/** @type {string} */ text) => page.locator(".picture .element.box", { hasText: text });
  assert.equal(await element("unit").count(), 2);
  assert.equal(await element("softplus").first().isVisible(), true);
  assert.equal(await element("log1p").count(), 0);
  for (let k = 0; k < 5; k++) await page.keyboard.press("ArrowRight");
  assert.match((await page.locator(".code .now").textContent()) ?? "", /np\.outer/);
  await page.locator("unrolled-step-arrays").getByText("(12 × 12)").first().waitFor();
  await page.locator(".picture .element.folded", { hasText: "softplus" }).focus();
  await page.keyboard.press("Enter");
  await element("log1p").waitFor();
  await page.getByRole("button", { name: "Fold the calls" }).click();
  await element("log1p").waitFor({ state: "detached" });
});
