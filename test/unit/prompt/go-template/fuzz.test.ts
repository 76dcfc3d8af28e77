import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Budget, OverBudget } from "../../../../src/lib/budget.ts";
import { GoTemplateError } from "../../../../src/prompt/go-template/error.ts";
import { executeGoTemplate } from "../../../../src/prompt/go-template/execute.ts";
import { tokenize } from "../../../../src/prompt/go-template/lexer.ts";
import { parseGoTemplate } from "../../../../src/prompt/go-template/parser.ts";
import { fromJson, type GoValue, goMap } from "../../../../src/prompt/go-template/value.ts";
import { noon } from "../jinja/noon.ts";

/** Runs, and lets nothing but a GoTemplateError pass. */
function survives(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(GoTemplateError);
  }
}

const words = [
  ..."{{|}}|{{- | -}}|if|else|end|range|with|define|template|block|break|continue|nil|true".split("|"),
  ..."eq|and|or|not|len|index|slice|print|printf|json|html|js|urlquery|call|lt".split("|"),
  ...'$x := | = |$x|$|.|.A|.Messages|(|)|,|"%[2]*d"|"s"|`r`|\'c\'|0x1|1.5e3|-1|9223372036854775807'.split(
    "|",
  ),
  "|",
  " ",
  "\n",
  "{{ end }}",
  "{{ range .Messages }}",
  "/* */",
  "é🦙",
  "\u0000",
];
const templateText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((parts) => parts.join("")),
  fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((parts) => `{{ ${parts.join(" ")} }}`),
);
const data = fromJson({ A: "text", Messages: [{ Role: "user", Content: null }, 1, "x"] });

describe("arbitrary text", () => {
  test("parses, or fails with a GoTemplateError", () => {
    fc.assert(
      fc.property(templateText, (text) => survives(() => parseGoTemplate(text))),
      { numRuns: 5000 },
    );
  });

  test("what parses runs, or fails with a GoTemplateError", () => {
    const property = fc.property(templateText, (text) =>
      survives(() => executeGoTemplate(parseGoTemplate(text), data, noon)),
    );
    fc.assert(property, { numRuns: 5000 });
  });

  test("tokens cover the text once, in order: lexing is one pass", () => {
    const property = fc.property(templateText, (text) => {
      const tokens = tokenize(text);
      const lexed = tokens.filter(({ type }) => type !== "error" && type !== "eof");
      expect(lexed.length).toBeLessThanOrEqual(text.length);
      for (const [index, token] of lexed.entries()) {
        const next = tokens[index + 1];
        expect(text.startsWith(token.text, token.pos)).toBe(true);
        expect(next === undefined || token.pos + token.text.length <= next.pos).toBe(true);
      }
    });
    fc.assert(property, { numRuns: 2000 });
  });
});

describe("hostile templates end with a GoTemplateError", () => {
  const failure = (text: string): string => {
    try {
      executeGoTemplate(parseGoTemplate(text), data, noon);
    } catch (error) {
      expect(error).toBeInstanceOf(GoTemplateError);
      return String(error);
    }
    return "";
  };

  test.each([
    ["nested actions", `${"{{ if true }}".repeat(10_000)}`, "max nesting depth exceeded"],
    ["nested blocks", `${'{{ block "b" . }}'.repeat(10_000)}`, "max nesting depth exceeded"],
    [
      "a chain of else",
      `{{ if 1 }}${"{{ else if 1 }}".repeat(10_000)}{{ end }}`,
      "max nesting depth exceeded",
    ],
    ["parentheses", `{{ ${"(".repeat(100_000)} }}`, "max expression depth exceeded"],
    ["recursion", '{{ define "r" }}{{ template "r" }}{{ end }}{{ template "r" }}', "maximum template depth"],
    ["doubled text", '{{ $x := "x" }}{{ range 99 }}{{ $x = print $x $x }}{{ end }}', "text too long"],
    ["a template of a megabyte", "x".repeat(1 << 20), "more than 262144 characters"],
    ["doubled output", '{{ $x := printf "%9999d" 1 }}{{ range 99999 }}{{ $x }}{{ end }}', "text too long"],
  ])("%s", (_, text, message) => {
    expect(failure(text)).toContain(message);
  });

  const grown = (times: number, step = '$x = printf "%s%s" $x $x') =>
    `{{ $x := "<<<<<<<<<<<<<<<<" }}{{ range ${times} }}{{ ${step} }}{{ end }}`;
  const messages = `{{ range 1000000 }}{{ $l := json . }}{{ $l = html $.Prompt }}{{ end }}`;

  /** Each of them took seconds to days (D1 of the reliability report). */
  test.each([
    ["a long loop", "{{ range 9000000000000000000 }}{{ end }}"],
    ["nested loops", "{{ range 99999 }}{{ range 99999 }}x{{ end }}{{ end }}"],
    ["a long text escaped again and again", `${grown(16)}{{ range 1000000 }}{{ $l := html $x }}{{ end }}`],
    ["its length", `${grown(18)}{{ range 1000000 }}{{ $l := len $x }}{{ end }}`],
    ["a byte of it", `${grown(18)}{{ range 1000000 }}{{ $l := index $x 1 }}{{ end }}`],
    ["a piece of it", `${grown(18)}{{ range 1000000 }}{{ $l := slice $x 1 2 }}{{ end }}`],
    ["it quoted", `${grown(18)}{{ range 1000000 }}{{ $l := printf "%q" $x }}{{ end }}`],
    ["it compared", `${grown(18)}{{ range 1000000 }}{{ $l := lt $x $x }}{{ end }}`],
    ["a long prompt", messages],
    ["many variables", `${"{{ $v := 1 }}".repeat(10_000)}{{ range 1000000 }}{{ $w := $ }}{{ end }}`],
    ["a large map sorted again and again", "{{ range 1000000 }}{{ range $.Map }}{{ end }}{{ end }}"],
    ["a long format", `${grown(14)}{{ range 1000000 }}{{ $l := printf $x }}{{ end }}`],
  ])("over the budget: %s", (_, text) => {
    const members = Array.from({ length: 2_000 }, (_, at): [string, GoValue] => [`k${at}`, 1n]);
    const wide = goMap([
      ["Prompt", "<".repeat(1_000_000)],
      ["Map", goMap(members)],
    ]);
    expect(() => executeGoTemplate(parseGoTemplate(text), wide, noon, new Budget(500_000))).toThrow(
      OverBudget,
    );
  });

  test("depth that parses also runs and is named in errors without overflowing the stack", () => {
    const depth = 490;
    const deep = `${"{{ if true }}".repeat(depth)}{{ $.A.B }}${"{{ end }}".repeat(depth)}`;
    expect(failure(deep)).toContain("can't evaluate field B");
    expect(failure(`{{ ${"(".repeat(depth)} len 1 ${")".repeat(depth)} }}`)).toContain("len of type int");
  });

  test("many variables and many fields", () => {
    const variables = Array.from({ length: 10_000 }, (_, index) => `{{ $v${index} := 1 }}`).join("");
    expect(failure(`${variables}${"{{ $v0 }}".repeat(1_000)}{{ $nope }}`)).toContain("undefined variable");
    expect(failure(`{{ .A${".B".repeat(100_000)} }}`)).toContain("can't evaluate field B");
  });
});
