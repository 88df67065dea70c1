/**
 * The page's own instances: of the engine, the same compiled module as in the worker, for charts and documents, and of
 * the stepper. Each resolves when it can be called.
 */
import init_engine from "../pkg/unrolled.js";
import init_stepper from "../pkg-stepper/unrolled_stepper.js";
import { engine_module, once, stepper_module } from "./load.js";

export const page_instance = once(async () => init_engine({ module_or_path: await engine_module() }));

export const stepper_instance = once(async () => init_stepper({ module_or_path: await stepper_module() }));
