import assert from "node:assert/strict";
import test from "node:test";
import { record_network, record_stepping, recorded } from "./step-recording.js";

test("the_recorded_network_and_its_walk_are_what_the_engine_gives", async () => {
  const network = await record_network();
  assert.deepEqual(JSON.parse(JSON.stringify(network)), await recorded("recorded-network.json"));
  assert.deepEqual(
    JSON.parse(JSON.stringify(await record_stepping(network))),
    await recorded("recorded-step.json"),
  );
});
