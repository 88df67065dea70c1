/**
 * The number that is looked at, as a link holds it: `cf:2:7:f:5`, of the cell forwards at timestep 2, line 7, `f[5]`.
 */

/** @typedef {import("./stepping.js").Address} Address */

/** @param {Address | null} address @returns {string} empty where none was chosen */
export function write_number(address) {
  if (!address) return "";
  const { part, pass, timestep, line, name, index } = address;
  return [`${part[0]}${pass[0]}`, timestep, line, name, index].join(":");
}

/** @param {string | null} said @returns {Address | null} null for what is no number */
export function parse_number(said) {
  const match = /^([co])([fb]):(\d{1,5}):(\d{1,5}):([A-Za-z_]\w{0,60}):(\d{1,7})$/.exec(said ?? "");
  if (!match) return null;
  const [, part, pass, timestep, line, name, index] = match;
  return {
    part: part === "c" ? "cell" : "output",
    pass: pass === "f" ? "forward" : "backward",
    timestep: Number(timestep),
    line: Number(line),
    name,
    index: Number(index),
  };
}

/**
 * The number of a link: where its line has moved since, as by a comment above the cell, the line that makes it now.
 * @param {import("./stepping.js").Stepping} stepping @param {Address | null} number @returns {Address | null}
 */
export function found_number(stepping, number) {
  if (!number || stepping.explain(number)) return number;
  const { head, given, lines } = stepping.description[number.part][number.pass];
  const makes = (/** @type {{ name: string }} */ { name }) => name === number.name;
  const line = lines.findLast(({ writes }) => writes.some(makes))?.line ?? (given.some(makes) ? head : null);
  const moved = line === null ? null : { ...number, line };
  return moved && stepping.explain(moved) ? moved : null;
}
