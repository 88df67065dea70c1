import assert from "node:assert/strict";
import test from "node:test";
import { record, recorded } from "./recording.js";

test("the_recorded_example_is_what_the_engine_gives_number_for_number", async () => {
  assert.deepEqual(
    JSON.parse(JSON.stringify(await record())),
    await recorded(),
    "record it again with `npm run record`",
  );
});
