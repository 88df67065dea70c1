import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { CELLS } from "../../www/generated/cells.js";

/** `f * c + i * g` as an equation: `f⊙ct−1+i⊙g`. @param {string} text @param {(name: string) => string} index */
function equation(text, index) {
  const signs = /** @type {Record<string, string>} */ ({ "*": "⊙", "@": "", "-": "−", " ": "" });
  return text
    .split(/(np\.\w+|[A-Za-z_]\w*|.)/)
    .map((part) => {
      if (part in signs) return signs[part];
      if (part.startsWith("np.")) return part.slice(3);
      return /^[A-Za-z_]/.test(part) ? part + index(part) : part;
    })
    .join("");
}

/** The equations of a cell's states, in the order of its listing. @param {(typeof CELLS)[number]} cell */
function equations({ states, lines }) {
  /** @type {string[]} */
  const made = [];
  return lines.flatMap(([name, text]) => {
    const right = equation(text, (symbol) => {
      if (symbol === "x" || made.includes(symbol)) return "t";
      return states.includes(symbol) ? "t−1" : "";
    });
    if (!states.includes(name)) return [];
    made.push(name);
    return [`${name}t=${right}`];
  });
}

test("the_equations_of_the_article_are_those_of_the_listings", async () => {
  const page = await readFile(new URL("../../index.html", import.meta.url), "utf8");
  const cells = CELLS.filter(({ keras }) => keras !== null);
  assert.equal(cells.length, 3);
  for (const cell of cells) {
    const [, section = ""] =
      new RegExp(`<section data-for-cell="${cell.keras}"(.*?)</section>`, "s").exec(page) ?? [];
    const written = [...section.matchAll(/<math[^>]*>(.*?)<\/math>/gs)].map(([, math]) =>
      math.replace(/<[^>]*>/g, ""),
    );
    assert.deepEqual(written, equations(cell), cell.keras ?? "");
  }
});
