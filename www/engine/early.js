/** Begins to fetch what the first view needs while the page's other modules are still on their way. */
import { lesson } from "./lessons.js";
import { engine_module } from "./load.js";

engine_module().catch(() => null); // Whoever needs the engine asks again and says what is wrong.
if (!location.hash.startsWith("#/train")) {
  void lesson("recorded-step");
  void lesson("recorded-network");
}
