/**
 * The model as Keras code: shown live, and made of code that is pasted.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "./harness.js";
import { Student } from "./student.js";

const TUTORIAL = await readFile(new URL("../keras_code/tutorial_001.txt", import.meta.url), "utf8");

test("the_code_of_tutorial_001_becomes_the_model_with_the_parameters_that_it_printed", async () => {
  const student = await Student.arrive();
  await student.open();
  await student.ready();
  const panel = student.page.locator("unrolled-keras-code");
  await panel.getByText("The model as Keras code").click();
  await panel.locator("pre").getByText("keras.Sequential").waitFor();
  await panel.getByRole("button", { name: "Edit or paste" }).click();

  // A line that cannot be taken is named, and nothing else happens.
  await panel.getByRole("textbox").fill("model = Sequential()\nmodel.add(ConvLSTM2D(32))");
  await panel.getByRole("button", { name: "Use this model" }).click();
  assert.match(await panel.getByRole("alert").innerText(), /^Line 2: .*ConvLSTM2D/);

  await panel.getByRole("textbox").fill(TUTORIAL);
  await panel.getByRole("button", { name: "Use this model" }).click();
  await panel.locator("pre").getByText("LSTM(128, dropout=0.2, recurrent_dropout=0.2)").waitFor();
  await student.page.getByText("2,691,713").first().waitFor({ state: "attached" });
  assert.match(await panel.getByRole("status").innerText(), /of the code do not describe the model/);
  await student.leave();
});
