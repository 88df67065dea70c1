/** Begins to fetch what the first view needs while the page's other modules are still on their way. */
import { lesson } from "./lessons.js";
import { engine_module, stepper_module } from "./load.js";

const trains = location.hash.startsWith("#/train");
const module = trains ? engine_module() : stepper_module();
module.catch(() => null); // Whoever needs it asks again and says what is wrong.
if (trains) {
  void import("../pkg/unrolled.js").catch(() => null);
} else {
  void lesson("recorded-step");
  void lesson("recorded-network");
}
