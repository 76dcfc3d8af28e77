import { expect, test } from "bun:test";
import fc from "fast-check";
import temml from "temml";
import { mathWriter } from "../../../src/web/markdown/formula.ts";
import { plainHtml } from "../../../src/web/markdown/raw-html.ts";

test.each<[string, string]>([
  ["a <b>bold</b> <kbd>Ctrl</kbd><br/> word", "a <b>bold</b> <kbd>Ctrl</kbd><br/> word"],
  ['<p align="center">x</p>', '<p align="center">x</p>'],
  ["<details open><summary>s</summary></details>", "<details open><summary>s</summary></details>"],
  ["use the <form> tag", "use the &lt;form> tag"],
  ["Vec<String> and <T>", "Vec&lt;String> and &lt;T>"],
  ["<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"],
  ["<!-- a comment -->", "&lt;!-- a comment -->"],
  ['<b onclick="x()">', '&lt;b onclick="x()">'],
  ['<div id="app" class="modal">', '&lt;div id="app" class="modal">'],
  ["<button>Go</button><bold>", "&lt;button>Go&lt;/button>&lt;bold>"],
])("raw HTML: %s", (html, plain) => {
  expect(plainHtml(html)).toBe(plain);
});

const write = mathWriter(temml);

test("a formula is MathML without styles of its own", () => {
  expect(write("\\color{red}{x^2}", true)).toMatch(/^<math[^>]*display="block"/);
  expect(write("\\color{red}{x^2}", true)).not.toContain("style=");
});

test.each([
  "\\frac{1}{",
  "\\begin{foo}",
  "\\undefined{x}",
  "x^",
  "\\includegraphics{https://example.com/x}^2",
])("a formula that cannot be read is shown as it was written: %s", (formula) => {
  expect(write(formula, false)).toBe(`<code>${formula}</code>`);
});

test("no formula breaks the page", () => {
  const piece = fc.constantFrom(
    ..."\\frac \\sqrt \\left( \\right) \\begin{matrix} \\end{matrix} & \\\\ ^ _ { } [ ] x 1 + \\text{a} \\href{a}{b} \\htmlData{x=y}{z} \\style{color:red}{z} \\includegraphics{a} \\class{m}{z} % # ~ ' \\over \\middle| \\limits \\not".split(
      " ",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (pieces, display) => {
      expect(write(pieces.join(" "), display)).toMatch(/^<(math|code)/);
    }),
    { numRuns: 2_000 },
  );
});
