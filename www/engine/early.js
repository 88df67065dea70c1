/** Begins to fetch and compile the engine while the page's other modules are still on their way. */
import { engine_module } from "./load.js";

engine_module().catch(() => null); // Whoever needs the engine asks again and says what is wrong.
