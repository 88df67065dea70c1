/** The text that the language model of the page was trained with, fetched when it is first needed. */
import { once } from "../../engine/load.js";
import { fetch_dataset } from "../train/fetch.js";

/** @type {import("../train/fetch.js").FetchedSet} */
const MOBY_DICK = { name: "moby-dick", label: "Moby Dick" };

/** The packed set. */
export const pack_of_set = once(() => fetch_dataset(MOBY_DICK));
