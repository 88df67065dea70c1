import assert from "node:assert/strict";
import { test } from "node:test";
import { readFile } from "node:fs/promises";
import { brief } from "../../www/state/shared/format.js";
import { RECORDED_ROOMS, RecordedStepping } from "../../www/state/step/stepping.js";
import {
  address_at,
  carried_by,
  gradient_name,
  has_come_back,
  made_by,
  short,
  signed,
} from "../../www/views/step/diagram_facts.js";

const recording = JSON.parse(
  await readFile(new URL("../../www/lessons/recorded-step.json", import.meta.url), "utf8"),
);
const stepping = new RecordedStepping(recording);
const diagram = stepping.diagram(RECORDED_ROOMS[2][0]);

/** @param {object} changed */
const at = (changed) =>
  /** @type {any} */ ({
    phase: 1,
    part: "cell",
    pass: "forward",
    timestep: 2,
    line: stepping.description.cell.forward.head + 3,
    weight: -1,
    ...changed,
  });

/** The value on the wire with this name, from an element or from outside. @param {string} name @param {string} kind */
const value = (name, kind) => {
  const wire = diagram.wires.find((known) => known.name === name && known.carries.kind === kind);
  assert.ok(wire, `a wire carries ${name}`);
  return carried_by(stepping, diagram, wire);
};

test("a number on a wire takes at most five letters", () => {
  assert.deepEqual(
    [0.731, -0.731, 0.05, -0.0123, 0.0042, 0.00071, -0.00071, 1.24, -12.3, 0, 0.998, 99.7, 1234].map(short),
    [".73", "−.73", ".050", "−.012", ".004", "7e−4", "−7e−4", "1.2", "−12", "0", "1.0", "100", "1234"],
  );
  assert.deepEqual([0.731, -0.731, 0].map(signed), ["+.73", "−.73", "0"]);
  for (let k = -12; k < 12; k++)
    for (const digit of [1, 4.7, 9.99, 9.95, 9.5])
      assert.ok(short(-digit * 10 ** k).length <= (Math.abs(k) > 9 ? 6 : 5), short(-digit * 10 ** k));
});

test("a wire shows its value once its line has run", () => {
  const f = made_by(/** @type {any} */ (diagram.elements.find((element) => element.name === "f")));
  assert.equal(address_at(stepping, at({ line: (f?.line ?? 0) - 1 }), f), null);
  assert.equal(address_at(stepping, at({ line: f?.line }), f)?.name, "f");
  assert.equal(address_at(stepping, at({ line: f?.line }), value("z_f", "element"))?.name, "z_f");
  assert.equal(
    address_at(stepping, at({ line: stepping.description.cell.forward.head }), value("c", "element")),
    null,
  );
  assert.deepEqual(
    address_at(stepping, at({ line: stepping.description.cell.forward.head }), value("c", "parameter"))?.line,
    stepping.description.cell.forward.head,
  );
});

test("on the way back a wire carries the gradient: of the new state first, of the state before last", () => {
  const { backward } = stepping.description.cell;
  const writes = (/** @type {string} */ name) =>
    backward.lines
      .filter((line) => !line.repeats && line.writes.some((written) => written.name === name))
      .map((line) => line.line);
  const [completed, before] = writes("d_c");
  const back = (/** @type {number} */ line) => at({ pass: "backward", phase: 6, line });
  const [c, c_before] = [value("c", "element"), value("c", "parameter")];
  assert.equal(address_at(stepping, back(backward.head), c)?.line, backward.head);
  assert.equal(address_at(stepping, back(completed), c)?.line, completed);
  assert.equal(address_at(stepping, back(before), c)?.line, completed);
  assert.equal(address_at(stepping, back(before - 1), c_before), null);
  assert.equal(address_at(stepping, back(before), c_before)?.line, before);
  assert.equal(address_at(stepping, back(backward.last), value("x", "parameter"))?.name, "d_x");
  assert.equal(address_at(stepping, back(backward.last), value("z_f", "element"))?.name, "dz_f");
  assert.equal(gradient_name("z_f"), "dz_f");
});

test("on the way back a wire is drawn as computed once the adjoint has computed what flows along it", () => {
  const { head, lines } = stepping.description.cell.backward;
  const arrived = (/** @type {object} */ changed) =>
    diagram.wires.filter((wire) => has_come_back(at({ pass: "backward", phase: 6, ...changed }), wire));
  assert.deepEqual(
    arrived({ line: head }).map((wire) => wire.leaves),
    ["h", "c"],
  );
  const tanh = diagram.elements.findIndex((element) => element.name === null && element.rows[0] === "tanh");
  const to_tanh = diagram.wires.find((wire) => wire.to === tanh);
  const from_tanh = diagram.wires.find(({ carries }) => carries.kind === "element" && carries.index === tanh);
  assert.ok(tanh >= 0 && to_tanh && from_tanh);
  // d_c = d_c + d_h * o * (1 - np.tanh(c) ** 2) is the way through tanh.
  const through = lines.find((line) => !line.repeats && line.writes.some(({ name }) => name === "d_c"));
  for (const wire of [to_tanh, from_tanh]) {
    assert.ok(!arrived({ line: head }).includes(wire));
    assert.ok(arrived({ line: through?.line }).includes(wire));
  }
  assert.equal(arrived({ line: lines[lines.length - 1].line }).length, diagram.wires.length);
  assert.equal(arrived({ phase: 7, line: lines[0].line }).length, diagram.wires.length);
  assert.equal(arrived({ part: "output", line: 99 }).length, 0);
});

test("the length of a gradient has two digits and no power of ten where it can be read", () => {
  assert.deepEqual([0, 0.4, 0.404, 2.891, 0.000229, 123.4, 98765, 1.24e9, 0.0000123].map(brief), [
    "0",
    "0.40",
    "0.40",
    "2.9",
    "0.00023",
    "123",
    "98765",
    "1.2e9",
    "1.2e−5",
  ]);
});
