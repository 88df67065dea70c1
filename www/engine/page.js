/**
 * The page's own instances: of the engine, the same compiled module as in the worker, for charts and documents, and of
 * the stepper. Each resolves when it can be called.
 */
import init_stepper from "../pkg-stepper/unrolled_stepper.js";
import { engine_module, once, stepper_module } from "./load.js";

/** Gives the engine's functions; the first view does without them. */
export const page_instance = once(async () => {
  const [bindings, module] = await Promise.all([import("../pkg/unrolled.js"), engine_module()]);
  await bindings.default({ module_or_path: module });
  return bindings;
});

export const stepper_instance = once(async () => init_stepper({ module_or_path: await stepper_module() }));
