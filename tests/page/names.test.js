import assert from "node:assert/strict";
import { test } from "node:test";
import { HUES, TOKENS, assign_hues, lines_of } from "../../www/figures/hues.js";
import { answer_called, capital, visible } from "../../www/state/shared/format.js";
import { LOOKS, NAMES, ROLES } from "../../www/state/shared/symbols.js";

/** What every object of JavaScript has; a reader may call a state so. */
const NAMES_OF_OBJECT = Object.getOwnPropertyNames(Object.prototype);

test("tables of names know nothing by the names that every object has", () => {
  for (const table of [HUES, LOOKS, NAMES, ROLES])
    for (const name of NAMES_OF_OBJECT) assert.equal(table[name], undefined, name);
});

test("a state or gate with such a name gets no colour but one of the page's", () => {
  for (const name of NAMES_OF_OBJECT) {
    const hues = assign_hues([{ name, made_by: "sigmoid" }], [name]);
    assert.deepEqual([...hues], [], name);
    const gate = assign_hues([{ name, made_by: "sigmoid" }], ["h"]);
    assert.match(gate.get(name) ?? "", /^--gate/, name);
  }
});

test("a class or word with such a name, or with none, is called as it is", () => {
  for (const name of [...NAMES_OF_OBJECT, ""]) {
    assert.equal(answer_called(name), `“${name}”`);
    assert.equal(visible(name), name);
  }
  assert.equal(capital(""), "");
  assert.equal(answer_called(" "), "a space");
});

test("what stands in quotation marks, in a docstring or behind a # is no name", () => {
  const source = [
    "def step(params, h, x):",
    '    """z is the gate,',
    "    h the state: don't",
    '    forget."""',
    "    z = p[\"z\"] @ x + p['h # g'] @ h  # g, don't",
    "    s = 'open",
    "    # z",
  ].join("\n");
  const lines = lines_of(source);
  assert.equal(lines.map(({ code, comment }) => code + comment).join("\n"), source);
  const names = lines.map(({ code, inside }) =>
    inside ? [] : [...code.matchAll(TOKENS)].map(([, name]) => name).filter(Boolean),
  );
  assert.deepEqual(names, [
    ["def", "step", "params", "h", "x"],
    [],
    [],
    [],
    ["z", "p", "x", "p", "h"],
    ["s"],
    [],
  ]);
  assert.deepEqual([lines[4].comment, lines[6].comment], ["  # g, don't", "    # z"]);
  for (const { code } of lines)
    assert.equal([...code.matchAll(TOKENS)].map(([token]) => token).join(""), code, "nothing is left out");
});
