/** How the next character or word is chosen. */
import { View } from "../../view.js";

class Laboratory extends View {}

customElements.define("unrolled-write-laboratory", Laboratory);
