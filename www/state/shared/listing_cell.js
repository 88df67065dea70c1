/**
 * Cells that are listings: those of the project, and the reader's own. Keras' three are fused cells too.
 */
import { CELLS } from "../../generated/cells.js";

/** The reader's own listing. */
export const OWN = "own";

/** Keras' classes, and the listings that say the same. @type {Record<string, string>} */
export const KERAS_LISTINGS = Object.fromEntries(
  CELLS.flatMap(({ keras, name }) => (keras === null ? [] : [[keras, name]])),
);

/** Listings of the project that can be trained besides Keras' three, in the order of the menu. */
export const LIBRARY = CELLS.filter(({ keras }) => keras === null).map(({ name }) => name);

/** The same by decades, as menus show them: each has the title and the year of its paper. */
export const DECADES = decades();

function decades() {
  /** @type {Map<string, { name: string, label: string }[]>} */
  const groups = new Map();
  for (const { name, title, year } of CELLS.filter(({ keras }) => keras === null)) {
    const decade = `${Math.floor(year / 10)}0s`;
    groups.set(decade, [...(groups.get(decade) ?? []), { name, label: `${title}, ${year}` }]);
  }
  return [...groups].map(([decade, cells]) => ({ decade, cells }));
}

/** The title of a listing without a name. */
const NAMELESS = "Your own";

/** Longer names are cut: they stand in menus. */
const LONGEST_NAME = 24;

/** @param {string} cell empty for none @returns {boolean} whether the network's cell is run from a text */
export function is_listing(cell) {
  return cell !== "" && !Object.hasOwn(KERAS_LISTINGS, cell);
}

/** @param {string | null} cell */
export function is_known_cell(cell) {
  return cell !== null && (!is_listing(cell) || cell === OWN || LIBRARY.includes(cell));
}

/** What a comment begins with that tells the engine something, `# size: n = 4`. */
const HINT = /^[ \t]*#+[ \t]*(?:size|shape|init|fixed):.*$/gm;

/** The name that a comment before `def` gives. @param {string} code @returns {string} */
export function listing_name(code) {
  const before = code.split(/^\s*def\b/m)[0].replace(HINT, "");
  const said = /^[ \t]*#+[ \t]*([^\s#][^.:;,(\n]*)/m.exec(before)?.[1].trim() ?? "";
  if (said === "") return NAMELESS;
  return said.length <= LONGEST_NAME ? said : `${said.slice(0, LONGEST_NAME - 1).trim()}…`;
}

/** The same inside of a sentence, where one without a name is the reader's cell. @param {string} name */
export const in_sentence = (name) => (name === NAMELESS ? "your cell" : name);

/** What the page calls a cell. @param {{ cell: string, code: string }} settings @returns {string} */
export function title_of({ cell, code }) {
  if (cell === OWN) return listing_name(code);
  return (is_listing(cell) && CELLS.find(({ name }) => name === cell)?.title) || cell;
}

/**
 * The recurrent layer of a run, as its configuration has it.
 * @param {{ cell: string, code: string, units: number, sizes?: Record<string, number> }} settings `sizes`: other ones
 *   than the listing names
 */
export function recurrent_layer({ cell, code, units, sizes = {} }) {
  const chosen = Object.keys(sizes).length > 0 ? { sizes } : {};
  if (!is_listing(cell)) return { class_name: cell, config: { name: cell.toLowerCase(), units } };
  if (cell === OWN) return { class_name: "Listing", config: { name: "own_cell", units, source: code } };
  return { class_name: "Listing", config: { name: cell, units, cell, ...chosen } };
}
