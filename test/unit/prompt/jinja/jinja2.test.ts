import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { jinjaTemplate } from "../../../../src/prompt/jinja/template.ts";
import { noon } from "./noon.ts";

/** What the real Jinja2 made of small templates; `render.py` beside it is the program. */
const { variables, cases } = JSON.parse(
  readFileSync(join(import.meta.dir, "../../../golden/jinja/filters.golden.json"), "utf8"),
) as { variables: Record<string, unknown>; cases: [template: string, text: string][] };

/** Tuples are lists here, and nothing is written as no text, as llama.cpp's and the package's users are used to. */
const DIFFERENT: Record<string, string> = {
  "{{ [1, true, none, 'x'] | join('-') }}": "1-True--x",
  "{{ {'b': 1, 'a': 2} | dictsort }}": "[['a', 2], ['b', 1]]",
  "{{ {'b': 1, 'a': 2} | dictsort(false, 'value') }}": "[['b', 1], ['a', 2]]",
  "{{ {'a': 1}.items() | list }}": "[['a', 1]]",
  "{{ 'a=b=c'.partition('=') }}": "['a', '=', 'b=c']",
  "{{ 'a=b=c'.rpartition('=') }}": "['a=b', '=', 'c']",
  "{{ 'abc'.partition('x') }}": "['abc', '', '']",
  "{{ 'abc'.rpartition('x') }}": "['', '', 'abc']",
  "{{ none | default('x') }}": "",
  "{{ 'x' ~ true ~ 1.0 ~ none }}": "xTrue1.0",
  // A key that is a number is a text in a mapping, so a number equals its text.
  "{{ 1 == 1.0 ~ '' }}": "True",
};
/** What the package does not parse as Jinja2 does. */
const REFUSED = ["{{ 1 < 2 < 3 }}"];

test.each(cases)("%s", (template, text) => {
  const render = () => jinjaTemplate(template).render(structuredClone(variables), noon);
  if (REFUSED.includes(template)) expect(render).toThrow();
  else expect(render()).toBe(DIFFERENT[template] ?? text);
});
