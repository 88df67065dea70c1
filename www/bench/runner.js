/** Runs workloads away from the page, which stays alive and can end this worker at any time. */
import { bench, init, peak } from "./engine.js";

self.onmessage = async ({ data: { options, workload } }) => {
  try {
    await init(options);
    self.postMessage({ value: workload ? await bench(workload) : await peak() });
  } catch (thrown) {
    const failure = /** @type {{ message?: string }} */ (thrown);
    self.postMessage({ failure: failure?.message ?? String(thrown) });
  }
};
